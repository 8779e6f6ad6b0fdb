// The native code of one virtual instruction, byte by byte: its stretches in order, each branch where it stands, dispatches marked.
import { hexadecimal } from "../../branch.ts";
import { type Drawn, drawn } from "./elements.ts";

export interface DrawnBody {
  readonly title: string;
  /** Byte addresses, the end not included, in the order in which they execute. */
  readonly code: readonly { readonly start: number; readonly end: number }[];
  readonly branches: readonly { readonly address: number; readonly after: number; readonly text: string; readonly dispatch: boolean }[];
}

const [WIDTH, BAR, LINE] = [560, 26, 20];
/** Wide enough for "0x401034: " and a kind of branch. */
const MARGIN = 8;

export function drawBody({ title, code, branches }: DrawnBody): Drawn {
  const bytes = code.reduce((sum, { start, end }) => sum + end - start, 0);
  const scale = Math.min(12, (WIDTH - 2 * MARGIN) / Math.max(1, bytes));
  const starts = code.map((_, i) => code.slice(0, i).reduce((sum, { start, end }) => sum + end - start, 0));
  /** Where a byte is drawn; undefined if it is in none of the stretches. */
  const placeOf = (address: number): number | undefined => {
    const at = code.findIndex(({ start, end }) => address >= start && address < end);
    return at < 0 ? undefined : MARGIN + (starts[at] + address - code[at].start) * scale;
  };
  const text = (x: number, y: number, content: string, more: Record<string, string | number> = {}): Drawn =>
    drawn("text", { x, y, "font-size": 12, fill: "currentColor", ...more }, content);
  const stretches = code.flatMap(({ start, end }, i) => [
    drawn(
      "rect",
      {
        x: MARGIN + starts[i] * scale,
        y: LINE,
        width: (end - start) * scale,
        height: BAR,
        fill: "currentColor",
        "fill-opacity": i % 2 === 0 ? 0.08 : 0.16,
        stroke: "currentColor",
      },
      drawn("title", {}, `${hexadecimal(start)} to ${hexadecimal(end)}: ${end - start} bytes`),
    ),
    text(MARGIN + starts[i] * scale, LINE - 6, hexadecimal(start)),
  ]);
  const marks = branches.flatMap(({ address, after, text: said, dispatch }, i) => {
    const x = placeOf(address);
    const y = LINE + BAR + LINE * (i + 1);
    const label = text(MARGIN, y, `${dispatch ? "◆" : "◇"} ${hexadecimal(address)}: ${said}`, dispatch ? { "font-weight": 700 } : {});
    if (x === undefined) return [label];
    const box = { x, y: LINE, width: Math.max(2, (after - address) * scale), height: BAR };
    const mark = drawn("rect", { ...box, fill: dispatch ? "#d55e00" : "#0072b2" }, drawn("title", {}, said));
    const sign = text(x + box.width / 2, LINE + 18, dispatch ? "◆" : "◇", { "text-anchor": "middle", fill: "#ffffff" });
    return [mark, sign, label];
  });
  const height = LINE + BAR + LINE * (branches.length + 1);
  return drawn(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img", "aria-label": title, "font-family": "ui-monospace, monospace" },
    ...stretches,
    ...marks,
  );
}
