// Names of native code in explanations: the opcode, or which of its copies.
import { CALL, hexadecimal, RETURN } from "../branch.ts";
import type { Lowering } from "../dispatch/lowering.ts";
import type { NativeInstruction } from "../dispatch/native-code.ts";
import type { VirtualProgram } from "../trace/virtual.ts";

/**
 * The name of the native code at an address: of an instruction's code "A", or `copyName` where the opcode has several; of what is
 * called "body of A", of where a return goes "after A"; otherwise the address.
 * @param program as the technique sees it, with the blocks that have executed
 * @param copyName of an opcode's code at a virtual address, which is its `instance`th, from 1
 */
export function codeNames(
  program: VirtualProgram,
  { block, entry: programEntry }: Lowering,
  copyName: (opcode: string, virtualAddress: number, instance: number) => string,
): (address: number) => string {
  /** For each opcode the code of its instances, by virtual address. */
  const instancesOf = new Map<string, Map<number, NativeInstruction>>();
  for (let id = 0; id < program.blockCount; id++)
    for (const [i, code] of block(id).instructions.entries()) {
      const address = program.blockStart(id) + i;
      const { name } = program.opcodes[program.opcodeAt(address)];
      const instances = instancesOf.get(name) ?? new Map<number, NativeInstruction>();
      instancesOf.set(name, instances);
      instances.set(address, code);
    }
  const names = new Map<number, string>();
  /** Names of code that is no instruction's own. */
  const others = new Map<number, string>();
  for (const [opcode, instances] of instancesOf) {
    const shared = new Set([...instances.values()].map(({ entry }) => entry)).size === 1;
    const ordered = [...instances].sort(([a], [b]) => a - b);
    for (const [i, [address, { entry, sites }]] of ordered.entries()) {
      // instances may share one of several copies: the first gives the name
      const label = shared ? opcode : (names.get(entry) ?? copyName(opcode, address, i + 1));
      names.set(entry, label);
      for (const { target, kind } of sites) {
        if (kind === CALL) others.set(target, `body of ${opcode}`);
        else if (kind === RETURN && target !== programEntry.after) others.set(target, `after ${label}`);
      }
    }
  }
  return (address) => names.get(address) ?? others.get(address) ?? hexadecimal(address);
}
