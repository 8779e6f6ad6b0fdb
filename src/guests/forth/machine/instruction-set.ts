// The instructions of the Forth guest by number: those of the table, and words that the host executes.
import { type BodyFacts, readMeasuredBodies } from "../../../bodies/measured-bodies.ts";
import type { Flow, Opcode } from "../../../trace/virtual.ts";
import { effectOf, type InstructionOptions, instructions } from "./instructions.ts";

export interface Shape {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly flow: Flow;
  readonly ends: boolean;
  /** Whether its operand is the virtual address that it goes to. */
  readonly direct: boolean;
  /** Whether its operand is a virtual address at all. */
  readonly refers: boolean;
}

/** How control leaves instructions whose operand is the virtual address that it goes to. */
const DIRECT: readonly Flow[] = ["jump", "conditional", "call"];

/** The interpreter whose primitives' measured bodies give instructions their native cost. */
const GFORTH = "gforth-0.7.3-gcc12";

/** The facts of a word that the host executes: a body that calls a C function, like Gforth's; the size of most, 47 bytes with its dispatch. */
const HOST_BODY: BodyFacts = { bodyBytes: 37, nativeInstructions: 9, conditionalBranches: 0, helperCalls: 1, relocatable: false };

function bodyFacts(name: string | undefined): BodyFacts {
  if (name === undefined) return HOST_BODY;
  const body = readMeasuredBodies(GFORTH).bodyOf(name);
  if (body === undefined) throw new Error(`no measured body: ${name}`);
  return body.facts;
}

/** @typeParam Host what a word of the host does */
export class InstructionSet<Host> {
  readonly shapes: Shape[] = [];
  readonly opcodes: Opcode[] = [];
  readonly hostWords: (Host | undefined)[] = [];
  readonly #numberOf = new Map<string, number>();

  constructor() {
    for (const name of ["(halt)", "(resume)", "(trap)"]) {
      this.shapes.push({ name, inputs: 0, outputs: 0, flow: "halt", ends: true, direct: false, refers: false });
      this.hostWords.push(undefined);
    }
    for (const [name, effect, , options = {}] of instructions) this.define(name, effect, options, options.body ?? name, undefined);
  }

  /** Adds an instruction; returns its number. @param body name of its measured body @param host what the host does, if it executes it */
  define(name: string, effect: string, options: InstructionOptions, body: string | undefined, host: Host | undefined): number {
    const { inputs, outputs } = effectOf(effect);
    const flow = options.flow ?? "next";
    const ends = flow !== "next" || options.ends === true;
    const direct = options.operands === 1 && DIRECT.includes(flow);
    const refers = direct || options.handler === true;
    this.shapes.push({ name, inputs: inputs.length, outputs: outputs.length, flow, ends, direct, refers });
    this.hostWords.push(host);
    this.opcodes.push({ name, flow, operands: options.operands ?? 0, ...bodyFacts(body) });
    this.#numberOf.set(name, this.shapes.length - 1);
    return this.shapes.length - 1;
  }

  /** The opcode number of an instruction by its name. */
  number(name: string): number {
    const number = this.#numberOf.get(name);
    if (number === undefined) throw new Error(`no instruction ${name}`);
    return number;
  }
}
