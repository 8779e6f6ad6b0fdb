// The `bplab` command that computes what the page shows, to be copied.
import { shellWords } from "../sweep/shell-words.ts";
import type { State } from "./state.ts";

/** The command, for a shell; files of the page are named as they must be saved. */
export function commandOf(state: State): string {
  const { program, size, techniques, predictors, machines, penalty, ipc, view, loop, left } = state;
  if (view === "steps") {
    // explain shows one way at a time, the left one
    const { technique, frontEnd } = left ?? { technique: "switch", frontEnd: "btb" };
    return shellWords(["bplab", "explain", loop, `--technique=${technique}`, `--predictor=${frontEnd}`]);
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
