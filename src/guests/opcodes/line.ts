// Parses one line of an opcode stream.
import { UsageError } from "../../errors.ts";
import { LONGEST_LINE } from "./lines.ts";

/** How many times the lines after it execute. */
export interface Repeat {
  readonly test: number;
  readonly full: number;
}

/** An executed instruction; without an address if the stream has only opcodes. */
export interface ExecutedInstruction {
  readonly address: number | undefined;
  readonly opcode: string;
}

export type Line = ExecutedInstruction | { readonly repeat: Repeat } | { readonly header: "address,opcode" | "opcode" } | "nothing";

const MOST_ROUNDS = 1_000_000;
/** Most characters of a quotation in messages. */
const LONGEST_SHOWN = 40;
const show = (text: string): string => {
  const plain = text.replace(/\p{Cc}+/gu, " ");
  return plain === "" ? "nothing" : `"${plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN)}…` : plain}"`;
};

function repeatOf(comment: string): Repeat | undefined {
  const [, test, full] = /^test=(\d{1,7}) +full=(\d{1,7})$/.exec(comment) ?? [];
  const repeat = { test: Number(test), full: Number(full) };
  const fits = (rounds: number): boolean => rounds >= 1 && rounds <= MOST_ROUNDS;
  return fits(repeat.test) && fits(repeat.full) ? repeat : undefined;
}

function addressOf(text: string): number | undefined {
  const address = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(address) ? address : undefined;
}

/**
 * Reads one line, at `place`: file:line.
 * @throws UsageError for a line that is no executed instruction, header, comment or blank
 */
export function readLine(bytes: Uint8Array, place: string): Line {
  const expected = (what: string, got: string): UsageError => new UsageError(`${place}: expected ${what}, got ${got}`);
  const text = Buffer.from(bytes)
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trim();
  if (text.startsWith("#")) {
    const [, comment] = /^#\s*repeat:(.*)$/s.exec(text) ?? [];
    if (comment === undefined) return "nothing";
    const repeat = repeatOf(comment.trim());
    if (repeat === undefined) throw expected(`"# repeat: test=N full=M", from 1 to ${MOST_ROUNDS}`, show(text));
    return { repeat };
  }
  if (bytes.length >= LONGEST_LINE) throw expected(`a line shorter than ${LONGEST_LINE} bytes`, `a longer one: ${show(text)}`);
  if (text === "") return "nothing";
  const fields = text.split(",").map((field) => field.trim());
  if (fields.length > 2) throw expected("opcode or address,opcode", show(text));
  const header = fields.join(",").toLowerCase();
  if (header === "address,opcode" || header === "opcode") return { header };
  const address = fields.length === 2 ? addressOf(fields[0]) : undefined;
  if (fields.length === 2 && address === undefined) {
    throw expected(`an address from 0 to ${Number.MAX_SAFE_INTEGER}, decimal or 0x…`, show(fields[0]));
  }
  const opcode = fields[fields.length - 1];
  if (opcode === "") throw expected("an opcode after the comma", "nothing");
  if (/[\s\p{Cc}]/u.test(opcode)) throw expected("one opcode a line, without blanks or operands", show(opcode));
  return { address, opcode };
}
