// A program whose opcodes have the native bodies of another interpreter: what would this dispatch cost if the bodies were
// OCaml's? The trace stays the same, block for block.

import type { VirtualRun } from "../trace/run.ts";
import type { Opcode, VirtualProgram } from "../trace/virtual.ts";
import type { BodyFacts, MeasuredBodies } from "./measured-bodies.ts";

/**
 * A view of a program. An opcode whose name the measured interpreter has, too, gets the body that it has there. Any other gets
 * the body of the same rank: the share of measured bodies smaller than it equals the share of the program's opcodes with
 * smaller bodies (other opcodes with bodies of the same size count half). Opcodes that appear while the program runs are
 * ranked among those known then; an opcode keeps the body that it got first.
 */
export function withBodies(program: VirtualProgram, measured: MeasuredBodies): VirtualProgram {
  const opcodes: Opcode[] = [];
  /** Always the same array, because layouts keep a reference to it. */
  function upToDate(): readonly Opcode[] {
    const own = program.opcodes;
    if (opcodes.length < own.length) {
      const facts = own.slice(opcodes.length).map((opcode) => factsOf(opcode, own, measured));
      for (const body of facts) opcodes.push({ ...own[opcodes.length], ...body });
    }
    return opcodes;
  }
  return {
    get opcodes() {
      return upToDate();
    },
    opcodeAt(address) {
      const opcode = program.opcodeAt(address);
      if (opcode >= opcodes.length) upToDate();
      return opcode;
    },
    flowAt: (address) => program.flowAt(address),
    get addressCount() {
      return program.addressCount;
    },
    targetAt: (address) => program.targetAt(address),
    enteredAt: (address) => program.enteredAt(address),
    get blockCount() {
      return program.blockCount;
    },
    blockStart: (block) => program.blockStart(block),
    blockLength: (block) => program.blockLength(block),
    leftByHost: (block) => program.leftByHost(block),
  };
}

/** A run of the same program with other bodies; `undefined` leaves it its own. */
export function runWithBodies(run: VirtualRun, measured: MeasuredBodies | undefined): VirtualRun {
  if (measured === undefined) return run;
  return { program: withBodies(run.program, measured), run: (sink, rewritten) => run.run(sink, rewritten) };
}

function factsOf({ name, bodyBytes }: Opcode, among: readonly Opcode[], measured: MeasuredBodies): BodyFacts {
  const named = measured.bodyOf(name);
  if (named !== undefined) return named.facts;
  const smaller = among.filter((other) => other.bodyBytes < bodyBytes).length;
  const others = among.filter((other) => other.bodyBytes === bodyBytes).length - 1;
  return measured.atShare(among.length < 2 ? 0.5 : (smaller + others / 2) / (among.length - 1)).facts;
}
