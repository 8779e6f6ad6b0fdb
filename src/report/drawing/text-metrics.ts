// How wide texts are in DejaVu Sans, the font of our pictures, and texts in lines that are not wider than something.

/** Widths of characters, in parts of the font's size. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'|! ]/, 0.33],
  [/[frt()[\]\-/]/, 0.42],
  [/[mwMW%@+=<>]/, 0.92],
  [/[A-Z]/, 0.69],
];

/**
 * The width of a text in a wide sans-serif font such as DejaVu Sans. Without a canvas, Vega assumes that every character is 0.8 of
 * the font's size wide, which leaves gaps in charts.
 */
export function textWidth(text: string, size: number, bold: boolean): number {
  let ems = 0;
  for (const sign of text) ems += WIDTHS.find(([signs]) => signs.test(sign))?.[1] ?? 0.61;
  return Math.ceil(ems * size * (bold ? 1.12 : 1));
}

/** A text in lines of at most so many pixels; a word that is longer is a line of its own. */
export function linesWithin(text: string, width: number, size: number, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length === 0 || textWidth(longer, size, bold) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
