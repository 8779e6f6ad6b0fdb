// The guest: virtual instructions a second with nobody listening, with a listener, and without a trace at all. Programs run
// again and again on one machine, because V8 needs tens of millions of virtual instructions to settle.
import { fileURLToPath } from "node:url";
import { createRecorder } from "../src/guests/forth/console.ts";
import type { Forth } from "../src/guests/forth/forth.ts";
import { createForth } from "../src/guests/forth/system.ts";
import createBare from "./bare/threaded-code.ts";
import { type Contestant, race } from "./race.ts";
import type { Result } from "./result.ts";
import { importUntraced } from "./untraced.ts";

const ROUNDS = 6;
/** What the issue allows: a traced run takes at most 1.5 times as long. */
const BOUND = { atLeast: 1 / 1.5 };

const FIB = ": fib ( n -- f )  dup 2 < if  exit  then  dup 1- recurse  swap 2 - recurse  + ;";
const FIB_OF = 27;

/** A Forth in which a program of ours is loaded, ready to run its `main` again. */
function load(create: typeof createForth, id: string): Forth {
  const path = fileURLToPath(new URL(`../../traces/${id}.fs`, import.meta.url));
  const forth = create(createRecorder());
  forth.evaluateText(": full? true ;", "bench");
  forth.session(() => forth.included(path));
  return forth;
}

/** Instructions that a word executes. */
function executed(forth: Forth, word: string): number {
  const before = forth.machine.executed;
  forth.evaluateText(word, "bench");
  forth.machine.finish();
  return forth.machine.executed - before;
}

export async function benchGuest(ids: readonly string[]): Promise<Result[]> {
  const { createForth: createUntraced } = await importUntraced();
  const results: Result[] = [];
  let blocks = 0;
  const count = (_ids: Int32Array, length: number): void => {
    blocks += length;
  };
  for (const id of ids) {
    // a machine of its own for each: V8 throws code away when a listener comes and goes (0.74 of the rate after that)
    const forth = load(createForth, id);
    const heard = load(createForth, id);
    heard.machine.sink = count;
    const untraced = load(createUntraced, id);
    const instructions = executed(forth, "main") / 1e6;
    const contestants = [forth, heard, untraced].map(
      (contestant): Contestant =>
        () =>
          contestant.evaluateText("main", "bench"),
    );
    const [unheardSeconds, tracedSeconds, untracedSeconds] = race(contestants, 1, ROUNDS);
    const subject = `${id}, traced, blocks counted`;
    const value = instructions / tracedSeconds;
    const unit = "M instructions/s";
    results.push(
      { subject, value, unit, comparedWith: "nobody listening", comparedValue: instructions / unheardSeconds, bound: BOUND },
      { subject, value, unit, comparedWith: "no trace written", comparedValue: instructions / untracedSeconds, bound: BOUND },
    );
  }
  if (blocks === 0) throw new Error("bench/guest.ts: nothing was traced");
  return [...results, ...bareFib()];
}

function bareFib(): Result[] {
  const forth = createForth(createRecorder());
  forth.evaluateText(`${FIB} ' fib`, "bench");
  const { machine } = forth;
  const start = machine.arg[machine.pop()];
  const names = Array.from({ length: machine.here }, (_, at) => machine.shapes[machine.op[at]].name);
  const run = createBare({ names, operands: machine.arg.subarray(0, machine.here) });
  const instructions = executed(forth, `${FIB_OF} fib drop`) / 1e6;
  forth.evaluateText(`${FIB_OF} fib`, "bench");
  if (run(start, FIB_OF) !== machine.pop()) throw new Error("bench/guest.ts: the bare interpreter computes something else");
  const [guestSeconds, bareSeconds] = race(
    [() => forth.evaluateText(`${FIB_OF} fib drop`, "bench"), () => void run(start, FIB_OF)],
    1,
    2 * ROUNDS,
  );
  return [
    {
      subject: `fib ${FIB_OF}, nobody listening`,
      value: instructions / guestSeconds,
      unit: "M instructions/s",
      comparedWith: "bare interpreter",
      comparedValue: instructions / bareSeconds,
    },
  ];
}
