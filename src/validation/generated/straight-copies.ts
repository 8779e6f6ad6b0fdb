// Techniques whose copies follow each other in load order, so that control falls through from one into the next: across basic blocks,
// and catenation.
import { fallsThrough } from "../../dispatch/layouts/load-order.ts";
import { CONSTANT_FLOWS, type Generator, isLoaded, loadedAddresses, opcodeAt, type ProgramToGenerate, plainOf } from "./program-code.ts";

/** Dispatches when control is transferred: always, or if the preceding body says so. */
function leaveTransferred({ code, program }: ProgramToGenerate, address: number): void {
  if (!fallsThrough(program.flowAt(address))) {
    code.dispatch();
    return;
  }
  let behind = 0;
  code.branch("unless", () => behind);
  code.dispatch();
  behind = code.here();
}

/** Copies of all bodies; the virtual program counter is kept. */
export const acrossBasicBlocks: Generator = (loaded) => {
  const { code, program } = loaded;
  const addresses = new Map(
    loadedAddresses(loaded).map((address) => {
      const at = code.here();
      const flow = program.flowAt(address);
      code.body(plainOf(loaded, opcodeAt(loaded, address).name));
      if (fallsThrough(flow) && !isLoaded(loaded, address + 1)) code.dispatch();
      else if (flow !== "next") leaveTransferred(loaded, address);
      return [address, at];
    }),
  );
  return { addresses };
};

/** Copies of all bodies with their operands as constants; native branches for static targets. */
export const catenation: Generator = (loaded) => {
  const { code, program, stencils, operandAt } = loaded;
  const addresses = new Map<number, number>();
  for (const address of loadedAddresses(loaded)) {
    const { name, flow } = opcodeAt(loaded, address);
    const stencil = stencils.specialised.get(name);
    if (stencil === undefined) throw new Error(`no body of ${name}`);
    const target = program.targetAt(address);
    addresses.set(address, code.here());
    code.body(stencil, { operand: operandAt(address), here: address + 1 });
    const there = (): number => addresses.get(target) ?? 0;
    if (CONSTANT_FLOWS.includes(flow) && target < 0) throw new Error(`${name} at ${address}: expected a target in its code`);
    if (flow === "conditional") code.branch("transferred", there);
    else if (flow === "jump" || flow === "call") code.jump(there);
    else if (flow !== "next") leaveTransferred(loaded, address);
    else if (!isLoaded(loaded, address + 1)) code.trap();
  }
  return { addresses };
};
