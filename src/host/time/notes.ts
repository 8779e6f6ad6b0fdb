// Notes on timings: what disturbed them, and what the model does not contain.
import type { Size } from "../../guests/programs.ts";

/** A form whose quartiles differ by more than this share was disturbed. */
const QUARTILES_APART = 0.1;

/** Bytes of native stack, about what the second-level caches of current processors hold. */
const MUCH_STACK = 2 ** 20;

/** Whether a native stack is so large that its memory shows in real cycles. */
export const needsMuchStack = (stackBytes = 0): boolean => stackBytes > MUCH_STACK;

const MOST_NAMES = 3;

/**
 * Warnings about rows that were disturbed, or whose cost the model does not contain.
 * @param what names of the rows
 * @param rows the number of all rows
 */
export function disturbancesOf(what: { readonly moved: readonly string[]; readonly growing: readonly string[] }, rows: number): string[] {
  const named = (names: readonly string[]): string =>
    `${names.slice(0, MOST_NAMES).join("; ")}${names.length > MOST_NAMES ? `; and ${names.length - MOST_NAMES} more` : ""}`;
  const line = (names: readonly string[], said: string): string[] =>
    names.length === 0 ? [] : [`${said} in ${names.length} of ${rows} rows: ${named(names)}`];
  return [
    ...line(what.moved, "the clock moved during a run"),
    ...line(what.growing, "a growing native stack, whose memory the estimate leaves out,"),
  ];
}

interface Spread {
  readonly size: Size;
  readonly cycles: number;
  readonly quarter: number;
  readonly threeQuarters: number;
}

/** Warnings about rows whose runs are too short or differ too much. */
export function noiseIn(rows: readonly Spread[]): string[] {
  const apart = rows.filter(({ quarter, threeQuarters, cycles }) => threeQuarters - quarter > QUARTILES_APART * cycles);
  return [
    ...(rows.some(({ size }) => size === "test")
      ? [
          "size test takes less than a millisecond, mostly with empty caches and untrained predictors: --size=full tells how far a model is off",
        ]
      : []),
    ...(apart.length === 0
      ? []
      : [`noisy: in ${apart.length} of ${rows.length} rows the middle half of the runs is more than ${100 * QUARTILES_APART} % apart`]),
  ];
}

/** Says which forms are estimated with other bodies than those that ran. */
export function otherBodiesIn(rows: readonly Estimated[]): string[] {
  const names = rows.flatMap(({ technique, compiler, estimated }) => (estimated?.bodies === "guest" ? [`${technique}, ${compiler}`] : []));
  return names.length === 0
    ? []
    : [`estimated with the guest's bodies, because those of the binary have no addresses: ${[...new Set(names)].join("; ")}`];
}

interface Estimated {
  readonly technique: string;
  readonly compiler: string;
  readonly estimated: { readonly bodies: "binary" | "guest" } | undefined;
}
