// Axes of charts: logarithmic if values span decades, with the usual ticks.

/** Values that differ by this factor or more need a logarithmic axis. */
const DECADES = 100;

/** The scale of a measure: linear from zero, or logarithmic with room for zero. */
export interface AxisMeasure {
  readonly scale: { readonly type?: "symlog" | "linear"; readonly constant?: number; readonly domain: [number, number] };
  readonly axis: { readonly values?: number[]; readonly format?: string };
  /** Whether it is logarithmic. */
  readonly decades: boolean;
  /** The position of a value on the axis, from 0 to 1. */
  readonly place: (value: number) => number;
}

/** @param values what is drawn, none below zero */
export function measureScale(values: readonly number[]): AxisMeasure {
  const positive = values.filter((value) => value > 0);
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  if (positive.length === 0 || high / low < DECADES) {
    const top = positive.length === 0 ? 1 : nice(high);
    return { scale: { domain: [0, top] }, axis: {}, decades: false, place: (value) => value / top };
  }
  // values far below the top decades are close to zero, and get no room of their own
  const floor = 10 ** Math.max(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) - 5);
  const ticks = [0];
  for (let tick = floor; tick <= high * 1.0001; tick *= 10) ticks.push(Number(tick.toPrecision(6)));
  const bend = (value: number): number => Math.log1p(value / floor);
  return {
    scale: { type: "symlog", constant: floor, domain: [0, high] },
    axis: { values: ticks, format: ",~r" },
    decades: true,
    place: (value) => bend(value) / bend(high),
  };
}

/** The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value * 0.999999) ?? 10;
  return Number((step * power).toPrecision(6));
}

/** The powers of two among and between some sizes. */
export function powersOfTwo(sizes: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let tick = 2 ** Math.floor(Math.log2(Math.min(...sizes))); tick <= Math.max(...sizes); tick *= 2) ticks.push(tick);
  return ticks.filter((tick) => tick >= Math.min(...sizes));
}
