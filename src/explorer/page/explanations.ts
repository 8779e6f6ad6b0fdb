// What the lab has explained: each way to run a loop is asked for once.
import type { Explanation } from "../../workbench/explain.ts";
import { filesFor, OWN_PREDICTOR } from "../questions.ts";
import type { Pair } from "../state.ts";
import type { App } from "./app.ts";

/** What is known of one side. */
export interface Side {
  readonly explanation: Explanation | undefined;
  readonly error: string | undefined;
}

/** So that two ways beside each other have as many steps, unless one learns longer. */
const LEAST_ITERATIONS = 4;

/** @param onAnswer called when a side is known */
export function createExplanations(app: Pick<App, "lab" | "state" | "files">, onAnswer: () => void) {
  const known = new Map<string, Side>();
  const keyOf = ({ technique, frontEnd }: Pair): string =>
    JSON.stringify([app.state().loop, technique, frontEnd, frontEnd.includes(OWN_PREDICTOR) ? app.state().own : ""]);
  return {
    of(pair: Pair): Side {
      const key = keyOf(pair);
      const side = known.get(key);
      if (side !== undefined) return side;
      const waiting: Side = { explanation: undefined, error: undefined };
      known.set(key, waiting);
      const { technique, frontEnd } = pair;
      app.lab
        .ask("explain", {
          loop: app.state().loop,
          technique,
          predictor: frontEnd,
          leastIterations: LEAST_ITERATIONS,
          files: filesFor(app.state(), frontEnd, app.files()),
        })
        .then(
          (explanation): Side => ({ explanation, error: undefined }),
          (error: Error): Side => ({ explanation: undefined, error: error.message }),
        )
        .then((answered) => {
          known.set(key, answered);
          onAnswer();
        });
      return waiting;
    },
  };
}

export type Explanations = ReturnType<typeof createExplanations>;

/** The next dispatch after `from` that is mispredicted on some side, or before it; undefined if there is none. */
export function nextMiss(sides: readonly Explanation[], from: number, way: 1 | -1): number | undefined {
  const most = Math.max(...sides.map(({ dispatches }) => dispatches.length), 0);
  for (let at = from + way; at >= 0 && at < most; at += way) if (sides.some(({ dispatches }) => dispatches[at]?.hit === false)) return at;
  return undefined;
}
