// Interpreters with additional bodies: superinstructions, which do the work of several instructions with one dispatch, and
// replicas, among which a loader chooses. Everything is dispatched as in direct threading.
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { BodyChoice, LayoutContext, NativeCode } from "../native-code.ts";
import { concatenated, concatenatedBytes, DISPATCH, NO_CODE, threadedBodies } from "./copied-code.ts";
import { codeOf, inLoadOrder, type Later } from "./load-order.ts";
import { randomNumbers } from "./placement.ts";
import { relocates } from "./relocation.ts";
import { chooseReplicas, chooseSuperinstructions, parseGreedily, parseOptimally, unitOf } from "./selection.ts";

export const superinstructionParameters = {
  superinstructions: {
    default: 400,
    min: 0,
    max: 65536,
    unit: "bodies",
    description: "superinstructions, chosen by the training programs",
  },
  longest: { default: 4, min: 2, max: 16, unit: "instructions", description: "instructions in a superinstruction, at most" },
  parse: {
    type: "choice",
    choices: ["greedy", "optimal"],
    default: "greedy",
    description: "a basic block is cut into the longest superinstructions from its start, or into as few as possible",
  },
} as const;

export const replicaParameters = {
  replicas: {
    default: 400,
    min: 0,
    max: 65536,
    unit: "bodies",
    description: "additional copies of bodies, for those that the training programs execute most",
  },
  every: { default: 1, min: 1, max: 64, unit: "bodies", description: "bodies that every opcode has, executed often or not" },
  assign: {
    type: "choice",
    choices: ["round-robin", "random"],
    default: "round-robin",
    description: "which copy an instruction gets when it is loaded: each in turn, or any",
  },
  seed: { default: 1, min: 0, max: 2147483647, description: "of the random assignment" },
} as const;

export interface StaticUnitsOptions {
  readonly align: number;
  readonly superinstructions: number;
  readonly longest: number;
  readonly parse: "greedy" | "optimal";
  readonly replicas: number;
  readonly every: number;
  readonly assign: "round-robin" | "random";
  readonly seed: number;
}

type SuperinstructionOptions = Pick<StaticUnitsOptions, "superinstructions" | "longest" | "parse">;

/** Superinstructions chosen by a profile, with one body each. @param fits whether an opcode may be part of one */
export function superinstructionChoice(
  { profile }: LayoutContext,
  { superinstructions, longest, parse }: SuperinstructionOptions,
  fits?: (opcode: string) => boolean,
): BodyChoice {
  const chosen = chooseSuperinstructions(profile, superinstructions, longest, fits);
  return {
    bodies: new Map([...chosen].map((unit) => [unit, 1])),
    parse: (parse === "greedy" ? parseGreedily : parseOptimally)(chosen, longest),
  };
}

/** Superinstructions of opcodes whose bodies may be copied. */
export function copyableChoice(
  program: VirtualProgram,
  context: LayoutContext,
  { relocatable, ...options }: SuperinstructionOptions & { readonly relocatable: Parameters<typeof relocates>[0] },
): BodyChoice {
  const copyable = new Set(program.opcodes.filter(relocates(relocatable)).map(({ name }) => name));
  return superinstructionChoice(context, options, (name) => copyable.has(name));
}

/** Superinstructions, and replicas of them and of opcodes. */
export function staticChoice(program: VirtualProgram, context: LayoutContext, options: StaticUnitsOptions): BodyChoice {
  const { bodies: chosen, parse } = superinstructionChoice(context, options);
  const bodies = new Map([...chosen, ...chooseReplicas(context.profile, parse, options.replicas)]);
  if (options.every > 1) for (const { name } of program.opcodes) bodies.set(name, Math.max(bodies.get(name) ?? 1, options.every));
  return { bodies, parse };
}

export function staticUnits(program: VirtualProgram, context: LayoutContext, options: StaticUnitsOptions): NativeCode {
  const { align, assign, seed } = options;
  const { space, entry, inPlace } = threadedBodies(program, context, align);
  const { bodies: chosen, parse } = staticChoice(program, context, options);
  const random = randomNumbers(seed);

  /** The additional bodies of each unit. The first body of a single opcode is the plain one, and not among them. */
  const additional = new Map<string, Later[][]>();
  const opcodeOf = new Map(program.opcodes.map((opcode) => [opcode.name, opcode]));
  space.bodyOf(0);
  for (const [unit, count] of chosen) {
    const opcodes = unit.split(" ").flatMap((name) => opcodeOf.get(name) ?? []);
    // a training program may define its own opcodes
    if (unitOf(opcodes.map(({ name }) => name)) !== unit) continue;
    additional.set(
      unit,
      Array.from({ length: count - (opcodes.length === 1 ? 1 : 0) }, () => {
        const { start } = space.anotherBody(concatenatedBytes(opcodes, NO_CODE) - DISPATCH.bytes, DISPATCH.bytes);
        return concatenated(opcodes, start, NO_CODE);
      }),
    );
  }

  const turns = new Map<string, number>();
  /** The body that the next instruction of a unit gets; undefined for the plain one. */
  function bodyFor(unit: string, single: boolean): Later[] | undefined {
    const bodies = additional.get(unit) ?? [];
    const count = bodies.length + (single ? 1 : 0);
    const turn = turns.get(unit) ?? 0;
    turns.set(unit, turn + 1);
    const copy = assign === "random" ? random(count) : turn % count;
    return bodies[single ? copy - 1 : copy];
  }
  const loader = codeOf((start, end) => {
    const names = Array.from({ length: end - start }, (_, i) => program.opcodes[program.opcodeAt(start + i)].name);
    const code: Later[] = [];
    for (const length of parse(names)) {
      const from = code.length;
      code.push(...(bodyFor(unitOf(names.slice(from, from + length)), length === 1) ?? [() => inPlace(start + from)]));
    }
    return code;
  });
  return { entry, at: inLoadOrder(program, loader).at, pieces: () => space.pieces() };
}
