// The `bplab` command that computes what the page shows, to be copied.
import { shellWords } from "../sweep/shell-words.ts";
import { type State, WINDOW } from "./state.ts";

/** For a shell; files of the page are named as they must be saved. Of two ways beside each other each has a line. */
export function commandOf(state: State): string {
  const { program, size, techniques, predictors, machines, penalty, ipc, view, loop, from, left, right } = state;
  if (view === "steps") {
    const sides = [left, right].filter((pair) => pair !== undefined);
    return sides
      .map(({ technique, frontEnd }) => {
        const way = [`--technique=${technique}`, `--predictor=${frontEnd}`];
        if (from === undefined) return shellWords(["bplab", "explain", loop, ...way]);
        const window = [`--from=${from}`, `--dispatches=${WINDOW}`, ...(size === "test" ? [] : [`--size=${size}`])];
        return shellWords(["bplab", "explain", program, ...way, ...window]);
      })
      .join("\n");
  }
  const flags: readonly (readonly [flag: string, value: string | number | undefined])[] = [
    ["technique", techniques.join(",") || undefined],
    ["machine", machines.join(",") || undefined],
    ["predictor", predictors.join(",") || undefined],
    ["size", size === "test" ? undefined : size],
    ["penalty", penalty],
    ["ipc", ipc],
  ];
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`]));
  return shellWords(["bplab", "simulate", program, ...given]);
}
