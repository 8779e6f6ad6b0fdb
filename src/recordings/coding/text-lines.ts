// Lines of text formats, read piece by piece.
import { UsageError } from "../../errors.ts";
import type { ByteSource } from "../recording.ts";

const BUFFER_BYTES = 1 << 16;
const LINE_END = 10;
/** What some editors and spreadsheets write before UTF-8 text, as characters of one byte. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;
/** What stands in messages: no more characters than this. */
const LONGEST_SHOWN = 40;

/** A part of a file as it stands in messages: on one line, and short. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{Cc}\x80-\xff]+/gu, " ").trim();
  return plain === "" ? "nothing" : `"${plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN)}…` : plain}"`;
}

/** The first line that is neither blank nor a comment, without blanks around it and comments behind it; "" if there is none. */
export function firstLine(start: Uint8Array): string {
  const lines = Buffer.from(start).toString("latin1").replace(BYTE_ORDER_MARK, "").split("\n");
  return lines.map((line) => line.replace(/#.*/s, "").trim()).find((line) => line !== "") ?? "";
}

/**
 * Hands on every line, without what ends it, with its number from 1 on. Characters are bytes.
 * @returns how many lines there are
 * @throws UsageError for a line that does not fit into memory set aside for it: whatever has such lines is no text
 */
export async function readLines(source: ByteSource, take: (line: string, number: number) => void): Promise<number> {
  const visit = (line: string, number: number): void => take(number === 1 ? line.replace(BYTE_ORDER_MARK, "") : line, number);
  const buffer = Buffer.alloc(BUFFER_BYTES);
  let number = 0;
  let kept = 0;
  for (;;) {
    const length = await source.fill(buffer, kept);
    let start = 0;
    for (let end = buffer.indexOf(LINE_END, kept); end >= 0 && end < length; end = buffer.indexOf(LINE_END, start)) {
      visit(buffer.toString("latin1", start, end > start && buffer[end - 1] === 13 ? end - 1 : end), ++number);
      start = end + 1;
    }
    if (length < BUFFER_BYTES) {
      if (length > start) visit(buffer.toString("latin1", start, length), ++number);
      return number;
    }
    if (start === 0)
      throw new UsageError(`expected lines of text shorter than ${BUFFER_BYTES} bytes, got a longer one in line ${number + 1}`);
    buffer.copyWithin(0, start, length);
    kept = length - start;
  }
}
