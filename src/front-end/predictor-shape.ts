// Checks of a predictor's definition and instances, made for every file before it is used.
import { ALL_KINDS, CALL, CONDITIONAL, DIRECT, JUMP, kindNames, NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import { type FieldRule, functionRule, optional, parametersRule, type Shape } from "../files/plug-ins.ts";
import { inspectionTrouble } from "../models/inspection.ts";
import { CONTEXTS, type Context, KIND_SETS, type KindSet, type Predictor, statisticsTrouble } from "../models/predictor.ts";

/** Levels of a buffer: more are not counted apart. */
const MOST_LEVELS = 3;

const isLevels = (value: unknown): boolean => value === 1 || value === 2 || value === MOST_LEVELS;

function isKinds(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && (value & ~ALL_KINDS) === 0;
}

const kindsRule: FieldRule = (field, value) =>
  typeof value === "function" || isKinds(value) ? undefined : `${field} must be a set of kinds such as INDIRECT or CONDITIONAL`;

/** Says what is wrong with a list of contexts. */
function contextsTrouble(field: string, value: unknown): string | undefined {
  const known = `${field} must be a list of ${CONTEXTS.join(", ")}, each once at most`;
  if (!Array.isArray(value)) return known;
  const wrong = value.find((name, i) => !CONTEXTS.includes(name) || value.indexOf(name) !== i);
  return wrong === undefined ? undefined : `${known}, got ${JSON.stringify(wrong)}`;
}

export const PREDICTOR: Shape = {
  kind: "predictor",
  typed: "made by definePredictor({ … })",
  see: "docs/own-predictors.md",
  fields: {
    create: functionRule("that returns { predict, train }"),
    storageBits: functionRule("of the parameters"),
    ...Object.fromEntries(KIND_SETS.map((set) => [set, set === "covers" ? kindsRule : optional(kindsRule)])),
    levels: optional((field, value) =>
      typeof value === "function" || isLevels(value) ? undefined : `${field} must be a number of levels from 1 to ${MOST_LEVELS}`,
    ),
    declares: optional((field, value) => (typeof value === "function" ? undefined : contextsTrouble(field, value))),
    check: optional(functionRule("of the parameters")),
    parameters: parametersRule,
  },
};

/** Calls an instance a few times, so that a broken file is refused before a long run and not after it. */
export function probe(
  owner: string,
  instance: Predictor,
  sets: Record<KindSet, number>,
  contexts: readonly Context[],
  levels: number,
): void {
  const trouble = contextsTrouble("declares", contexts);
  if (trouble !== undefined) throw new UsageError(`${owner}: ${trouble}`);
  if (!isLevels(levels)) throw new UsageError(`${owner}: levels must be a number from 1 to ${MOST_LEVELS}, got ${levels}`);
  if (levels > 1 && (sets.fetches === 0 || typeof instance?.level !== "function"))
    throw new UsageError(`${owner}: a buffer of ${levels} levels must state what it fetches, and have a function level`);
  const { covers, tracks, fetches, answersFirst, passesOn } = sets;
  for (const name of KIND_SETS) {
    if (!isKinds(sets[name])) throw new UsageError(`${owner}: ${name} must be a set of kinds, got ${sets[name]}`);
  }
  if (covers === 0 && answersFirst === 0) throw new UsageError(`${owner}: covers must be a set of kinds, got ${covers}`);
  if (covers !== 0 && answersFirst !== 0)
    throw new UsageError(`${owner}: what answers first is overridden by other models, so it covers nothing, got ${kindNames(covers)}`);
  const notPassed = passesOn & (~covers | DIRECT);
  if (notPassed !== 0)
    throw new UsageError(`${owner}: it cannot pass on ${kindNames(notPassed)} branches: only indirect ones and returns that it covers`);
  const direct = covers & (JUMP | CALL);
  if (direct !== 0)
    throw new UsageError(`${owner}: covers must leave out ${kindNames(direct)}: direct branches are taken to be predicted right`);
  if (typeof instance?.predict !== "function" || typeof instance.train !== "function") {
    throw new UsageError(`${owner}: create must return an object with the functions predict and train`);
  }
  if (instance.finish !== undefined && typeof instance.finish !== "function")
    throw new UsageError(`${owner}: finish must be a function that returns figures of its own`);
  if (instance.inspect !== undefined && typeof instance.inspect !== "function")
    throw new UsageError(`${owner}: inspect must be a function that returns a list of parts to draw`);
  if (tracks !== 0 && typeof instance.track !== "function") {
    throw new UsageError(`${owner}: it says that it tracks ${kindNames(tracks)} branches, but has no track function`);
  }
  for (let kind = 1; kind <= ALL_KINDS; kind <<= 1) {
    for (let i = 0; i < 8; i++) {
      const pc = 0x401000 + i * 64;
      const taken = kind === CONDITIONAL ? i & 1 : 1;
      const context = contexts.map(() => i);
      if ((covers | fetches | answersFirst) & kind) {
        const answer = instance.predict(pc, pc + 32, ...context);
        if (covers & kind & CONDITIONAL ? answer !== 0 && answer !== 1 : answer !== (answer | 0))
          throw new UsageError(nonsense(owner, answer));
        instance.train(pc, pc + 32, taken, ...context);
      }
      if (tracks & kind) instance.track?.(pc, pc + 32, taken, kind, pc + 2, ...context);
    }
  }
  const shown = instance.inspect?.(0x401000, NONE, ...contexts.map(() => 0));
  const notDrawn = instance.inspect === undefined ? undefined : inspectionTrouble(shown);
  if (notDrawn !== undefined) throw new UsageError(`${owner}: ${notDrawn}`);
  if (instance.finish !== undefined) {
    const wrong = statisticsTrouble(instance.finish());
    if (wrong !== undefined) throw new UsageError(`${owner}: ${wrong}`);
  }
}

/** The message for a prediction that is neither an address nor a direction. */
export function nonsense(owner: string, answer: unknown): string {
  return `${owner}: predict must return a 32-bit integer (an address, NONE, or 0 or 1 for a conditional), got ${typeof answer === "object" ? "an object" : String(answer)}`;
}
