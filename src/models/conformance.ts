// What every model must do: `bplab check FILE` asks it of users' models, test/predictors/conformance.test.ts of ours.
import { ALL_KINDS, CONDITIONAL, KINDS, NONE } from "../branch.ts";
import { messageOf, UsageError } from "../errors.ts";
import { type Parameters, readParameters, type Values } from "../parameters.ts";
import { kindSets, type PredictorDefinition } from "./predictor.ts";
import { type Branches, constant, mixture, seeded } from "./sample-branches.ts";

/** One thing that a model must do. */
export interface ConformanceCheck {
  /** A sentence: "gives the same answers to the same branches". */
  readonly title: string;
  /** Undefined if it does; else what it did instead, on one line. */
  readonly run: () => string | undefined;
}

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
  { tracks = tracksOf(definition, values), meddle = (_predict: (pc: number) => number): void => {} } = {},
): (number | undefined)[] {
  const predictor = definition.create(values);
  const covers = coversOf(definition, values);
  const answers: (number | undefined)[] = [];
  for (let i = 0; i < branches.count; i++) {
    const pc = branches.pcs[i];
    const target = branches.targets[i];
    const taken = branches.taken[i];
    const kind = branches.kinds[i];
    meddle((other) => predictor.predict(other, NONE));
    answers.push(kind & covers ? predictor.predict(pc, branches.statics?.[i] ?? NONE) : undefined);
    if (kind & covers) predictor.train(pc, target, taken);
    if (kind & tracks) predictor.track?.(pc, target, taken, kind, branches.nexts?.[i] ?? pc);
  }
  return answers;
}

/** Where two lists of answers part, as a message; undefined if they are the same. */
function difference(answers: readonly (number | undefined)[], expected: readonly (number | undefined)[]): string | undefined {
  const at = expected.findIndex((answer, i) => answer !== answers[i]);
  return at < 0 ? undefined : `branch ${at}: expected ${expected[at]}, got ${answers[at]}`;
}

/** Values of a parameter at its borders, and beyond them, as users write them. */
function bordersOf(parameters: Parameters): { readonly inside: readonly string[]; readonly outside: readonly string[] } {
  const all = Object.entries(parameters);
  const inside = all.flatMap(([key, parameter]) => {
    if (parameter.type === "choice") return parameter.choices.map((choice) => `${key}=${choice}`);
    if (parameter.type === "text") return [];
    return "min" in parameter ? [`${key}=${parameter.min}`, `${key}=${parameter.max}`] : [key];
  });
  const outside = all.flatMap(([key, parameter]) => {
    if (parameter.type === "text") return [`${key}=`];
    if (!("min" in parameter)) return [`${key}=maybe`];
    const { min, max, powerOfTwo } = parameter;
    return [`${key}=${min - 1}`, `${key}=${max + 1}`, `${key}=${max * 2}`, `${key}=1.5`, ...(powerOfTwo ? [`${key}=3`] : [])];
  });
  return { inside, outside };
}

/** Whether a model stores nothing: always taken, for one. */
const isStatic = (definition: PredictorDefinition, defaults: Values<Parameters>): boolean => definition.storageBits(defaults) === 0;

/** Every check that a model must pass. @param id what messages about its parameters call it */
export function conformanceChecks(definition: PredictorDefinition, id: string): ConformanceCheck[] {
  const defaults = valuesOf(definition);
  const tracks = tracksOf(definition, defaults);
  const branches = mixture(4000, 1);
  const answers = (): (number | undefined)[] => answersOf(definition, defaults, branches);
  const checks: ConformanceCheck[] = [];
  const add = (title: string, run: () => string | undefined): void => {
    checks.push({
      title,
      run() {
        try {
          return run();
        } catch (error) {
          return `it threw: ${messageOf(error)}`;
        }
      },
    });
  };

  add("says what it is, where it comes from and what its parameters mean", () => {
    if (!definition.title) return "expected a title";
    if (!/\b(19|20)\d\d\b/.test(definition.source ?? "")) return "expected a source with a year";
    const dumb = Object.entries(definition.parameters).find(([, { description }]) => !description);
    return dumb && `expected a description of the parameter ${dumb[0]}`;
  });
  add("covers and tracks kinds that exist, and has a track exactly when it tracks some", () => {
    const covers = coversOf(definition, defaults);
    if (!(covers > 0) || covers & ~ALL_KINDS || tracks & ~ALL_KINDS) return `covers ${covers} and tracks ${tracks}`;
    const has = definition.create(defaults).track !== undefined;
    if (has === (tracks !== 0)) return undefined;
    return has ? "it has a track, but tracks no kinds" : `it tracks kinds (${tracks}), but has no track`;
  });
  add("accepts its own defaults", () => definition.check?.(defaults));
  add("answers with an Int32, or with 0 or 1 for a conditional", () => {
    const covers = coversOf(definition, defaults);
    const wrong = answers().findIndex((answer, i) => {
      if ((branches.kinds[i] & covers) === 0) return false;
      return branches.kinds[i] === CONDITIONAL ? answer !== 0 && answer !== 1 : answer === undefined || answer !== (answer | 0);
    });
    return wrong < 0 ? undefined : `branch ${wrong}: got ${answers()[wrong]}`;
  });
  add("gives the same answers to the same branches", () => difference(answers(), answers()));
  add("shares nothing between two instances", () => {
    const other = definition.create(defaults);
    const covers = coversOf(definition, defaults);
    const foreign = mixture(4000, 2);
    let i = 0;
    const meddle = (): void => {
      const { pcs, targets, taken, kinds } = foreign;
      if (kinds[i] & covers) other.train(pcs[i], targets[i], taken[i]);
      if (kinds[i] & tracks) other.track?.(pcs[i], targets[i], taken[i], kinds[i], pcs[i]);
      i++;
    };
    return difference(answersOf(definition, defaults, branches, { meddle }), answers());
  });
  add("changes nothing by predicting, of known and of unknown addresses", () => {
    const random = seeded(3);
    const meddle = (predict: (pc: number) => number): void => {
      predict(branches.pcs[random(branches.count)]);
      predict(random(2 ** 32) | 0);
    };
    return difference(answersOf(definition, defaults, branches, { meddle }), answers());
  });
  if (isStatic(definition, defaults)) {
    add("needs no bits, and so answers as if it had met nothing", () => {
      const fresh = definition.create(defaults);
      const covers = coversOf(definition, defaults);
      const unlearned = Array.from({ length: branches.count }, (_, i) =>
        branches.kinds[i] & covers ? fresh.predict(branches.pcs[i], NONE) : undefined,
      );
      return difference(answers(), unlearned) ?? (tracks === 0 ? undefined : "it tracks kinds of branches");
    });
  }
  for (const [kind, name] of KINDS) {
    // a static model cannot learn
    if ((kind & coversOf(definition, defaults)) === 0 || isStatic(definition, defaults)) continue;
    add(`learns a branch of kind ${name} that always does the same`, () => {
      for (const taken of kind === CONDITIONAL ? [0, 1] : [1]) {
        const same = constant(kind, taken, 64);
        const expected = kind === CONDITIONAL ? taken : same.targets[same.count - 1];
        const last = answersOf(definition, defaults, same).at(-1);
        if (last !== expected) return `after 63 of them it expects ${last}, not ${expected}`;
      }
      return undefined;
    });
  }
  for (const [kind, name] of KINDS) {
    if ((kind & tracks) === 0) continue;
    add(`has a use for branches of kind ${name}, which it tracks`, () => {
      const without = answersOf(definition, defaults, branches, { tracks: tracks & ~kind });
      return difference(without, answers()) === undefined ? "without them it answers the same" : undefined;
    });
  }
  add("ignores branches of kinds that it neither covers nor tracks", () => {
    const wanted = coversOf(definition, defaults) | tracks;
    const kept = Array.from({ length: branches.count }, (_, i) => i).filter((i) => branches.kinds[i] & wanted);
    const pick = (column: ArrayLike<number>): number[] => kept.map((i) => column[i]);
    const { pcs, targets, taken, kinds, nexts = [] } = branches;
    const alone = {
      count: kept.length,
      pcs: pick(pcs),
      targets: pick(targets),
      taken: pick(taken),
      kinds: pick(kinds),
      nexts: pick(nexts),
    };
    const all = answers();
    return difference(
      answersOf(definition, defaults, alone),
      kept.map((i) => all[i]),
    );
  });
  add("needs a whole number of bits, and no fewer when a parameter grows", () => storageTrouble(definition, defaults));
  const { inside, outside } = bordersOf(definition.parameters);
  for (const text of inside) {
    add(`works with ${text}, or says which parameter does not go with it`, () => {
      const { values } = readParameters(id, id, [text], definition.parameters);
      const refusal = definition.check?.(values);
      if (refusal !== undefined) {
        const [key] = text.split("=");
        return refusal.includes(key) && !refusal.includes("\n")
          ? undefined
          : `expected one line that names ${key}, got ${JSON.stringify(refusal)}`;
      }
      const wrong = answersOf(definition, values, mixture(500, 4)).find((answer) => answer !== undefined && answer !== (answer | 0));
      if (wrong !== undefined) return `it answers ${wrong}`;
      const bits = definition.storageBits(values);
      return bits > 0 || isStatic(definition, defaults) ? undefined : `it needs ${bits} bits`;
    });
  }
  for (const text of outside) {
    add(`refuses ${text}`, () => {
      try {
        readParameters(id, id, [text], definition.parameters);
      } catch (error) {
        if (error instanceof UsageError) return undefined;
        throw error;
      }
      return "it was accepted";
    });
  }
  return checks;
}

function storageTrouble(definition: PredictorDefinition, defaults: Values<Parameters>): string | undefined {
  const bits = definition.storageBits(defaults);
  if (!(Number.isInteger(bits) && bits >= 0)) return `it needs ${bits} bits`;
  for (const [key, parameter] of Object.entries(definition.parameters)) {
    if (parameter.type === "flag") {
      const more = definition.storageBits({ ...defaults, [key]: true });
      if (more < bits) return `with ${key} it needs ${more} bits, without ${bits}`;
    }
    if (!("min" in parameter)) continue;
    let before = 0;
    for (let value = parameter.min; value <= parameter.max; value = parameter.powerOfTwo ? value * 2 : value + 1) {
      const values = { ...defaults, [key]: value };
      if (definition.check?.(values) !== undefined) continue;
      const now = definition.storageBits(values);
      if (!(now >= before)) return `with ${key}=${value} it needs ${now} bits, with less ${before}`;
      before = now;
    }
  }
  return undefined;
}
