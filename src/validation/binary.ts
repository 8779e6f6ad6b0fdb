// What a compiled interpreter's file says of itself: where its functions stand, and which indirect branches are in them.
import { RunError } from "../errors.ts";
import type { CodeRange } from "./dispatches.ts";
import { runTool } from "./tools.ts";

/** Behind what the user says: addresses are those of the file, and nothing of the dynamic linker's is recorded. */
const FIXED = ["-fno-pie", "-no-pie", "-static", "-w"];

export interface Compiler {
  /** The command. */
  readonly command: string;
  readonly flags: readonly string[];
  /** Seconds after which it is stopped: replicated switches can take hours. */
  readonly limit: number;
}

export interface Binary {
  readonly path: string;
  readonly ranges: readonly CodeRange[];
  /** Bytes of all these functions. */
  readonly codeBytes: number;
  /** Addresses of indirect jumps and calls in them. */
  readonly sites: readonly number[];
  /** How many of these are calls. */
  readonly calls: number;
  /** All of their instructions, in order of address. */
  readonly instructions: readonly Instruction[];
}

export interface Instruction {
  readonly address: number;
  readonly text: string;
}

/** Compiles an interpreter. @throws RunError when the compiler fails or takes too long */
export function compile({ command, flags, limit }: Compiler, source: string, path: string): void {
  runTool(command, [...flags, ...FIXED, "-o", path, source], { limit, install: `apt-get install ${command}` });
}

/** @param isOwn whether a symbol is one of the interpreter's functions */
export function readBinary(path: string, isOwn: (symbol: string) => boolean): Binary {
  const ranges: CodeRange[] = [];
  for (const line of runTool("nm", ["-S", "--defined-only", path], { install: "apt-get install binutils" }).split("\n")) {
    const [, address, size, name] = /^([0-9a-f]+) ([0-9a-f]+) [tT] (.+)$/.exec(line) ?? [];
    if (name === undefined || !isOwn(name.replace(/\.(cold|part|constprop|isra)(\.\d+)*/g, ""))) continue;
    const start = Number.parseInt(address, 16);
    ranges.push({ start, end: start + Number.parseInt(size, 16) });
  }
  if (ranges.length === 0) throw new RunError(`${path}: the compiler left no symbol of the interpreter`);
  ranges.sort((a, b) => a.start - b.start);
  const within = (address: number): boolean => ranges.some(({ start, end }) => address >= start && address < end);
  const instructions: Instruction[] = [];
  const listing = runTool("objdump", [
    "-d",
    "--no-show-raw-insn",
    `--start-address=${ranges[0].start}`,
    `--stop-address=${Math.max(...ranges.map(({ end }) => end))}`,
    path,
  ]);
  for (const line of listing.split("\n")) {
    const [, address, text] = /^\s*([0-9a-f]+):\t(.+)$/.exec(line) ?? [];
    if (text !== undefined && within(Number.parseInt(address, 16)))
      instructions.push({ address: Number.parseInt(address, 16), text: text.trim() });
  }
  return {
    path,
    ranges,
    codeBytes: ranges.reduce((sum, { start, end }) => sum + end - start, 0),
    calls: instructions.filter(({ text }) => /^(notrack )?callq?\s+\*/.test(text)).length,
    sites: instructions.flatMap(({ address, text }) => (/^(notrack )?(jmp|call)q?\s+\*/.test(text) ? address : [])),
    instructions,
  };
}
