// Generates the machine code of one program under one technique from copies of compiled bodies, as such an interpreter would when it
// loads the program.

import type { Profile } from "../../dispatch/profile.ts";
import { readTechnique, type Technique, techniqueDefinition } from "../../dispatch/techniques.ts";
import { RunError, UsageError } from "../../errors.ts";
import type { Image } from "../../guests/forth/image.ts";
import { RUN_END } from "../../guests/forth/machine/layout.ts";
import { readParameters } from "../../parameters.ts";
import { calledBodies } from "./called-bodies.ts";
import { createCodeBuffer } from "./code-buffer.ts";
import type { Generator, ProgramToGenerate } from "./program-code.ts";
import type { Stencils } from "./stencils.ts";
import { acrossBasicBlocks, catenation } from "./straight-copies.ts";
import { compareTree, tableDispatch, unrolledSwitch } from "./table-dispatch.ts";
import { directThreading, dynamicReplication, dynamicSuperinstructions, staticUnits } from "./threaded-copies.ts";

const GENERATORS: Readonly<Record<string, Generator>> = {
  "across-basic-blocks": acrossBasicBlocks,
  catenation,
  "compare-tree": compareTree,
  "context-threading": calledBodies({ branches: true, calls: true }),
  "direct-threading": directThreading,
  "dynamic-both": dynamicSuperinstructions(false),
  "dynamic-replication": dynamicReplication,
  "dynamic-superinstructions": dynamicSuperinstructions(true),
  "replicated-switch": tableDispatch("own"),
  "selective-inlining": dynamicSuperinstructions(true),
  "static-across-basic-blocks": acrossBasicBlocks,
  "static-both": staticUnits,
  "static-replication": staticUnits,
  "static-superinstructions": staticUnits,
  switch: tableDispatch("shared"),
  "token-threading": tableDispatch("own"),
  "token-threading-shared-next": tableDispatch("shared"),
  "unrolled-switch": unrolledSwitch,
  "subroutine-threading": (loaded) => calledBodies({ branches: loaded.values.branches === true, calls: false })(loaded),
};

/** Techniques whose code can be generated, by id. */
export const GENERATED: readonly string[] = Object.keys(GENERATORS);

/** Techniques whose virtual calls and returns are native ones. */
const CALLS_NATIVELY = ["context-threading"];

/** A technique whose code is generated. */
export interface GeneratedTechnique {
  readonly id: string;
  /** Its model, in which every body may be copied, because copies are relocated, so that their calls work. */
  readonly model: Technique;
  readonly values: ProgramToGenerate["values"];
}

/**
 * Reads `id:parameter=value`.
 * @throws UsageError for a technique that is not generated, and for parameters that generated code does not follow
 */
export async function readGenerated(spec: string): Promise<GeneratedTechnique> {
  const [id, ...parts] = spec.trim().split(":");
  const { parameters } = await techniqueDefinition(id);
  const given = readParameters(`technique ${id}`, id, parts, parameters);
  for (const [name, needed] of [
    ["relocatable", "all"],
    ["merge", "none"],
    ["conditional", "move"],
  ]) {
    const named = parts.find((part) => part.startsWith(`${name}=`));
    if (named !== undefined && given.values[name] !== needed)
      throw new UsageError(`technique ${id}: generated code is that of ${name}=${needed}, got ${named}`);
  }
  const others = parts.filter((part) => !part.startsWith("relocatable="));
  const model = await readTechnique([id, ...others, ...("relocatable" in parameters ? ["relocatable=all"] : [])].join(":"));
  return { id, model, values: given.values };
}

/** Whether every virtual return goes to the return address on a native stack. */
function returnsMatch({ program, addresses }: Image): boolean {
  const stack = [RUN_END];
  let previous = -1;
  for (const address of addresses()) {
    const flow = previous < 0 ? "next" : program.flowAt(previous);
    // the mark between two runs begins the next one
    if (previous === RUN_END) stack.push(RUN_END);
    else if (flow === "return" && stack.pop() !== address) return false;
    if (flow === "call" || flow === "indirect-call") stack.push(previous + 1);
    previous = address;
  }
  return true;
}

/** Room on the native stack above the start of generated code, for programs that return more often than they call. */
const ROOM_BYTES = 1 << 16;

export interface GeneratedCode {
  /** The file that the interpreter loads. */
  readonly file: Buffer;
  readonly start: number;
  readonly end: number;
  /** The kinds of the technique's own branches, by address: those in bodies are not among them. */
  readonly branches: ReadonlyMap<number, number>;
}

/** Generates a program's code. @param profile of the training programs; only static techniques use it */
export function generateCode({ id, values }: GeneratedTechnique, image: Image, stencils: Stencils, profile: Profile): GeneratedCode {
  const { program } = image;
  const start = stencils.codeAddress;
  const words = image.words(stencils.opcode);
  const code = createCodeBuffer(start, stencils.bodyTable);
  const loaded: ProgramToGenerate = {
    program,
    operandAt: (address) => words[2 + 2 * address],
    profile,
    returnsMatch: !CALLS_NATIVELY.includes(id) || returnsMatch(image),
    stencils,
    code,
    values,
  };
  code.trap();
  const ownEntry = code.here();
  let entries: ReadonlyMap<number, number> = new Map();
  if (!loaded.returnsMatch) code.reserve(ROOM_BYTES);
  if (CALLS_NATIVELY.includes(id)) code.push(() => entries.get(RUN_END) ?? 0);
  code.dispatch();
  const { addresses, entry = ownEntry } = GENERATORS[id](loaded);
  entries = addresses;
  const bytes = code.finish();
  if (bytes.length > stencils.codeRoomBytes)
    throw new RunError(`technique ${id}: expected at most ${stencils.codeRoomBytes} bytes of generated code, got ${bytes.length}`);
  const count = program.addressCount;
  const file = Buffer.alloc(24 + 8 * count + bytes.length);
  [bytes.length, entry, count].forEach((value, i) => {
    file.writeBigUInt64LE(BigInt(value), 8 * i);
  });
  for (let address = 0; address < count; address++) file.writeBigUInt64LE(BigInt(entries.get(address) ?? start), 24 + 8 * address);
  bytes.copy(file, 24 + 8 * count);
  return { file, start, end: start + bytes.length, branches: code.branches };
}
