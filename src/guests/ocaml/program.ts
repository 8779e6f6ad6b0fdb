// A loaded OCaml program in the form for dispatch techniques.
import { readMeasuredBodies } from "../../bodies/measured-bodies.ts";
import type { Flow, Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { ExecutedBlocks } from "./executed-blocks.ts";
import { EFFECT_INSTRUCTIONS, instructions } from "./instructions.ts";
import type { Code } from "./loading/code.ts";

/** The interpreter whose measured bodies give instructions their native cost. */
const OCAMLRUN = "ocamlrun-4.13-gcc12";

/** The instruction whose body those for effects are taken to have: none of them was measured, as OCaml 4 has none. */
const LIKE_EFFECTS = "C_CALLN";

/** How control leaves instructions whose last operand says where it goes. */
const DIRECT: readonly Flow[] = ["jump", "conditional"];

/** Facts of the instruction table. */
function measuredOpcodes(effects: boolean): Opcode[] {
  const bodies = readMeasuredBodies(OCAMLRUN);
  const known = effects ? instructions : instructions.slice(0, instructions.length - EFFECT_INSTRUCTIONS);
  return known.map(({ name, operands, flow }, i) => {
    const body = bodies.bodyOf(i < instructions.length - EFFECT_INSTRUCTIONS ? name : LIKE_EFFECTS);
    if (body === undefined) throw new Error(`no measured body: ${name}`);
    return { name, operands: operands.length, flow, ...body.facts };
  });
}

export function virtualProgram({ words, effects, addressOf, wordOf, entered }: Code, blocks: ExecutedBlocks): VirtualProgram {
  const opcodeAt = (address: number): number => words[wordOf[address]];
  const flowAt = (address: number): Flow => instructions[opcodeAt(address)].flow;
  return {
    opcodes: measuredOpcodes(effects),
    opcodeAt,
    flowAt,
    addressCount: wordOf.length - 1,
    targetAt: (address) => (DIRECT.includes(flowAt(address)) ? addressOf[words[wordOf[address + 1] - 1]] : -1),
    enteredAt: (address) => entered[address] === 1,
    get blockCount() {
      return blocks.count;
    },
    blockStart: (block) => blocks.start(block),
    blockLength: (block) => blocks.length(block),
    leftByHost: (block) => blocks.leftByHost(block),
  };
}
