// `npm run fuzz`: 20000 hostile files through each reader of recorded branches. FUZZ_SEED=n tries others, FUZZ_CASES=n so many.
import { describe, it } from "vitest";
import { READERS, readHostileFiles } from "./hostile.ts";

const CASES = Number(process.env.FUZZ_CASES ?? 20_000);
const seed = Number(process.env.FUZZ_SEED ?? 2);

describe(`hostile files, seed ${seed}`, () => {
  it.each(READERS)(`${CASES} of them are read or refused in one line, in time (.%s)`, async (reader) =>
    readHostileFiles(reader, CASES, seed),
  );
});
