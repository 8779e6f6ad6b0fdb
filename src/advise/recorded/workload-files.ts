// A recorded interpreter's opcodes as files that simulations take: a log for each recording, the bodies, and the dispatch sites as its
// compiler left them.
import { closeSync, openSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeAll } from "../../files/write-all.ts";
import type { DispatchSequence } from "./dispatch-sequence.ts";
import type { NamedOpcodes } from "./opcode-names.ts";

/** One recording, with the names of its targets. */
export interface ReadRecording {
  readonly id: string;
  readonly dispatches: DispatchSequence;
  readonly opcodes: NamedOpcodes;
}

/** One opcode over all recordings. */
export interface RecordedOpcode {
  readonly name: string;
  readonly executed: number;
  /** Native instructions from its entry to the next dispatch, that included and all that it calls: the mean. */
  readonly instructions: number;
  /** From its body to the next one; undefined where none follows. */
  readonly bytes: number | undefined;
  /** File and line of its body. */
  readonly source: string | undefined;
  /** The branch through which it is mostly left, in the file's addresses where they are known, hexadecimal; undefined for one that is last. */
  readonly site: string | undefined;
  /** All branches through which it is left. */
  readonly sites: number;
}

/** All opcodes of some recordings, the most executed first. */
export function opcodesOfAll(recordings: readonly ReadRecording[]): RecordedOpcode[] {
  const all = new Map<string, RecordedOpcode>();
  for (const { dispatches, opcodes } of recordings)
    for (const [i, { executed, instructions, site, sites }] of dispatches.targets.entries()) {
      const name = opcodes.names[i];
      const before = all.get(name);
      const times = executed + (before?.executed ?? 0);
      all.set(name, {
        name,
        executed: times,
        instructions: (executed * instructions + (before?.executed ?? 0) * (before?.instructions ?? 0)) / times,
        bytes: before?.bytes ?? opcodes.bytes[i],
        source: before?.source ?? opcodes.sources[i],
        site: before?.site ?? (site === undefined ? undefined : `0x${site.toString(16)}`),
        sites: Math.max(sites, before?.sites ?? 0),
      });
    }
  return [...all.values()].sort((a, b) => b.executed - a.executed || (a.name < b.name ? -1 : 1));
}

const PIECE = 1 << 16;

/** Writes a log of the opcodes of each recording; returns their paths. */
export function writeLogs(folder: string, recordings: readonly ReadRecording[]): string[] {
  return recordings.map(({ id, dispatches, opcodes }, i) => {
    const path = join(folder, `${recordings.length === 1 ? "" : `${i + 1}-`}${basename(id).replace(/[^\w.-]+/g, "-")}.opcodes`);
    const file = openSync(path, "w");
    try {
      writeAll(file, Buffer.from("opcode\n"));
      const { sequence } = dispatches;
      for (let from = 0; from < sequence.length; from += PIECE) {
        const piece = Array.from(sequence.subarray(from, from + PIECE), (target) => opcodes.names[target]);
        writeAll(file, Buffer.from(`${piece.join("\n")}\n`));
      }
    } finally {
      closeSync(file);
    }
    return path;
  });
}

/** Bytes of a body after which none follows: those of the median of the others. */
function medianBytes(opcodes: readonly RecordedOpcode[]): number {
  const bytes = opcodes.flatMap((opcode) => opcode.bytes ?? []).sort((a, b) => a - b);
  return bytes[bytes.length >> 1] ?? 1;
}

const cell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Writes the bodies in the form of native-code/*.csv; returns the path.
 * @param dispatchInstructions native instructions of one dispatch, which the model of a technique adds
 */
export function writeRecordedBodies(folder: string, opcodes: readonly RecordedOpcode[], dispatchInstructions: number): string {
  const path = join(folder, "recorded-bodies.csv");
  const last = medianBytes(opcodes);
  const rows = opcodes.map(({ name, bytes = last, instructions }) =>
    [cell(name), bytes, Math.max(1, Math.round(instructions - dispatchInstructions)), bytes, 0, 0, 0, 0].join(","),
  );
  writeFileSync(
    path,
    [
      "# Bodies of a recorded interpreter, by bplab advise",
      "# dispatch_bytes=0 dispatch_instructions=0",
      `# native_instructions: the mean from a body's entry to the next dispatch with all that it calls, less ${dispatchInstructions} for a dispatch; body_bytes: to the next body.`,
      "opcode,body_bytes,native_instructions,bytes_to_own_dispatch,direct_jumps,conditional_branches,calls,branches_leaving_body",
      ...rows,
      "",
    ].join("\n"),
  );
  return path;
}

/** Writes through which branch each body is mostly left, in the form of native-code/*.sites.csv; returns the path. */
export function writeRecordedSites(folder: string, opcodes: readonly RecordedOpcode[]): string {
  const path = join(folder, "recorded.sites.csv");
  const rows = opcodes.flatMap(({ name, site }) => (site === undefined ? [] : `${cell(name)},${site}`));
  writeFileSync(path, ["# Dispatch sites of a recorded interpreter, by bplab advise", "opcode,dispatch_site", ...rows, ""].join("\n"));
  return path;
}
