// What a fresh instance of a model answers to given branches: for conformance checks and for tests.
import { NONE } from "../branch.ts";
import type { Parameters, Values } from "../parameters.ts";
import type { Inspection } from "./inspection.ts";
import { type Context, declaredBy, kindSets, type PredictorDefinition } from "./predictor.ts";
import type { Branches } from "./sample-branches.ts";

/** The defaults of a model's parameters, some of them changed. */
export function valuesOf<P extends Parameters>(definition: PredictorDefinition<P>, changed: Partial<Values<P>> = {}): Values<P> {
  const defaults = Object.fromEntries(Object.entries(definition.parameters).map(([key, { default: value }]) => [key, value]));
  return { ...defaults, ...changed } as Values<P>;
}

export function coversOf<P extends Parameters>(definition: PredictorDefinition<P>, values: Values<P>): number {
  return kindSets(definition, values).covers;
}

export function tracksOf<P extends Parameters>(definition: PredictorDefinition<P>, values: Values<P>): number {
  return kindSets(definition, values).tracks;
}

/** What a fresh instance answers, branch by branch; undefined for kinds that it does not cover. */
export function answersOf<P extends Parameters>(
  definition: PredictorDefinition<P>,
  values: Values<P>,
  branches: Branches,
  {
    tracks = tracksOf(definition, values),
    meddle = (_predict: (pc: number) => number, _inspect: (pc: number) => Inspection | undefined): void => {},
    blindTo = undefined as Context | undefined,
  } = {},
): (number | undefined)[] {
  const declared = declaredBy(definition, values);
  const predictor = definition.create(values);
  const covers = coversOf(definition, values);
  const answers: (number | undefined)[] = [];
  for (let i = 0; i < branches.count; i++) {
    const pc = branches.pcs[i];
    const target = branches.targets[i];
    const taken = branches.taken[i];
    const kind = branches.kinds[i];
    const context = declared.map((name) => (name === blindTo ? 0 : (branches.contexts?.[name]?.[i] ?? 0)));
    meddle(
      (other) => predictor.predict(other, NONE, ...context),
      (other) => predictor.inspect?.(other, NONE, ...context),
    );
    answers.push(kind & covers ? predictor.predict(pc, branches.statics?.[i] ?? NONE, ...context) : undefined);
    if (kind & covers) predictor.train(pc, target, taken, ...context);
    if (kind & tracks) predictor.track?.(pc, target, taken, kind, branches.nexts?.[i] ?? pc, ...context);
  }
  return answers;
}
