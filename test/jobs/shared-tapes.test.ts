// Tapes that one command shares: a program that several simulations ask for runs once.
import { expect, it } from "vitest";
import { findProgram, type Program } from "../../dist/src/guests/programs.js";
import { createSharedTapes } from "../../dist/src/jobs/shared-tape.js";

async function counted(id: string): Promise<{ readonly program: Program; starts(): number }> {
  const found = await findProgram(id);
  let starts = 0;
  const program: Program = {
    ...found,
    start(size, maxInstructions) {
      starts++;
      return found.start(size, maxInstructions);
    },
  };
  return { program, starts: () => starts };
}

it("run a program once, and play the same blocks after that", async () => {
  const { program, starts } = await counted("queens");
  const tapes = createSharedTapes(undefined);
  expect(tapes.find(program, "test", 1e7)).toBeUndefined();
  const { executedBlocks } = tapes.tapeOf(program, "test", 1e7);
  expect(tapes.tapeOf(program, "test", 1e7).executedBlocks).toBe(executedBlocks);
  let played = 0;
  tapes.start(program, "test", 1e7).run((_, length) => {
    played += length;
  });
  expect(played).toBe(executedBlocks);
  expect(starts()).toBe(1);
  tapes.start(program, "test", 1e6);
  expect(starts()).toBe(2);
});
