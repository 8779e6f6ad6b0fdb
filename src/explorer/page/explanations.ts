// What the lab has explained: each way to run a loop, or a stretch of a program, is asked for once.
import type { Explanation, ProgramExplanation } from "../../workbench/explanation.ts";
import { filesFor, OWN_PREDICTOR } from "../questions.ts";
import { type Pair, WINDOW } from "../state.ts";
import type { App } from "./app.ts";

/** What is known of one side. */
export interface Side {
  readonly explanation: Explanation | ProgramExplanation | undefined;
  readonly error: string | undefined;
}

/** So that two ways beside each other have as many steps, unless one learns longer. */
const LEAST_ITERATIONS = 4;

/** @param onAnswer called when a side is known */
export function createExplanations(app: Pick<App, "lab" | "state" | "files">, onAnswer: () => void) {
  const known = new Map<string, Side>();
  const running = new Map<string, AbortController>();
  const keyOf = ({ technique, frontEnd }: Pair): string => {
    const { loop, from, program, size, text, own } = app.state();
    const dropped = app.files().map(({ name, content }) => [name, content.length]);
    const subject = from === undefined ? loop : [from, program, size, text, dropped];
    return JSON.stringify([subject, technique, frontEnd, frontEnd.includes(OWN_PREDICTOR) ? own : ""]);
  };
  function ask({ technique, frontEnd: predictor }: Pair, signal: AbortSignal): Promise<Explanation | ProgramExplanation> {
    const { loop, from, program, size } = app.state();
    const files = filesFor(app.state(), predictor, app.files());
    if (from === undefined)
      return app.lab.ask("explain", { loop, technique, predictor, leastIterations: LEAST_ITERATIONS, files }, { signal });
    return app.lab.ask("steps", { input: program, size, technique, predictor, from, dispatches: WINDOW, files }, { signal });
  }
  return {
    /** Ends the work on all ways but these: what does not come to an end is ended by asking for something else. */
    keep(pairs: readonly Pair[]): void {
      const kept = pairs.map(keyOf);
      for (const [key, abort] of running) if (!kept.includes(key)) abort.abort(new Error("replaced"));
    },
    of(pair: Pair): Side {
      const key = keyOf(pair);
      const side = known.get(key);
      if (side !== undefined) return side;
      const waiting: Side = { explanation: undefined, error: undefined };
      known.set(key, waiting);
      const abort = new AbortController();
      running.set(key, abort);
      ask(pair, abort.signal)
        .then(
          (explanation): Side => ({ explanation, error: undefined }),
          (error: Error): Side => ({ explanation: undefined, error: error.message }),
        )
        .then((answered) => {
          running.delete(key);
          if (abort.signal.aborted) known.delete(key);
          else known.set(key, answered);
          onAnswer();
        });
      return waiting;
    },
  };
}

export type Explanations = ReturnType<typeof createExplanations>;

/** The next dispatch after `from` that is mispredicted on some side, or before it; undefined if there is none. */
export function nextMiss(sides: readonly (Explanation | ProgramExplanation)[], from: number, way: 1 | -1): number | undefined {
  const most = Math.max(...sides.map(({ dispatches }) => dispatches.length), 0);
  for (let at = from + way; at >= 0 && at < most; at += way) if (sides.some(({ dispatches }) => dispatches[at]?.hit === false)) return at;
  return undefined;
}
