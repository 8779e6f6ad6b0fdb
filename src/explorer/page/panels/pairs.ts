// Opcode × next opcode as a heat map: the contexts that a predictor has to tell apart.
import { whole } from "../../../numbers.ts";
import { drawHeatMap } from "../../../report/drawing/heat-drawing.ts";
import { draw, h } from "../dom.ts";
import { count, type Details } from "./details.ts";

/** Rows and columns of the heat map: the opcodes that dispatch most. */
const MOST_OPCODES = 14;

/** How often each opcode is followed by each, over the branches that dispatch most. */
export function drawPairs({ given }: Details): HTMLElement | undefined {
  const times = new Map<string, Map<string, number>>();
  for (const row of given.targets) {
    const of = times.get(String(row.owner)) ?? new Map<string, number>();
    times.set(String(row.owner), of.set(String(row.target_owner), (of.get(String(row.target_owner)) ?? 0) + count(row, "branches")));
  }
  if (times.size === 0) return undefined;
  const sumOf = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((sum, value) => sum + value, 0);
  const rows = [...times].sort((a, b) => sumOf(b[1]) - sumOf(a[1])).slice(0, MOST_OPCODES);
  const columnSums = new Map<string, number>();
  for (const [, of] of rows) for (const [next, value] of of) columnSums.set(next, (columnSums.get(next) ?? 0) + value);
  const columns = [...columnSums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_OPCODES)
    .map(([next]) => next);
  const cells = rows.map(([, of]) =>
    columns.map((next) => {
      const value = of.get(next);
      return value === undefined ? undefined : { text: whole(value), depth: value / sumOf(of) };
    }),
  );
  const name = "Opcode (row) × next opcode (column): how often; the colour is the share of the row";
  return h(
    "details",
    { open: true },
    h("summary", {}, "Opcode × next opcode"),
    h("p", { class: "faint" }, `${name}. A row of one deep cell has one target; with two or more the branch needs a history.`),
    h(
      "div",
      { class: "scroll", role: "region", "aria-label": name, tabindex: 0 },
      draw(drawHeatMap({ title: name, rows: rows.map(([owner]) => owner), columns, cells })),
    ),
  );
}
