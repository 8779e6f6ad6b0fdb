// Recorded branches as CSV, one per line, for other recorders and for people:
//
//   pc,target,kind,taken,gap
//   0x401158,0x401170,conditional,0,4
//   # branches=1 instructions=10
//
// docs/recorded-branches.md describes it. The last line shows that a file is complete.
import { CONDITIONAL, JUMP, KINDS } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { hexOf, highOfDigits, lowOfDigits } from "../addresses.ts";
import { firstLine, quoted, readLines } from "../coding/text-lines.ts";
import { untakenNotes } from "../coding/untaken.ts";
import { createPackets } from "../packets.ts";
import type {
  ByteSource,
  Provenance,
  RecordedBranch,
  RecordingFormat,
  RecordingSink,
  RecordingTotals,
  RecordingWriter,
  WritableBlocks,
} from "../recording.ts";

const COLUMNS = ["pc", "target", "kind", "taken"] as const;
const GAP = "gap";
const HEADER = [...COLUMNS, GAP].join(",");
const FORM = "conditional-";
const MOST_TEXT = 1 << 16;
/** Characters of a text in a comment of ours. */
const MOST_COMMENT = 200;

/** Kinds by name, conditional forms included. */
const KIND_OF_NAME = new Map<string, number>([
  ...KINDS.map(([kind, name]) => [name, kind] as const),
  ...KINDS.filter(([kind]) => kind > JUMP).map(([kind, name]) => [`${FORM}${name}`, kind | CONDITIONAL] as const),
]);
const NAME_OF_KIND = new Map(Array.from(KIND_OF_NAME, ([name, kind]) => [kind, name]));

const fieldsOf = (line: string): string[] => line.split(",").map((field) => field.trim());

/** The position of each column in a header; undefined if it is no header of branches. */
function columnsOf(header: string): ReadonlyMap<string, number> | undefined {
  const names = fieldsOf(header.toLowerCase());
  if (COLUMNS.some((name) => !names.includes(name)) || new Set(names).size < names.length) return undefined;
  return new Map(names.map((name, index) => [name, index]));
}

async function read(source: ByteSource, sink: RecordingSink): Promise<RecordingTotals> {
  const packets = createPackets(sink);
  let columns: ReadonlyMap<string, number> | undefined;
  let totals: { readonly branches: number; readonly instructions: number } | undefined;
  let line = 0;
  const expected = (what: string, got = ""): UsageError => new UsageError(`expected ${what}, got ${quoted(got)} in line ${line}`);

  function addressIn(text = ""): { readonly low: number; readonly high: number } {
    if (!/^0x[\da-f]{1,16}$/i.test(text)) throw expected("an address such as 0x401158, of at most 64 bits", text);
    return { low: lowOfDigits(text.slice(2)), high: highOfDigits(text.slice(2)) };
  }
  function gapIn(text = ""): number {
    const gap = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(gap)) throw expected(`a number of instructions as the gap, at most ${Number.MAX_SAFE_INTEGER}`, text);
    return gap;
  }
  function readBranch(text: string, at: ReadonlyMap<string, number>): void {
    const fields = fieldsOf(text);
    if (fields.length !== at.size) throw expected(`${at.size} fields, as in the header`, text);
    const field = (name: string): string => fields[at.get(name) ?? -1] ?? "";
    const [pc, target] = [addressIn(field("pc")), addressIn(field("target"))];
    const kind = KIND_OF_NAME.get(field("kind").toLowerCase());
    if (kind === undefined) throw expected(`a kind (${[...KIND_OF_NAME.keys()].join(", ")})`, field("kind"));
    const taken = field("taken");
    if (taken !== "1" && taken !== "0") throw expected("0 or 1 as taken", taken);
    packets.add({
      pc: pc.low,
      pcHigh: pc.high,
      target: target.low,
      targetHigh: target.high,
      kind,
      taken: taken === "1" ? 1 : 0,
      gap: at.has(GAP) ? gapIn(field(GAP)) : 1,
    });
  }
  await readLines(source, (raw, number) => {
    line = number;
    const text = raw.trim();
    if (text.startsWith("#")) {
      const [, branches, instructions] = /^# branches=(\d{1,15}) instructions=(\d{1,16})$/.exec(text) ?? [];
      if (branches !== undefined) totals = { branches: Number(branches), instructions: gapIn(instructions) };
    } else if (text !== "") {
      if (totals !== undefined) throw expected("nothing after the line that says how many branches there are", text);
      if (columns === undefined) {
        columns = columnsOf(text);
        if (columns === undefined) throw expected(`a header that names ${HEADER}`, text);
      } else readBranch(text, columns);
    }
  });
  packets.flush();
  const { branches, instructions } = packets;
  if (line === 0) throw new UsageError(`it is empty, expected a header that names ${HEADER}`);
  if (branches === 0) throw new UsageError("it holds no branches");
  if (totals !== undefined && totals.branches !== branches)
    throw new UsageError(
      `it is damaged: it says ${totals.branches} branches in its last line, there are ${branches}; fetch or record it again`,
    );
  const notes = [...untakenNotes(packets.untaken)];
  if (columns?.has(GAP) === false) notes.push("It has no gaps: each branch counts as one instruction.");
  if (totals === undefined) notes.push("It does not say how many branches and instructions it has: they are added up.");
  return { format: "csv", instructions: totals?.instructions ?? instructions, notes };
}

function createWriter(write: (bytes: Uint8Array) => void, blocks: WritableBlocks, provenance: Provenance): RecordingWriter {
  let text = "";
  let branches = 0;
  /** By number of a branch. */
  const lines: string[] = [];
  const lineOf = ({ pc, pcHigh, target, targetHigh, kind, taken, gap }: RecordedBranch): string =>
    `${hexOf(pc, pcHigh)},${hexOf(target, targetHigh)},${NAME_OF_KIND.get(kind)},${taken},${gap}\n`;
  const flush = (): void => {
    write(Buffer.from(text));
    text = "";
  };
  // comments are short and on one line: the header must be where readers look for it
  for (const [key, value] of Object.entries(provenance)) text += `# ${key}: ${value.replace(/\s+/g, " ").slice(0, MOST_COMMENT)}\n`;
  text += `${HEADER}\n`;
  return {
    blocks(ids, count) {
      for (let i = 0; i < count; i++) {
        for (const number of blocks.branchesOf(ids[i])) {
          lines[number] ??= lineOf(blocks.branch(number));
          text += lines[number];
          branches++;
        }
        if (text.length >= MOST_TEXT) flush();
      }
    },
    finish(instructions) {
      text += `# branches=${branches} instructions=${instructions}\n`;
      flush();
      return [];
    },
  };
}

const csv: RecordingFormat = {
  file: "branches as CSV",
  endings: [".csv"],
  endingsShared: true,
  recognises: (start) => columnsOf(firstLine(start)) !== undefined,
  read,
  createWriter,
};
export default csv;
