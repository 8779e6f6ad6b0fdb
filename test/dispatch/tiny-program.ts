// Made-up programs of a few instructions, and layouts as lines of text that can be worked out by hand: addresses are offsets
// from where text (T), generated code (G) and tables (D) begin.
import { KINDS } from "../../dist/src/branch.js";
import { type NativeCode, NEXT, type Piece, type PieceKind, type Place, type Site } from "../../dist/src/dispatch/native-code.js";
import type { Flow, Opcode, VirtualProgram } from "../../dist/src/trace/virtual.js";
import { opcode } from "../support.js";

const FLOWS: Readonly<Record<string, Flow>> = {
  JZ: "conditional",
  GOTO: "jump",
  CALL: "call",
  ICALL: "indirect-call",
  RET: "return",
  THROW: "raise",
  HALT: "halt",
};
/** Bodies in bytes and native instructions: A 20 and 5, B 10 and 3, C 12 and 3, D 16 and 4; all others 14 and 4. */
const BODIES: Readonly<Record<string, readonly [bytes: number, instructions: number]>> = { A: [20, 5], B: [10, 3], C: [12, 3], D: [16, 4] };

/**
 * One block of instructions from virtual address 0: "A", or "JZ 0" with the virtual address to which control is transferred.
 * @param facts of opcodes that are unlike the others
 */
export function tinyProgram(instructions: readonly string[], facts: Readonly<Record<string, Partial<Opcode>>> = {}): VirtualProgram {
  const words = instructions.map((instruction) => instruction.split(" "));
  const names = [...new Set(words.map(([name]) => name))];
  const opcodes = names.map((name): Opcode => {
    const [bodyBytes, nativeInstructions] = BODIES[name] ?? [14, 4];
    return { ...opcode(name, FLOWS[name]), bodyBytes, nativeInstructions, ...facts[name] };
  });
  const opcodeAt = (address: number): number => (address < words.length ? names.indexOf(words[address][0]) : -1);
  const targetAt = (address: number): number => Number(words[address]?.[1] ?? -1);
  return {
    opcodes,
    opcodeAt,
    flowAt: (address) => opcodes[opcodeAt(address)]?.flow ?? "halt",
    addressCount: words.length,
    targetAt,
    enteredAt: (address) => address === 0 || words.some((_, at) => targetAt(at) === address),
    blockCount: 1,
    blockStart: () => 0,
    blockLength: () => words.length,
    leftByHost: () => false,
  };
}

/** A program of as many opcodes as asked for, each once, with bodies of 8 bytes. */
export function wideProgram(opcodes: number): VirtualProgram {
  const names = Array.from({ length: opcodes }, (_, i) => `op${i}`);
  return tinyProgram(names, Object.fromEntries(names.map((name) => [name, { bodyBytes: 8 }])));
}

const AREAS = [
  ["D", 0x2000_0000],
  ["G", 0x1000_0000],
  ["outside", 0x0f00_0000],
  ["T", 0x0040_1000],
] as const;

export function where(address: number): string {
  if (address === NEXT) return "NEXT";
  const [area, base] = AREAS.find(([, from]) => address >= from) ?? ["", 0];
  return area === "outside" ? area : `${area}+${address - base}`;
}
const range = ({ start, end }: Place): string => `${where(start)}..${where(end).slice(2)}`;

const WHEN = { always: "", never: ", never taken", taken: ", if taken", "fall-through": ", if it falls through" } as const;

/** A branch as "A: jump at T+52, 5 bytes, to T+0". */
export function siteLine({ owner, kind, address, after, target, when, dispatch, table, virtualTarget }: Site): string {
  const name = KINDS.find(([flag]) => flag === kind)?.[1];
  const seen = virtualTarget === undefined ? "" : ` (virtual ${virtualTarget})`;
  const through = table === undefined ? "" : ` through ${where(table)}`;
  const line = `${owner}: ${name} at ${where(address)}, ${after - address} bytes, to ${where(target)}${seen}${through}${WHEN[when]}`;
  return dispatch ? `${line}, dispatches` : line;
}

/** The code of an instruction: entry, native instructions and bytes; then its branches, those of its arrival first. */
export function codeLines(code: NativeCode, address: number): string[] {
  const {
    entry,
    nativeInstructions,
    transferInstructions: taken = nativeInstructions,
    arrival = [],
    sites,
    code: places,
  } = code.at(address);
  const count = `${nativeInstructions} instructions${taken === nativeInstructions ? "" : ` (${taken} if taken)`}`;
  return [
    [`${where(entry)}: ${count} in`, ...places.map(range)].join(" "),
    ...arrival.map((site) => `arrival ${siteLine(site)}`),
    ...sites.map(siteLine),
  ];
}

/** Bytes of each kind of piece. */
export function bytesOf(pieces: readonly Piece[]): Partial<Record<PieceKind, number>> {
  const bytes: Partial<Record<PieceKind, number>> = {};
  for (const { kind, start, end } of pieces) bytes[kind] = (bytes[kind] ?? 0) + end - start;
  return bytes;
}
