// Lines of text formats, read piece by piece.
import { UsageError } from "../../errors.ts";
import type { ByteSource } from "../recording.ts";

const BUFFER_BYTES = 1 << 16;
const LINE_END = 10;
/** The byte-order mark that some editors and spreadsheets write before UTF-8 text, as characters of one byte. */
const BYTE_ORDER_MARK = /^\xef\xbb\xbf/;
/** Most characters of a quotation in messages. */
const LONGEST_SHOWN = 40;

/** Quotes a part of a file for messages: on one line, and short. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{Cc}\x80-\xff]+/gu, " ").trim();
  return plain === "" ? "nothing" : `"${plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN)}…` : plain}"`;
}

/** The first line that is neither blank nor a comment, without surrounding blanks and trailing comments; "" if there is none. */
export function firstLine(start: Uint8Array): string {
  const lines = Buffer.from(start).toString("latin1").replace(BYTE_ORDER_MARK, "").split("\n");
  return lines.map((line) => line.replace(/#.*/s, "").trim()).find((line) => line !== "") ?? "";
}

/**
 * Calls `take` for every line, without its line end, with its number from 1. Characters are bytes.
 * @returns the number of lines
 * @throws UsageError for a line that does not fit in the buffer: a file with such lines is not text
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
