// Native bodies of compiled interpreters, measured one by one, from the files in native-code/. Guests take the facts about
// their opcodes from here, and `--bodies` gives a program those of another interpreter.
import { existsSync, readFileSync } from "#platform/fs";
import { UsageError } from "../errors.ts";
import { unknownName } from "../parameters.ts";
import type { Opcode } from "../trace/virtual.ts";
import { type DataTable, nativeCodeFiles, parseTable, readOwnTable } from "./native-code-files.ts";

/** Facts about an opcode from a measured body: its work, without any dispatch. */
export type BodyFacts = Pick<Opcode, "bodyBytes" | "nativeInstructions" | "conditionalBranches" | "helperCalls" | "relocatable">;

/** One body as it was measured, with the facts derived from it. */
export interface MeasuredBody {
  readonly opcode: string;
  /** From its entry to the next body's, dispatch included. */
  readonly bytes: number;
  readonly instructions: number;
  readonly facts: BodyFacts;
}

/** The bodies of one interpreter, in one binary. */
export interface MeasuredBodies {
  readonly id: string;
  readonly title: string;
  /** The dispatch in every body that does not leave through another body's. */
  readonly dispatch: { readonly bytes: number; readonly instructions: number };
  readonly bodies: readonly MeasuredBody[];
  /** Median of bytes, dispatch included. */
  readonly medianBytes: number;
  /** The body of an opcode by its name, in any case; for Gforth its name in the source, or as a word. */
  bodyOf(name: string): MeasuredBody | undefined;
  /** The body at a quantile (0 to 1) of all bodies, sorted by work; the nearest one. */
  atShare(share: number): MeasuredBody;
}

/** The dispatch in a body that ends in a jump to a shared one: `jmp rel32`. */
const TAIL_JUMP = { bytes: 5, instructions: 1 } as const;
/** A body that falls through into the next one's code has no dispatch. */
const FALLS_THROUGH = { bytes: 0, instructions: 0 } as const;

const MAPS = ".sites.csv";
const COLUMNS = [
  "opcode",
  "body_bytes",
  "native_instructions",
  "bytes_to_own_dispatch",
  "direct_jumps",
  "conditional_branches",
  "calls",
  "branches_leaving_body",
];

/** The ids of all measured interpreters, sorted. */
export function measuredIds(): string[] {
  return nativeCodeFiles()
    .filter((file) => file.endsWith(".csv") && !file.endsWith(MAPS))
    .map((file) => file.slice(0, -".csv".length));
}

/**
 * Bodies from a text in the form of native-code/*.csv.
 * @param source where the text is from: the id of the bodies, and the name in messages
 * @throws UsageError for a text that is wrong
 */
export function measuredBodiesIn(text: string, source: string): MeasuredBodies {
  return load(source, source, parseTable(text, source, COLUMNS));
}

const read = new Map<string, MeasuredBodies>();

/**
 * The bodies of one interpreter by its id, or from a file of the same form; read once.
 * @throws UsageError for an unknown id, or a file that is wrong
 */
export function readMeasuredBodies(id: string): MeasuredBodies {
  let found = read.get(id);
  if (found === undefined) {
    const known = measuredIds();
    if (known.includes(id)) found = load(id, `native-code/${id}.csv`, readOwnTable(`${id}.csv`, COLUMNS));
    else if (existsSync(id)) found = measuredBodiesIn(readFileSync(id, "utf8"), id);
    else throw unknownName("bodies", id, known);
    read.set(id, found);
  }
  return found;
}

function load(id: string, path: string, { comments, rows }: DataTable): MeasuredBodies {
  const [, bytes, instructions] = /^dispatch_bytes=(\d+) dispatch_instructions=(\d+)$/m.exec(comments.join("\n")) ?? [];
  if (bytes === undefined) throw new UsageError(`${path}: expected a line "# dispatch_bytes=… dispatch_instructions=…", got none`);
  const dispatch = { bytes: Number(bytes), instructions: Number(instructions) };
  const bodies: MeasuredBody[] = [];
  const byName = new Map<string, MeasuredBody>();
  for (const { line, cells } of rows) {
    const number = (column: string): number => {
      const text = cells[column] ?? "0";
      if (!/^\d+$/.test(text)) throw new UsageError(`${path}:${line}: expected a number as ${column}, got ${text}`);
      return Number(text);
    };
    const own = cells.bytes_to_own_dispatch !== "";
    const end = own ? dispatch : number("direct_jumps") > 0 ? TAIL_JUMP : FALLS_THROUGH;
    const calls = number("calls");
    const body: MeasuredBody = {
      opcode: cells.opcode,
      bytes: number("body_bytes"),
      instructions: number("native_instructions"),
      facts: {
        bodyBytes: Math.max(0, number("body_bytes") - end.bytes),
        nativeInstructions: Math.max(0, number("native_instructions") - end.instructions),
        conditionalBranches: number("conditional_branches"),
        helperCalls: calls,
        // a shared tail also holds work of the body, which cannot be copied without it
        relocatable: own && calls === 0 && number("branches_leaving_body") === 0 && number("pc_relative_references") === 0,
      },
    };
    bodies.push(body);
    for (const name of [cells.opcode, cells.name ?? ""]) if (name !== "") byName.set(name.toLowerCase(), body);
  }
  const sorted = [...bodies].sort(
    (a, b) =>
      a.facts.bodyBytes - b.facts.bodyBytes || a.facts.nativeInstructions - b.facts.nativeInstructions || (a.opcode < b.opcode ? -1 : 1),
  );
  const byBytes = bodies.map((body) => body.bytes).sort((a, b) => a - b);
  const half = (byBytes.length - 1) / 2;
  return {
    id,
    title: comments[0],
    dispatch,
    bodies,
    medianBytes: (byBytes[Math.floor(half)] + byBytes[Math.ceil(half)]) / 2,
    bodyOf: (name) => byName.get(name.toLowerCase()),
    atShare: (share) => sorted[Math.round(share * (sorted.length - 1))],
  };
}
