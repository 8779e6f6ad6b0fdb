// Finds the indirect jumps through which an interpreter's bodies leave, in its disassembly.
import { type Binary, type DisassembledInstruction, isIndirectJump, jumpOf } from "./binary.ts";

/** The address that an instruction loads, as noted in the disassembly. */
export const loaded = ({ text }: DisassembledInstruction): string | undefined => /^lea\s+\S+\(%rip\),.*# ([0-9a-f]+)/.exec(text)?.[1];

/**
 * The indirect jumps that control can reach from a body's entry, those of the likely path first.
 * @param casesOf where an indirect jump goes that is a switch inside a body, and no dispatch; empty for others
 */
export function sitesFrom(
  entry: number,
  { instructions, ranges }: Binary,
  casesOf: (site: number) => readonly number[] = () => [],
): number[] {
  const at = new Map(instructions.map(({ address }, i) => [address, i]));
  const seen = new Set<number>();
  const found: number[] = [];
  const waiting = [entry];
  // compilers place the likely path without taken branches: targets of conditionals are visited after everything that falls through
  for (let from = waiting.shift(); from !== undefined; from = waiting.shift()) {
    for (let i = at.get(from); i !== undefined && i < instructions.length && !seen.has(i); ) {
      seen.add(i);
      const instruction = instructions[i];
      const jump = jumpOf(instruction);
      if (isIndirectJump(instruction)) {
        const cases = casesOf(instruction.address);
        waiting.push(...cases);
        if (cases.length === 0) found.push(instruction.address);
      }
      if (isIndirectJump(instruction) || /^ret/.test(instruction.text)) break;
      if (jump?.conditional === true) waiting.push(jump.target);
      i = jump?.conditional === false ? at.get(jump.target) : i + 1;
    }
  }
  return found.filter((address) => ranges.some(({ start, end }) => address >= start && address < end));
}
