// `npm run fuzz`: thousands of damaged modules. FUZZ_SEED=n tries others.
import { describe, expect, it } from "vitest";
import { runHostileModules, SEEDS } from "./hostile.ts";

const CASES = 10_000;
const seed = Number(process.env.FUZZ_SEED ?? 2);

describe(`damaged modules, seed ${seed}`, () => {
  it.each(SEEDS.map((bytes, i) => [i, bytes] as const))(`${CASES} cases are run or refused in one line, in time (%i)`, (_, bytes) => {
    const valid = runHostileModules(bytes, CASES, seed);
    expect(valid).toBeGreaterThan(CASES / 10);
  });
});
