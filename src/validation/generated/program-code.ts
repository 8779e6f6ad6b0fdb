// Shared by the generators of all techniques: the loaded program, the bodies to copy, and the addresses of generated code.
import type { Profile } from "../../dispatch/profile.ts";
import type { Flow, Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { CodeBuffer } from "./code-buffer.ts";
import type { Stencil, Stencils } from "./stencils.ts";

/** A program for which code is generated. */
export interface ProgramToGenerate {
  readonly program: VirtualProgram;
  readonly operandAt: (address: number) => number;
  /** The profile of the training programs, used by the lab's own selection. */
  readonly profile: Profile;
  /** Whether every virtual return goes where a native one would; otherwise generated code sets return addresses first. */
  readonly returnsMatch: boolean;
  readonly stencils: Stencils;
  readonly code: CodeBuffer;
  /** The technique's parameters. */
  readonly values: Readonly<Record<string, number | boolean | string>>;
}

export interface ProgramCode {
  /** Virtual address → native address; missing where control never arrives under the technique. */
  readonly addresses: ReadonlyMap<number, number>;
  /** Address at which a run begins; default: a separate dispatch. */
  readonly entry?: number;
}

/** Generates the code of a program under one technique. */
export type Generator = (loaded: ProgramToGenerate) => ProgramCode;

export const opcodeAt = ({ program }: ProgramToGenerate, address: number): Opcode => program.opcodes[program.opcodeAt(address)];

export const isLoaded = ({ program }: ProgramToGenerate, address: number): boolean =>
  address < program.addressCount && program.opcodeAt(address) >= 0;

/** How control leaves instructions whose target is in the loaded code. */
export const CONSTANT_FLOWS: readonly Flow[] = ["conditional", "jump", "call"];

/** Virtual addresses where something is loaded, ascending. */
export const loadedAddresses = (loaded: ProgramToGenerate): number[] =>
  Array.from({ length: loaded.program.addressCount }, (_, address) => address).filter((address) => isLoaded(loaded, address));

/** The body of an opcode, to be copied unchanged. */
export function plainOf({ stencils }: ProgramToGenerate, opcode: string): Stencil {
  const stencil = stencils.plain.get(opcode);
  if (stencil === undefined) throw new Error(`no body of ${opcode}`);
  return stencil;
}

/** Puts one piece of code for each opcode that is loaded; returns their addresses by opcode. */
export function onceForEachOpcode(loaded: ProgramToGenerate, put: (opcode: Opcode) => void): ReadonlyMap<string, number> {
  const addresses = new Map<string, number>();
  for (const address of loadedAddresses(loaded)) {
    const opcode = opcodeAt(loaded, address);
    if (addresses.has(opcode.name)) continue;
    addresses.set(opcode.name, loaded.code.here());
    put(opcode);
  }
  return addresses;
}
