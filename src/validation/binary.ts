// Reads the file of a compiled interpreter: its functions, and the indirect branches in them.
import { RunError } from "../errors.ts";
import type { CodeRange } from "./dispatches.ts";
import { runTool } from "./tools.ts";

/** Options after the user's, so that recorded addresses are those of the file, and no dynamic linker runs. */
const FIXED = ["-fno-pie", "-no-pie", "-static", "-w"];

export interface CCompiler {
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
  /** How many of the sites are calls. */
  readonly calls: number;
  /** All of their instructions, in order of address. */
  readonly instructions: readonly DisassembledInstruction[];
}

export interface DisassembledInstruction {
  readonly address: number;
  readonly text: string;
}

/** Compiles an interpreter. @throws RunError when the compiler fails or takes too long */
export function compileC({ command, flags, limit }: CCompiler, source: string, path: string): void {
  runTool(command, [...flags, ...FIXED, "-o", path, source], { limit, hasChildren: true, install: `apt-get install ${command}` });
}

/** Whether it is an indirect jump, which is a dispatch in an interpreter's functions. */
export const isIndirectJump = ({ text }: DisassembledInstruction): boolean => /^(notrack )?jmpq?\s+\*/.test(text);

/** Target of a direct jump; undefined for every other instruction. */
export function jumpOf({ text }: DisassembledInstruction): { readonly target: number; readonly conditional: boolean } | undefined {
  const [, operation, target] = /^(?:notrack |bnd )?(j\w+)\s+([0-9a-f]+)\b/.exec(text) ?? [];
  return operation === undefined ? undefined : { target: Number.parseInt(target, 16), conditional: !operation.startsWith("jmp") };
}

/** The instructions in some ranges of a program's file, in order of address. @throws UsageError when binutils are not installed */
export function disassemble(path: string, ranges: readonly CodeRange[]): DisassembledInstruction[] {
  const within = (address: number): boolean => ranges.some(({ start, end }) => address >= start && address < end);
  const instructions: DisassembledInstruction[] = [];
  const listing = runTool(
    "objdump",
    [
      "-d",
      "--no-show-raw-insn",
      `--start-address=${Math.min(...ranges.map(({ start }) => start))}`,
      `--stop-address=${Math.max(...ranges.map(({ end }) => end))}`,
      path,
    ],
    { install: "apt-get install binutils" },
  );
  for (const line of listing.split("\n")) {
    const [, address, text] = /^\s*([0-9a-f]+):\t(.+)$/.exec(line) ?? [];
    if (text !== undefined && within(Number.parseInt(address, 16)))
      instructions.push({ address: Number.parseInt(address, 16), text: text.trim() });
  }
  return instructions;
}

/**
 * @param isOwn   whether a symbol is one of the interpreter's functions
 * @param symbols which symbol table to use: a stripped program has only the dynamic one
 * @throws RunError when there are none, UsageError when binutils are not installed
 */
export function readBinary(path: string, isOwn: (symbol: string) => boolean, symbols: "all" | "dynamic" = "all"): Binary {
  const ranges: CodeRange[] = [];
  const options = ["-S", "--defined-only", ...(symbols === "dynamic" ? ["--dynamic"] : [])];
  for (const line of runTool("nm", [...options, path], { install: "apt-get install binutils" }).split("\n")) {
    const [, address, size, name] = /^([0-9a-f]+) ([0-9a-f]+) [tT] (.+)$/.exec(line) ?? [];
    if (name === undefined || !isOwn(name.replace(/\.(cold|part|constprop|isra)(\.\d+)*|@.*/g, ""))) continue;
    const start = Number.parseInt(address, 16);
    ranges.push({ start, end: start + Number.parseInt(size, 16) });
  }
  if (ranges.length === 0) throw new RunError(`${path}: expected a symbol of the interpreter, found none`);
  ranges.sort((a, b) => a.start - b.start);
  const instructions = disassemble(path, ranges);
  return {
    path,
    ranges,
    codeBytes: ranges.reduce((sum, { start, end }) => sum + end - start, 0),
    calls: instructions.filter(({ text }) => /^(notrack )?callq?\s+\*/.test(text)).length,
    sites: instructions.flatMap(({ address, text }) => (/^(notrack )?(jmp|call)q?\s+\*/.test(text) ? address : [])),
    instructions,
  };
}
