// Where the literature lies: bands that measured numbers are compared with, and never the other way round. Programs here are
// not those of the papers, so a number outside its band is shown and explained, not tuned away.
//
// Published figures: M. A. Ertl and D. Gregg, JILP 5, 2003 (81 to 98 % of dispatches mispredicted with switch, 50 to 63 % with
// threaded code, as summaries of the paper quote it); M. Berndl and others, CGO 2005, abstract (95 % fewer mispredicted
// branches with context threading on a Pentium 4). The bands are wider, because ours are other programs.

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** Rates of mispredicted dispatches, as fractions. */
export const SWITCH_ON_BTB: Band = { low: 0.75, high: 1 };
export const THREADED_ON_BTB: Band = { low: 0.35, high: 0.75 };
/** Two-level predictors with four or more targets of history, and ITTAGE. */
export const BY_HISTORY: Band = { low: 0, high: 0.15 };
/** Share of direct threading's mispredictions that context threading saves, branches of all kinds counted. */
export const FEWER_BY_CONTEXT_THREADING: Band = { low: 0.85, high: 1 };

export const within = (value: number, { low, high }: Band): boolean => value >= low && value <= high;

/** "93.4 %". */
export const percent = (rate: number, digits = 1): string => `${(rate * 100).toFixed(digits)} %`;
