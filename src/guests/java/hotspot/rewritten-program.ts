// A Java program as one of HotSpot's interpreters has it: its code rewritten when classes are linked, and while it runs.
import type { VirtualProgram } from "../../../trace/virtual.ts";
import type { ClassFile, Instruction } from "../class-file.ts";
import type { Picture } from "../picture.ts";
import { hotspotOpcodes } from "./codes.ts";
import { createRewrittenCode, type RewrittenCode } from "./rewritten-code.ts";
import { type Interpreter, mayPair, RULES, resolvedOpcode, ruleOf } from "./rules.ts";

export interface RewrittenProgram {
  readonly code: RewrittenCode;
  /** Takes each method that gets addresses. */
  readonly learn: Picture["onMethod"];
}

/**
 * @param source the same program as its class files have it, which grows out of the picture
 * @param before opcodes that instructions had got before the trace began, by address
 */
export function rewrittenByHotspot(
  picture: Picture,
  source: VirtualProgram,
  interpreter: Interpreter,
  before: ReadonlyMap<number, number> = new Map(),
): RewrittenProgram {
  /** Instructions that will have to find their operands, by address. */
  const resolving = new Map<number, readonly [file: ClassFile, instruction: Instruction]>();
  const code = createRewrittenCode(source, hotspotOpcodes, (address) => {
    const found = resolving.get(address);
    resolving.delete(address);
    return found === undefined ? -1 : resolvedOpcode(...found, interpreter, (kind, member) => picture.find(kind, member));
  });
  return {
    code,
    learn(file, method, instructions, base) {
      const rules = instructions.map((instruction, i) => {
        const opcode = before.get(base + i);
        return opcode === undefined ? ruleOf(file, method, instruction, interpreter) : { opcode, rule: RULES.stays };
      });
      const afterPairs: number[] = [];
      for (const [i, { rule }] of rules.entries()) {
        if (rule === RULES.resolves) resolving.set(base + i, [file, instructions[i]]);
        const second = instructions[i + 1];
        if (second !== undefined && mayPair(instructions[i].code, second, file)) afterPairs.push(base + i + 2);
      }
      code.learn(base, rules, afterPairs);
    },
  };
}
