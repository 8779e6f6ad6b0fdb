// `npm run fuzz`: 27000 hostile files through every reader of recorded branches. FUZZ_SEED=n tries others.
import { describe, it } from "vitest";
import { READERS, readHostileFiles } from "./hostile.ts";

const CASES = 3000;
const seed = Number(process.env.FUZZ_SEED ?? 2);

describe(`hostile files, seed ${seed}`, () => {
  it.each(READERS)(`${CASES} of them are read or refused in one line, in time (.%s)`, async (reader) =>
    readHostileFiles(reader, CASES, seed),
  );
});
