// Techniques compared in cycles over programs: a processor's, or a machine's by estimate. Claims ask a clock where users want one.

/** How many times one technique's cycles another takes. */
export interface CycleRatio {
  /** The geometric mean over programs. */
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  readonly programs: number;
}

/** Cycles of a program under a technique. */
export interface ProgramCycles {
  readonly program: string;
  readonly technique: string;
  readonly cycles: number;
}

export interface Clock {
  /** Where its cycles come from, as in "by the clock (AMD EPYC, gcc)". */
  readonly by: string;
  /** How many times the cycles of the second technique the first takes; undefined where no program has both. */
  times(slower: string, faster: string): CycleRatio | undefined;
}

export function createClock(by: string, rows: readonly ProgramCycles[]): Clock {
  const cyclesOf = (wanted: string): Map<string, number> =>
    new Map(rows.filter(({ technique }) => technique === wanted).map(({ program, cycles }) => [program, cycles]));
  return {
    by,
    times(slower, faster) {
      const base = cyclesOf(faster);
      const ratios = [...cyclesOf(slower)].flatMap(([program, cycles]) => {
        const other = base.get(program);
        return other === undefined ? [] : [cycles / other];
      });
      if (ratios.length === 0) return undefined;
      return {
        mean: Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length),
        least: Math.min(...ratios),
        most: Math.max(...ratios),
        programs: ratios.length,
      };
    },
  };
}

/** "2.01 times (1.52 to 2.60 over 17 programs)". */
export const ratioText = ({ mean, least, most, programs }: CycleRatio): string =>
  `${mean.toFixed(2)} times (${least.toFixed(2)} to ${most.toFixed(2)} over ${programs} ${programs === 1 ? "program" : "programs"})`;
