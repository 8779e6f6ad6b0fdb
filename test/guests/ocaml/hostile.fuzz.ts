// `npm run fuzz`: thousands of damaged executables. FUZZ_SEED=n tries others.
import { describe, it } from "vitest";
import { runHostileFiles, SEEDS } from "./hostile.ts";

const CASES = 3000;
const seed = Number(process.env.FUZZ_SEED ?? 2);

describe(`damaged bytecode, seed ${seed}`, () => {
  it.each(SEEDS.map((bytes, i) => [i, bytes] as const))(`${CASES} cases are run or refused in one line, in time (%i)`, (_, bytes) => {
    runHostileFiles(bytes, CASES, seed);
  });
});
