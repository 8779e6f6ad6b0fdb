// Reads an opcode stream, any number of times: addresses and opcodes are numbered by order of appearance.
import { closeSync, openSync } from "#platform/fs";
import { UsageError, unreadable } from "../../errors.ts";
import { type ExecutedInstruction, type Repeat, readLine } from "./line.ts";
import { createLineTable } from "./line-table.ts";
import { eachLine, type LinePlace } from "./lines.ts";

const MOST_OPCODES = 65_535;
const MOST_ADDRESSES = 1 << 22;
/** Most distinct lines: more than addresses, because lines may differ in spelling, or in the opcode of one address. */
const MOST_LINES = 2 * MOST_ADDRESSES;

/** Gets the address and the opcode of an executed instruction, by number. */
export type Visit = (address: number, opcode: number) => void;

export interface StreamReader {
  /** Reads the whole stream. The properties below are known after that. */
  read(visit: Visit): void;
  /** Reads the lines after the repeat line; all lines if there is none. */
  readRepeated(visit: Visit): void;
  readonly repeat: Repeat | undefined;
  /** Instructions before the repeat line. */
  readonly before: number;
  /** Addresses by number, as in the file; undefined if it has none: then each opcode is an address. */
  readonly addresses: readonly number[] | undefined;
  /** Names of opcodes by number. */
  readonly opcodes: readonly string[];
}

/** Numbers things in order of appearance, up to a limit. */
function createNumbering<T>(most: number, tooMany: (most: number) => UsageError): { readonly list: T[]; number(thing: T): number } {
  const numbers = new Map<T, number>();
  const list: T[] = [];
  return {
    list,
    number(thing) {
      const known = numbers.get(thing);
      if (known !== undefined) return known;
      if (list.length === most) throw tooMany(most);
      numbers.set(thing, list.length);
      return list.push(thing) - 1;
    },
  };
}

/** @throws UsageError (when it reads) for a file that cannot be read, or a line that is wrong */
export function createReader(path: string, what: string): StreamReader {
  let line = 0;
  const failure = (what: string): UsageError => new UsageError(`${path}:${line}: ${what}`);
  const most = (things: string) => (count: number) => failure(`expected at most ${count} distinct ${things}, got one more`);
  const addresses = createNumbering<number>(MOST_ADDRESSES, most("addresses"));
  const opcodes = createNumbering<string>(MOST_OPCODES, most("opcodes"));
  const lines = createLineTable();
  /** Address and opcode of each distinct line, by number. */
  const addressOfLine: number[] = [];
  const opcodeOfLine: number[] = [];
  /** The form of lines, and the header or instruction that determined it. */
  let kind: { readonly text: "address,opcode" | "opcode"; readonly line: number } | undefined;
  let repeat: (Repeat & LinePlace) | undefined;
  let before = 0;
  let complete = false;

  function define({ address, opcode }: ExecutedInstruction): number {
    const text = address === undefined ? "opcode" : "address,opcode";
    kind ??= { text, line };
    if (kind.text !== text) {
      const got = address === undefined ? opcode : `${address},${opcode}`;
      throw failure(`expected ${kind.text} as in line ${kind.line}, got "${got}"`);
    }
    if (complete) throw failure("the file changed while it was read");
    if (addressOfLine.length === MOST_LINES) throw most("lines")(MOST_LINES);
    const number = opcodes.number(opcode);
    opcodeOfLine.push(number);
    return addressOfLine.push(address === undefined ? number : addresses.number(address)) - 1;
  }

  function pass(from: LinePlace, visit: Visit): void {
    let file: number | undefined;
    let executed = 0;
    try {
      file = openSync(path, "r");
      eachLine(file, from, (bytes, start, end, hash, nextByte, nextLine) => {
        let known = lines.find(bytes, start, end, hash);
        if (known < 0) {
          line = nextLine - 1;
          const said = readLine(bytes.subarray(start, end), `${path}:${line}`);
          if (said === "nothing") return;
          if ("repeat" in said) {
            repeat ??= { ...said.repeat, byte: nextByte, line: nextLine };
            if (repeat.line !== nextLine) throw failure(`expected one repeat line, got a second after line ${repeat.line - 1}`);
            before = executed;
            return;
          }
          if ("header" in said) {
            kind ??= { text: said.header, line };
            if (kind.line !== line) throw failure(`expected ${kind.text} as in line ${kind.line}, got a header`);
            return;
          }
          known = define(said);
          lines.add(bytes, start, end, hash, known);
        }
        executed++;
        visit(addressOfLine[known], opcodeOfLine[known]);
      });
    } catch (error) {
      throw error instanceof Error && "syscall" in error ? unreadable(path, what, error) : error;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
  return {
    read(visit) {
      pass({ byte: 0, line: 1 }, visit);
      complete = true;
      if (opcodes.list.length === 0) throw new UsageError(`${path}: expected executed instructions, got none in the whole file`);
    },
    readRepeated: (visit) => pass(repeat ?? { byte: 0, line: 1 }, visit),
    get repeat() {
      return repeat;
    },
    get before() {
      return before;
    },
    get addresses() {
      return kind?.text === "opcode" ? undefined : addresses.list;
    },
    opcodes: opcodes.list,
  };
}
