// Damaged modules, a few of them; `npm run fuzz` has more.
import { describe, expect, it } from "vitest";
import { runHostileModules, SEEDS } from "./hostile.ts";

describe("damaged modules", () => {
  it.each(SEEDS.map((bytes, i) => [i, bytes] as const))("are run or refused in one line, in time (%i)", (_, bytes) => {
    expect(runHostileModules(bytes, 200, 1)).toBeGreaterThan(10);
  });
});
