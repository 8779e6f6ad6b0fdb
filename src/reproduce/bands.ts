// Bands from the literature that measured numbers are compared with. The programs are not those of the papers, so a number outside
// its band is shown and explained, and neither it nor the band is adjusted.
//
// Published figures: M. A. Ertl and D. Gregg, JILP 5, 2003 (81 to 98 % of dispatches mispredicted with switch, 50 to 63 % with
// threaded code, as summaries of the paper quote it); M. Berndl and others, CGO 2005, abstract (95 % fewer mispredicted
// branches with context threading on a Pentium 4). The bands are wider, because our programs differ. The published
// figures are given below for claims about the figures themselves.

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** Rates of mispredicted dispatches, as fractions. */
export const SWITCH_ON_BTB: Band = { low: 0.75, high: 1 };
/** Two-level predictors with four or more targets of history, and ITTAGE. */
export const BY_HISTORY: Band = { low: 0, high: 0.15 };
/** Share of direct threading's mispredictions that context threading saves, branches of all kinds counted. */
export const FEWER_BY_CONTEXT_THREADING: Band = { low: 0.85, high: 1 };

/** Dispatches mispredicted by a BTB, as summaries of Ertl and Gregg, JILP 2003, quote it. */
export const PUBLISHED_SWITCH: Band = { low: 0.81, high: 0.98 };
export const PUBLISHED_THREADED: Band = { low: 0.5, high: 0.63 };
/** Indirect branches per executed instruction: the same paper's abstract. */
export const PUBLISHED_INDIRECT: Band = { low: 0.032, high: 0.13 };
/** Accuracy of BTBs in existing interpreters: Ertl and Gregg, PLDI 2003, abstract. */
export const PUBLISHED_ACCURACY: Band = { low: 0.02, high: 0.5 };
/** Time that context threading saved over direct threading on a Pentium 4, OCaml and Java: Berndl and others, CGO 2005, abstract. */
export const PUBLISHED_LESS_TIME: Band = { low: 0.19, high: 0.25 };
/** Two rates closer than this count as the same: what is left of the difference between switch and threaded code on ITTAGE. */
export const NO_GAP = 0.02;
/** Fewer mispredictions by this part and more count as "nearly all": replication and superinstructions together. */
export const NEARLY_ALL = 0.8;

export const inBand = (value: number, { low, high }: Band): boolean => value >= low && value <= high;

/** A number with so many digits; never "-0.0". */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** "93.4 %". */
export const percent = (rate: number, digits = 1): string => `${fixed(rate * 100, digits)} %`;

/** "15.9 to 16.2 bytes", and "16.0 bytes" where both ends read the same. */
export const rangeText = (low: number, high: number, show: (value: number) => string): string =>
  show(low) === show(high) ? show(low) : `${show(low)} to ${show(high)}`;

/** "39.9 points": a difference of rates. */
export const points = (difference: number): string => `${fixed(difference * 100, 1)} points`;

/** Which programs' values lie in a band, and which on either side of it: "19 of 21 programs in it, below it sieve, above it life". */
export function spread(
  values: readonly (readonly [program: string, value: number])[],
  band: Band,
): { readonly all: boolean; readonly text: string } {
  const side = (name: string, lies: (value: number) => boolean): string[] => {
    const programs = values.filter(([, value]) => lies(value)).map(([program]) => program);
    return programs.length === 0 ? [] : [`${name} it ${programs.join(" ")}`];
  };
  const outside = [...side("below", (value) => value < band.low), ...side("above", (value) => value > band.high)];
  const inside = values.filter(([, value]) => inBand(value, band)).length;
  return { all: outside.length === 0, text: [`${inside} of ${values.length} programs in it`, ...outside].join(", ") };
}
