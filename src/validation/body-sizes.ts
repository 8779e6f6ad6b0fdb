// The bodies of a compiled interpreter, measured: bytes and instructions from each entry to the next one's, in the form of the
// files in native-code/, so that the model can have the very bodies that were recorded.
import { RunError } from "../errors.ts";
import type { Binary } from "./binary.ts";
import { runTool } from "./tools.ts";

/** Addresses of bodies, by opcode: the table that the interpreter fills its code from. Undefined where it has none. */
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

/**
 * @param names    of opcodes, by number
 * @param comments what the file says of itself
 * @throws RunError when the form has no addresses of bodies
 */
export function bodyTable(binary: Binary, names: readonly string[], comments: readonly string[]): string {
  const entries = entriesOf(binary);
  if (entries === undefined) throw new RunError("this form has no table of bodies: ask for token, direct, call or tail-call threading");
  const bounds = [...new Set([...entries, ...binary.ranges.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const { instructions } = binary;
  const at = new Map(instructions.map(({ address }, i) => [address, i]));
  const last = Math.max(...entries);
  /** Where an instruction ends: padding behind a function is nobody's. */
  const endOf = (i: number): number => {
    const { address } = instructions[i];
    const range = binary.ranges.find(({ start, end }) => address >= start && address < end);
    return Math.min(instructions[i + 1]?.address ?? Number.POSITIVE_INFINITY, range?.end ?? Number.POSITIVE_INFINITY);
  };
  const measure = (entry: number) => {
    const bound = bounds[bounds.indexOf(entry) + 1];
    const first = at.get(entry) ?? 0;
    let after = first;
    while (after < instructions.length && instructions[after].address < bound) after++;
    const isDispatch = ({ text }: { readonly text: string }): boolean => /^(notrack )?jmpq?\s+\*/.test(text);
    // behind the last body stands what belongs to all
    if (entry === last && !binary.ranges.some(({ start }) => start === entry)) {
      const own = instructions.findIndex((instruction, i) => i >= first && isDispatch(instruction));
      if (own >= 0 && own < after) after = own + 1;
    }
    const end = endOf(after - 1);
    const code = instructions.slice(first, after).filter(({ text }) => !/^(nop|xchg\s+%ax,%ax|data16|cs nop)/.test(text));
    const jumps = code.flatMap(({ text }) => {
      const [, operation, target] = /^(?:notrack |bnd )?(j\w+)\s+([0-9a-f]+)\b/.exec(text) ?? [];
      return operation === undefined ? [] : { operation, target: Number.parseInt(target, 16) };
    });
    const dispatch = instructions.findLastIndex((instruction, i) => i >= first && i < after && isDispatch(instruction));
    const direct = jumps.filter(({ operation }) => operation.startsWith("jmp")).length;
    return {
      bytes: end - entry,
      instructions: code.length,
      toDispatch: dispatch < 0 ? undefined : endOf(dispatch) - entry,
      direct,
      conditional: jumps.length - direct,
      calls: code.filter(({ text }) => text.startsWith("call")).length,
      leaving: jumps.filter(({ target }) => target < entry || target >= end).length,
      relative: code.filter(({ text }) => text.includes("(%rip)")).length,
    };
  };
  const noop = measure(entries[names.indexOf("noop")]);
  const rows = names.map((name, opcode) => {
    const { bytes, instructions: count, toDispatch, direct, conditional, calls, leaving, relative } = measure(entries[opcode]);
    const cell = /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    return [cell, bytes, count, toDispatch ?? "", direct, conditional, calls, leaving, relative].join(",");
  });
  return [
    `# ${comments[0]}`,
    `# dispatch_bytes=${noop.toDispatch ?? noop.bytes} dispatch_instructions=${noop.instructions}`,
    ...comments.slice(1).map((line) => `# ${line}`),
    "opcode,body_bytes,native_instructions,bytes_to_own_dispatch,direct_jumps,conditional_branches,calls,branches_leaving_body,pc_relative_references",
    ...rows,
    "",
  ].join("\n");
}
