// Symbols as our own format holds them: docs/recorded-branches.md describes the bytes.
import { deflateRawSync, inflateRawSync, constants as zlib } from "#platform/zlib";
import { messageOf, type UsageError } from "../../errors.ts";
import { createByteWriter } from "../../files/bytes.ts";
import { createVarintReader, type VarintReader } from "../../files/varints.ts";
import { printable, type RecordedModule, type RecordedSymbol } from "../symbols.ts";

/** Of one chunk; a file with more functions is written in several parts. */
const MOST_SYMBOLS = 1 << 15;
const MOST_NAME_BYTES = 255;
const MOST_TEXT_BYTES = 4096;
const MOST_BYTES = 1 << 24;

/** Cut where a character ends. */
function bytesOf(text: string, most: number): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return bytes;
  let end = most;
  while ((bytes[end] & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** The contents of the chunks that hold a module. */
export function encodeModule({ path, buildId, base, start, size, symbols }: RecordedModule): Buffer[] {
  const out = createByteWriter();
  const text = (value: string, most: number): void => {
    const bytes = bytesOf(value, most);
    out.count(bytes.length);
    for (const byte of bytes) out.byte(byte);
  };
  const chunks: Buffer[] = [];
  let from = start;
  for (let at = 0; at < symbols.length || at === 0; at += MOST_SYMBOLS) {
    const part = symbols.slice(at, at + MOST_SYMBOLS);
    const next = symbols[at + MOST_SYMBOLS];
    const end = next === undefined ? start + size : next.start;
    out.wide(base);
    out.wide(BigInt.asIntN(64, from));
    out.count(Number(end - from));
    text(path, MOST_TEXT_BYTES);
    text(buildId, MOST_TEXT_BYTES);
    out.count(part.length);
    let behind = from;
    for (const symbol of part) {
      out.count(Number(symbol.start - behind));
      out.count(Number(symbol.size));
      text(symbol.name, MOST_NAME_BYTES);
      behind = symbol.start + symbol.size;
    }
    chunks.push(deflateRawSync(out.take()));
    from = end;
  }
  return chunks;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function readModule(from: VarintReader, wrong: (what: string) => UsageError): RecordedModule {
  const text = (most: number): string => {
    const length = from.unsigned();
    if (length > most || length > from.left()) throw wrong(`a name of ${length} bytes, expected at most ${most}`);
    return printable(utf8.decode(from.take(length)));
  };
  const base = BigInt(from.signed());
  const start = BigInt.asUintN(64, BigInt(from.signed()));
  const size = BigInt(from.unsigned());
  const path = text(MOST_TEXT_BYTES);
  const buildId = text(MOST_TEXT_BYTES);
  const symbols: RecordedSymbol[] = [];
  let behind = start;
  const count = from.unsigned();
  if (count > MOST_SYMBOLS) throw wrong(`${count} symbols, expected at most ${MOST_SYMBOLS}`);
  while (symbols.length < count) {
    const symbol = { start: behind + BigInt(from.unsigned()), size: BigInt(from.unsigned()), name: text(MOST_NAME_BYTES) };
    behind = symbol.start + symbol.size;
    if (behind > start + size) throw wrong(`the symbol ${symbol.name} ends outside of its file`);
    symbols.push(symbol);
  }
  if (from.left() > 0) throw wrong(`${from.left()} bytes too many`);
  return { path, buildId, base, start, size, symbols };
}

/** @param wrong makes the error of something wrong in the chunk */
export function decodeModule(content: Buffer, wrong: (what: string) => UsageError): RecordedModule {
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(content, { maxOutputLength: MOST_BYTES, finishFlush: zlib.Z_FINISH });
  } catch (error) {
    throw wrong(`what is compressed in it: ${messageOf(error)}`);
  }
  const from = createVarintReader((what) => wrong(what));
  from.open(bytes);
  return readModule(from, wrong);
}
