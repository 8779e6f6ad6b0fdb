// Numbers as cells of tables.

export const dash = "–";

export const fixed = (value: number | null, digits: number, unit = ""): string =>
  value === null ? dash : `${value.toFixed(digits)}${unit}`;

/** A share of a hundred with at least two digits that say something, to a thousandth of a percent: 98.7 %, 2.1 %, 0.34 %, 0.012 %. */
export function percentText(value: number | null): string {
  if (value === null) return dash;
  const digits = value === 0 || value >= 0.995 ? 1 : value >= 0.0995 ? 2 : 3;
  return `${value.toFixed(digits)} %`;
}
