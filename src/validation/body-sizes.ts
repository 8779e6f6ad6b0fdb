// Measures the bodies of a compiled interpreter: bytes and instructions from each entry to the next, in the form of the files in
// native-code/, so that the model can use the recorded interpreter's bodies.
import { RunError } from "../errors.ts";
import { type Binary, type DisassembledInstruction, isIndirectJump, jumpOf } from "./binary.ts";
import { runTool } from "./tools.ts";

/** Addresses of bodies, by opcode, from the table that the interpreter uses to fill its code. Undefined if it has none. */
function entriesOf({ path }: Binary): readonly number[] | undefined {
  const line = runTool("nm", ["-S", path])
    .split("\n")
    .find((symbol) => /^[0-9a-f]+ [0-9a-f]+ \w (interpret\.)?bodies(\.\d+)?$/.test(symbol));
  if (line === undefined) return undefined;
  const [start, size] = line.split(" ").map((text) => Number.parseInt(text, 16));
  const words = runTool("objdump", ["-s", `--start-address=${start}`, `--stop-address=${start + size}`, path])
    .split("\n")
    .flatMap((row) => /^ [0-9a-f]+((?: [0-9a-f]+)+)/.exec(row)?.[1].trim().split(" ") ?? []);
  const bytes = Buffer.from(words.join(""), "hex");
  return Array.from({ length: bytes.length >> 3 }, (_, i) => Number(bytes.readBigUInt64LE(i * 8)));
}

const isPadding = ({ text }: DisassembledInstruction): boolean => /^(nop|xchg\s+%ax,%ax|data16|cs nop)/.test(text);

/** Whether control never falls through after an instruction. Padding counts like the instruction before it. */
function endsThere(code: readonly DisassembledInstruction[], i: number): boolean {
  if (isPadding(code[i])) return i > 0 && endsThere(code, i - 1);
  return isIndirectJump(code[i]) || jumpOf(code[i])?.conditional === false || /^ret/.test(code[i].text);
}

/** Whether an instruction depends on its own address: a load or a call of a fixed address. Jumps are counted separately. */
const isRelative = ({ text }: DisassembledInstruction): boolean => text.includes("(%rip)") || /^call\w*\s+[0-9a-f]/.test(text);

/** What one body consists of, in the binary. */
export interface BodyCode {
  /** Bytes from its entry to the next one's. */
  readonly bytes: number;
  /** Its instructions, without padding that is never executed. */
  readonly code: readonly DisassembledInstruction[];
  /** Bytes to the end of its first indirect jump; undefined if it leaves through another body's. */
  readonly toDispatch: number | undefined;
  readonly direct: number;
  readonly conditional: number;
  readonly calls: number;
  readonly leaving: number;
  readonly relative: number;
}

/**
 * @param entries addresses of bodies, by opcode
 * @param isOfDispatch whether a reference relative to the program counter belongs to the dispatch
 */
export function measureBodies(
  binary: Binary,
  entries: readonly number[],
  isOfDispatch: (instruction: DisassembledInstruction) => boolean = () => false,
): BodyCode[] {
  const bounds = [...new Set([...entries, ...binary.ranges.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const { instructions } = binary;
  const at = new Map(instructions.map(({ address }, i) => [address, i]));
  const last = Math.max(...entries);
  /** Where an instruction ends. Padding after a function belongs to no instruction. */
  const endOf = (i: number): number => {
    const { address } = instructions[i];
    const range = binary.ranges.find(({ start, end }) => address >= start && address < end);
    return Math.min(instructions[i + 1]?.address ?? Number.POSITIVE_INFINITY, range?.end ?? Number.POSITIVE_INFINITY);
  };
  return entries.map((entry) => {
    const bound = bounds[bounds.indexOf(entry) + 1];
    const first = at.get(entry) ?? 0;
    let after = first;
    while (after < instructions.length && instructions[after].address < bound) after++;
    // the last body is followed by shared code
    if (entry === last && !binary.ranges.some(({ start }) => start === entry)) {
      const own = instructions.findIndex((instruction, i) => i >= first && isIndirectJump(instruction));
      if (own >= 0 && own < after) after = own + 1;
    }
    const end = endOf(after - 1);
    const code = instructions
      .slice(first, after)
      .filter((instruction, i, all) => !(isPadding(instruction) && i > 0 && endsThere(all, i - 1)));
    const jumps = code.flatMap((instruction) => jumpOf(instruction) ?? []);
    const dispatch = instructions.findIndex((instruction, i) => i >= first && i < after && isIndirectJump(instruction));
    const direct = jumps.filter(({ conditional }) => !conditional).length;
    return {
      bytes: end - entry,
      code,
      toDispatch: dispatch < 0 ? undefined : endOf(dispatch) - entry,
      direct,
      conditional: jumps.length - direct,
      calls: code.filter(({ text }) => text.startsWith("call")).length,
      leaving: jumps.filter(({ target }) => target < entry || target >= end).length,
      relative: code.filter((instruction) => isRelative(instruction) && !isOfDispatch(instruction)).length,
    };
  });
}

/**
 * Bodies in the form of the files in native-code/.
 * @param dispatch bytes and instructions of one dispatch
 * @param comments comments for the file, its title first
 */
export function writeBodies(
  names: readonly string[],
  bodies: readonly BodyCode[],
  dispatch: { readonly bytes: number; readonly instructions: number },
  comments: readonly string[],
): string {
  const rows = names.map((name, opcode) => {
    const { bytes, code, toDispatch, direct, conditional, calls, leaving, relative } = bodies[opcode];
    const cell = /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    return [cell, bytes, code.length, toDispatch ?? "", direct, conditional, calls, leaving, relative].join(",");
  });
  return [
    `# ${comments[0]}`,
    `# dispatch_bytes=${dispatch.bytes} dispatch_instructions=${dispatch.instructions}`,
    ...comments.slice(1).map((line) => `# ${line}`),
    "opcode,body_bytes,native_instructions,bytes_to_own_dispatch,direct_jumps,conditional_branches,calls,branches_leaving_body,pc_relative_references",
    ...rows,
    "",
  ].join("\n");
}

/**
 * The bodies of a generated interpreter.
 * @param names    of opcodes, by number
 * @param comments comments for the file
 * @throws RunError when the form has no addresses of bodies
 */
export function bodyTable(binary: Binary, names: readonly string[], comments: readonly string[]): string {
  const entries = entriesOf(binary);
  if (entries === undefined) throw new RunError("this form has no table of bodies: ask for token, direct, call or tail-call threading");
  const bodies = measureBodies(binary, entries);
  const noop = bodies[names.indexOf("noop")];
  return writeBodies(names, bodies, { bytes: noop.toDispatch ?? noop.bytes, instructions: noop.code.length }, comments);
}
