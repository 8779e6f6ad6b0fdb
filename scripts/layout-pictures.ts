// Pictures of dispatch techniques for docs/glossary.md, drawn from their layouts: a row for each instruction of a loop, and in it the
// native code that it executes, at its place in memory. What stands in the same column is the same code.
import { CALL, INDIRECT_CALL, kindNames } from "../src/branch.ts";
import { createLowering } from "../src/dispatch/lowering.ts";
import type { NativeInstruction, Place, Site } from "../src/dispatch/native-code.ts";
import { readTechnique } from "../src/dispatch/techniques.ts";
import { wordLoop } from "../src/guests/words/guest.ts";
import { type Drawn, drawn, toMarkup } from "../src/report/drawing/elements.ts";

/** The loop of the literature: A is followed by B, then by GOTO. */
const LOOP = "A B A GOTO";

const [NAMES, BYTE, GAP, ROW, TOP, MARGIN] = [64, 4, 10, 30, 30, 8];
const [DISPATCH, OTHER, BODY] = ["#d55e00", "#0072b2", "#d9d9d9"];

/** Stretches of memory that code lies in, without the gaps between them. */
function stretchesOf(instructions: readonly NativeInstruction[]): Place[] {
  const sorted = instructions.flatMap(({ code }) => code).sort((a, b) => a.start - b.start);
  const merged: Place[] = [];
  for (const { start, end } of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && start <= last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else merged.push({ start, end });
  }
  return merged;
}

/** The instructions of the loop, as one turn of it executes them. */
async function instructionsOf(id: string): Promise<readonly NativeInstruction[]> {
  const program = wordLoop(LOOP);
  const technique = await readTechnique(id);
  const view = technique.view(program);
  const seen = view?.program ?? program;
  const code = technique.layout(seen, { layoutSeed: 0, profile: { programs: ["the loop"], runs: [{ opcodes: program.words, count: 1 }] } });
  const [loop] = view?.translate(Int32Array.of(0), 0, 0) ?? [0];
  return createLowering(seen, code).block(loop).instructions;
}

const executed = ({ when }: Site): boolean => when !== "never";

export async function layoutPicture(id: string): Promise<string> {
  const instructions = await instructionsOf(id);
  const stretches = stretchesOf(instructions);
  const starts = stretches.map((_, i) => stretches.slice(0, i).reduce((sum, { start, end }) => sum + (end - start) * BYTE + GAP, NAMES));
  const placeOf = (address: number): number | undefined => {
    const at = stretches.findIndex(({ start, end }) => address >= start && address < end);
    return at < 0 ? undefined : starts[at] + (address - stretches[at].start) * BYTE;
  };
  const last = stretches[stretches.length - 1];
  const right = starts[starts.length - 1] + (last.end - last.start) * BYTE;
  const text = (x: number, y: number, content: string, more: Record<string, string | number> = {}): Drawn =>
    drawn("text", { x, y, "font-size": 12, fill: "#1a1a1a", ...more }, content);
  const box = (place: Place, y: number, fill: string, said: string): Drawn[] => {
    const x = placeOf(place.start);
    if (x === undefined) return [];
    const size = { x, y, width: (place.end - place.start) * BYTE, height: ROW - 12 };
    return [drawn("rect", { ...size, fill, stroke: "#ffffff" }, drawn("title", {}, said))];
  };
  const words = LOOP.split(" ");
  const rows = instructions.flatMap(({ code, arrival = [], sites }, i): Drawn[] => {
    const y = TOP + i * ROW;
    const marks = [...arrival, ...sites].filter(executed).flatMap((site): Drawn[] => {
      const place = { start: site.address, end: site.after };
      const calls = (site.kind & (CALL | INDIRECT_CALL)) !== 0 ? " (comes back)" : "";
      return box(place, y, site.dispatch ? DISPATCH : OTHER, `${kindNames(site.kind)}${calls}${site.dispatch ? ", dispatches" : ""}`);
    });
    return [text(MARGIN, y + 13, words[i]), ...code.flatMap((place) => box(place, y, BODY, `code of ${words[i]}`)), ...marks];
  });
  const [width, height] = [Math.max(right + MARGIN, 380), TOP + instructions.length * ROW + 4];
  const legend: readonly (readonly [fill: string, said: string, x: number])[] = [
    [BODY, "code", NAMES],
    [DISPATCH, "dispatch branch", NAMES + 64],
    [OTHER, "other branch", NAMES + 196],
  ];
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `layout of ${id}`, "font-family": "sans-serif" },
    drawn("rect", { width, height, fill: "#ffffff" }),
    ...legend.flatMap(([fill, said, x]) => [drawn("rect", { x, y: 6, width: 12, height: 12, fill }), text(x + 18, 16, said)]),
    ...rows,
  );
  return `${toMarkup(picture).markup}\n`;
}
