// Damaged executables, a few of them; `npm run fuzz` has more.
import { describe, it } from "vitest";
import { runHostileFiles, SEEDS } from "./hostile.ts";

describe("damaged bytecode", () => {
  it.each(SEEDS.map((bytes, i) => [i, bytes] as const))("is run or refused in one line, in time (%i)", (_, bytes) => {
    runHostileFiles(bytes, 40, 1);
  });
});
