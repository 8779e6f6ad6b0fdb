// The guest: virtual instructions a second with a listener and without one; the latter beside gforth-itc. Programs run
// again and again on one machine, because V8 needs tens of millions of virtual instructions to settle.
import { fileURLToPath } from "node:url";
import { createCapturingConsole } from "../src/guests/forth/console.ts";
import type { Forth } from "../src/guests/forth/forth.ts";
import { runSession } from "../src/guests/forth/session.ts";
import { createForth } from "../src/guests/forth/system.ts";
import createBare from "./bare/threaded-code.ts";
import { gforthInstalled, gforthSeconds } from "./gforth.ts";
import { type Contestant, race } from "./race.ts";
import type { Result } from "./result.ts";

/**
 * While a machine runs a program for the first two or three times, V8 throws the interpreter's code away again and again, each time
 * at an instruction that had not run before (lz: 8 to 10 times). With four rounds, of two machines that run the same code one
 * could show half the rate of the other (queens).
 */
const ROUNDS = 8;
/**
 * Goal: with a listener a run takes at most 1.3 times as long. Blocks are written to the trace whether anybody listens or not: the
 * two differ by one call of the listener for up to 32,768 virtual instructions.
 */
const HEARD = { atLeast: 1 / 1.3 };
/** Least acceptable ratio; the goal is a half. */
const BESIDE_GFORTH = { atLeast: 0.25 };
const UNIT = "M instructions/s";

const FIB = ": fib ( n -- f )  dup 2 < if  exit  then  dup 1- recurse  swap 2 - recurse  + ;";
const FIB_OF = 27;

const pathOf = (id: string): string => fileURLToPath(new URL(`../../traces/${id}.fs`, import.meta.url));

/** A Forth in which a program of ours is loaded, ready to run its `main` again. */
function load(id: string): Forth {
  const forth = createForth(createCapturingConsole());
  forth.interpreter.evaluateText(": full? true ;", "bench");
  runSession(forth, () => forth.sources.included(pathOf(id)));
  return forth;
}

/** Millions of instructions that a word executes. */
function executed(forth: Forth, word: string): number {
  const before = forth.machine.blocks.executed;
  forth.interpreter.evaluateText(word, "bench");
  forth.machine.blocks.finish();
  return (forth.machine.blocks.executed - before) / 1e6;
}

export function benchGuest(ids: readonly string[]): Result[] {
  let blocks = 0;
  const besideGforth = gforthInstalled();
  const results = ids.flatMap((id): Result[] => {
    // a separate machine for each: V8 discards code when a listener is added and removed (0.74 of the rate after that)
    const heard = load(id);
    heard.machine.blocks.sink = (_ids, length) => {
      blocks += length;
    };
    const unheard = load(id);
    const instructions = executed(heard, "main");
    const contestants = [heard, unheard].map(
      (contestant): Contestant =>
        () =>
          contestant.interpreter.evaluateText("main", "bench"),
    );
    const [heardRate, unheardRate] = race(contestants, 1, ROUNDS).map((seconds) => instructions / seconds);
    const counted = { subject: `${id}, blocks counted`, value: heardRate, unit: UNIT };
    const result = { ...counted, comparedWith: "nobody listening", comparedValue: unheardRate, bound: HEARD };
    if (!besideGforth) return [result];
    const gforthRate = instructions / gforthSeconds(pathOf(id));
    const plain = { subject: `${id}, nobody listening`, value: unheardRate, unit: UNIT };
    return [result, { ...plain, comparedWith: "gforth-itc", comparedValue: gforthRate, bound: BESIDE_GFORTH }];
  });
  if (blocks === 0) throw new Error("bench/guest.ts: nothing was traced");
  return [...results, bareFib()];
}

function bareFib(): Result {
  const forth = createForth(createCapturingConsole());
  forth.interpreter.evaluateText(`${FIB} ' fib`, "bench");
  const { machine } = forth;
  const start = machine.arg[machine.pop()];
  const names = Array.from({ length: machine.here }, (_, at) => machine.shapes[machine.op[at]].name);
  const run = createBare({ names, operands: machine.arg.subarray(0, machine.here) });
  const instructions = executed(forth, `${FIB_OF} fib drop`);
  forth.interpreter.evaluateText(`${FIB_OF} fib`, "bench");
  if (run(start, FIB_OF) !== machine.pop()) throw new Error("bench/guest.ts: the bare interpreter computes something else");
  const [guestSeconds, bareSeconds] = race(
    [() => forth.interpreter.evaluateText(`${FIB_OF} fib drop`, "bench"), () => void run(start, FIB_OF)],
    1,
    ROUNDS,
  );
  const [value, comparedValue] = [instructions / guestSeconds, instructions / bareSeconds];
  return { subject: `fib ${FIB_OF}, nobody listening`, value, unit: UNIT, comparedWith: "bare interpreter", comparedValue };
}
