// Streams of opcodes that another interpreter executed: how such files are called and known.
import type { FileKind } from "../guest.ts";

/** Least number of lines by which a file is recognised as a stream of opcodes. */
const FEWEST_LINES = 4;
const HEADER = /^(address,)?opcode$/i;
const EXECUTED = /^(?:(?:\d+|0x[\da-f]+)\s*,\s*)?[^\s,]+$/i;

/** A header, or lines of one form that are executed instructions, of which a line or an opcode's name occurs twice. */
function looksExecuted(start: Uint8Array): boolean {
  const text = Buffer.from(start)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  if (text.includes("\0")) return false;
  // the last line may continue after these bytes
  const all = text.split("\n").slice(0, -1);
  const lines = all.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (HEADER.test(lines[0]?.replace(/\s/g, "") ?? "")) return true;
  const withAddress = lines[0]?.includes(",");
  const fits = lines.every((line) => EXECUTED.test(line) && line.includes(",") === withAddress);
  if (lines.length < FEWEST_LINES || !fits) return false;
  const repeats = (texts: readonly string[]): boolean => new Set(texts).size < texts.length;
  // addresses of code without a jump only grow: then its opcodes, if they are words and not numbers
  const opcodes = lines.map((line) => line.replace(/^.*,\s*/, ""));
  return repeats(lines) || (repeats(opcodes) && opcodes.every((opcode) => /^[a-z_]/i.test(opcode)));
}

export const OPCODES_FILES: FileKind = {
  file: "a stream of opcodes",
  endings: [".opcodes", ".csv"],
  recognises: looksExecuted,
  ownOpcodes: true,
  sized: true,
};
