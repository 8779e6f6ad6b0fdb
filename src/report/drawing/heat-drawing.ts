// A heat map without a chart library: cells with their numbers, the deeper the colour the larger, as SVG.
import { type Drawn, drawn } from "./elements.ts";

export interface HeatMap {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Row by row; undefined: an empty cell. */
  readonly cells: readonly (readonly ({ readonly text: string; readonly depth: number } | undefined)[])[];
}

/** Blue of Okabe and Ito's colours, which colour-blind readers can tell from paper, light or dark. */
const COLOUR = "#0072b2";
const [CELL_WIDTH, CELL_HEIGHT, FONT_SIZE, HEAD_HEIGHT] = [58, 24, 12, 96];
/** Width of a letter at that size, at most. */
const LETTER = 7.2;
const LONGEST = 28;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** @param colours whether the picture stands alone, and so has a paper of its own */
export function drawHeatMap({ title, rows, columns, cells }: HeatMap, alone = false): Drawn {
  const left = Math.ceil(Math.max(4, ...rows.map((row) => shortened(row).length)) * LETTER) + 12;
  const width = left + columns.length * CELL_WIDTH + HEAD_HEIGHT;
  const height = HEAD_HEIGHT + rows.length * CELL_HEIGHT + 4;
  const text = (x: number, y: number, content: string, more: Readonly<Record<string, string | number | undefined>> = {}): Drawn =>
    drawn("text", { x, y, "font-size": FONT_SIZE, fill: "currentColor", ...more }, drawn("title", {}, content), shortened(content));
  const heads = columns.map((column, i) => {
    const [x, y] = [left + (i + 0.5) * CELL_WIDTH, HEAD_HEIGHT - 8];
    return text(x, y, column, { transform: `rotate(-35 ${x} ${y})` });
  });
  const lines = rows.flatMap((row, r) => {
    const y = HEAD_HEIGHT + r * CELL_HEIGHT;
    const head = text(left - 8, y + 16, row, { "text-anchor": "end" });
    const boxes = columns.flatMap((column, c) => {
      const cell = cells[r]?.[c];
      const x = left + c * CELL_WIDTH;
      const frame = { x: x + 1, y: y + 1, width: CELL_WIDTH - 2, height: CELL_HEIGHT - 2 };
      if (cell === undefined) return [];
      const box = drawn(
        "rect",
        { ...frame, fill: COLOUR, "fill-opacity": Math.round(cell.depth * 100) / 100, stroke: "currentColor", "stroke-opacity": 0.25 },
        drawn("title", {}, `${row}, ${column}: ${cell.text}`),
      );
      const ink = cell.depth > 0.55 ? { fill: "#ffffff" } : {};
      return [box, text(x + CELL_WIDTH / 2, y + 16, cell.text, { "text-anchor": "middle", ...ink })];
    });
    return [head, ...boxes];
  });
  const paper = alone ? [drawn("rect", { width, height, fill: "#ffffff" })] : [];
  return drawn(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": title,
      "font-family": "system-ui, sans-serif",
      ...(alone ? { color: "#1a1a1a" } : {}),
    },
    ...paper,
    ...heads,
    ...lines,
  );
}
