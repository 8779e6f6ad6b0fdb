// Tests of what every model must do: `bplab check FILE` runs them on users' models, test/predictors/conformance.test.ts on ours.
import { ALL_KINDS, CONDITIONAL, KINDS, NONE } from "../branch.ts";
import { messageOf } from "../errors.ts";
import type { Parameters, Values } from "../parameters.ts";
import { answersOf, coversOf, tracksOf, valuesOf } from "./answers.ts";
import { type ConformanceCheck, isStatic } from "./conformance-check.ts";
import { type Inspection, inspectionTrouble } from "./inspection.ts";
import { parameterChecks } from "./parameter-checks.ts";
import { declaredBy, type PredictorDefinition, statisticsTrouble } from "./predictor.ts";
import { type Branches, constant, mixture, seeded } from "./sample-branches.ts";

/** The first difference between two lists of predictions, as a message; undefined if they are the same. */
function difference(answers: readonly (number | undefined)[], expected: readonly (number | undefined)[]): string | undefined {
  const at = expected.findIndex((answer, i) => answer !== answers[i]);
  return at < 0 ? undefined : `branch ${at}: expected ${expected[at]}, got ${answers[at]}`;
}

/** A model under test, with its defaults and what it answers to the sample branches. */
interface Subject {
  readonly definition: PredictorDefinition;
  readonly defaults: Values<Parameters>;
  readonly covers: number;
  readonly tracks: number;
  readonly branches: Branches;
  readonly answers: () => (number | undefined)[];
}

/** Its answers while something else is done between them. */
const answersDespite = (
  { definition, defaults, branches }: Subject,
  meddle: (predict: (pc: number) => number, inspect: (pc: number) => Inspection | undefined) => void,
) => answersOf(definition, defaults, branches, { meddle });

/** What its definition says of it. */
const statementChecks = ({ definition, defaults, covers, tracks }: Subject): ConformanceCheck[] => [
  {
    title: "says what it is, where it comes from and what its parameters mean",
    run() {
      if (!definition.title) return "expected a title";
      if (!/\b(19|20)\d\d\b/.test(definition.source ?? "")) return "expected a source with a year";
      const dumb = Object.entries(definition.parameters).find(([, { description }]) => !description);
      return dumb && `expected a description of the parameter ${dumb[0]}`;
    },
  },
  {
    title: "covers and tracks kinds that exist, and has a track exactly when it tracks some",
    run() {
      if (!(covers > 0) || covers & ~ALL_KINDS || tracks & ~ALL_KINDS) return `covers ${covers} and tracks ${tracks}`;
      const has = definition.create(defaults).track !== undefined;
      if (has === (tracks !== 0)) return undefined;
      return has ? "it has a track, but tracks no kinds" : `it tracks kinds (${tracks}), but has no track`;
    },
  },
  { title: "accepts its own defaults", run: () => definition.check?.(defaults) },
];

/** Its answers are well-formed, and nothing but the branches decides them. */
const answerChecks = (subject: Subject): ConformanceCheck[] => [
  {
    title: "answers with an Int32, or with 0 or 1 for a conditional",
    run() {
      const { branches, covers, answers } = subject;
      const wrong = answers().findIndex((answer, i) => {
        if ((branches.kinds[i] & covers) === 0) return false;
        return branches.kinds[i] === CONDITIONAL ? answer !== 0 && answer !== 1 : answer === undefined || answer !== (answer | 0);
      });
      return wrong < 0 ? undefined : `branch ${wrong}: got ${answers()[wrong]}`;
    },
  },
  { title: "gives the same answers to the same branches", run: () => difference(subject.answers(), subject.answers()) },
  {
    title: "shares nothing between two instances",
    run() {
      const { definition, defaults, covers, tracks, answers } = subject;
      const other = definition.create(defaults);
      const context = declaredBy(definition, defaults).map(() => 0);
      const { pcs, targets, taken, kinds } = mixture(4000, 2);
      let i = 0;
      const meddle = (): void => {
        if (kinds[i] & covers) other.train(pcs[i], targets[i], taken[i], ...context);
        if (kinds[i] & tracks) other.track?.(pcs[i], targets[i], taken[i], kinds[i], pcs[i], ...context);
        i++;
      };
      return difference(answersDespite(subject, meddle), answers());
    },
  },
  {
    title: "changes nothing by predicting, of known and of unknown addresses",
    run() {
      const { branches, answers } = subject;
      const random = seeded(3);
      const meddle = (predict: (pc: number) => number): void => {
        predict(branches.pcs[random(branches.count)]);
        predict(random(2 ** 32) | 0);
      };
      return difference(answersDespite(subject, meddle), answers());
    },
  },
];

/** Branches of another path, and how often it is taken: more than there is room for in the rings of short histories. */
const OTHER_PATH = 300;
const PATH_EVERY = 160;

/** What it says are its histories is all that tracking changes: put back after another path, they give the answers of a run without it. */
const historiesCheck = ({ definition, defaults, branches, covers, tracks }: Subject): ConformanceCheck => ({
  title: "answers as before when its histories are put back, if it says what they are",
  run() {
    const [model, undisturbed] = [definition.create(defaults), definition.create(defaults)];
    const { histories } = model;
    if (histories === undefined) return undefined;
    const context = declaredBy(definition, defaults).map(() => 0);
    const { count, pcs, targets, taken, kinds } = branches;
    for (let i = 0; i < count; i++) {
      if (i % PATH_EVERY === 0) {
        const before = histories.map((history) => history.slice());
        for (let k = 0; k < OTHER_PATH; k++) {
          const other = (7 * i + k) % count;
          if (kinds[other] & tracks) model.track?.(pcs[other], targets[other], 1 - taken[other], kinds[other], pcs[other], ...context);
        }
        for (const [k, history] of histories.entries()) history.set(before[k]);
      }
      const answers = [model, undisturbed].map((either) => {
        const answer = kinds[i] & covers ? either.predict(pcs[i], NONE, ...context) : undefined;
        if (kinds[i] & covers) either.train(pcs[i], targets[i], taken[i], ...context);
        if (kinds[i] & tracks) either.track?.(pcs[i], targets[i], taken[i], kinds[i], pcs[i], ...context);
        return answer;
      });
      if (answers[0] !== answers[1]) return `branch ${i}: ${answers[0]} instead of ${answers[1]}`;
    }
    return undefined;
  },
});

/** What it shows of itself can be drawn, depends on nothing but the branches, and changes no answer. */
const inspectionCheck = (subject: Subject): ConformanceCheck => ({
  title: "shows well-formed parts if it can be inspected, the same twice, and changes nothing by it",
  run() {
    const { definition, defaults, branches, answers } = subject;
    if (definition.create(defaults).inspect === undefined) return undefined;
    let trouble: string | undefined;
    let i = 0;
    const despite = answersDespite(subject, (_predict, inspect) => {
      const [once, again] = [inspect(branches.pcs[i]), inspect(branches.pcs[i])];
      i++;
      trouble ??= inspectionTrouble(once);
      if (JSON.stringify(once) !== JSON.stringify(again)) trouble ??= `branch ${i - 1}: it shows something else when it is asked again`;
    });
    return trouble ?? difference(despite, answers());
  },
});

/** A static model answers as if it had met nothing. */
const staticCheck = ({ definition, defaults, branches, covers, tracks, answers }: Subject): ConformanceCheck => ({
  title: "needs no bits, and so answers as if it had met nothing",
  run() {
    const fresh = definition.create(defaults);
    const context = declaredBy(definition, defaults).map(() => 0);
    const unlearned = Array.from({ length: branches.count }, (_, i) =>
      branches.kinds[i] & covers ? fresh.predict(branches.pcs[i], NONE, ...context) : undefined,
    );
    return difference(answers(), unlearned) ?? (tracks === 0 ? undefined : "it tracks kinds of branches");
  },
});

/** Every other model learns each kind of branches that it covers. */
const learningChecks = ({ definition, defaults, covers }: Subject): ConformanceCheck[] =>
  KINDS.filter(([kind]) => kind & covers).map(([kind, name]) => ({
    title: `learns a branch of kind ${name} that always does the same`,
    run() {
      for (const taken of kind === CONDITIONAL ? [0, 1] : [1]) {
        const same = constant(kind, taken, 64);
        const expected = kind === CONDITIONAL ? taken : same.targets[same.count - 1];
        const last = answersOf(definition, defaults, same).at(-1);
        if (last !== expected) return `after 63 of them it expects ${last}, not ${expected}`;
      }
      return undefined;
    },
  }));

/** It uses the kinds of branches that it says, and no others. */
const kindChecks = ({ definition, defaults, branches, covers, tracks, answers }: Subject): ConformanceCheck[] => [
  ...KINDS.filter(([kind]) => kind & tracks).map(([kind, name]) => ({
    title: `has a use for branches of kind ${name}, which it tracks`,
    run() {
      const without = answersOf(definition, defaults, branches, { tracks: tracks & ~kind });
      return difference(without, answers()) === undefined ? "without them it answers the same" : undefined;
    },
  })),
  {
    title: "ignores branches of kinds that it neither covers nor tracks",
    run() {
      const kept = Array.from({ length: branches.count }, (_, i) => i).filter((i) => branches.kinds[i] & (covers | tracks));
      const pick = (column: ArrayLike<number>): number[] => kept.map((i) => column[i]);
      const { pcs, targets, taken, kinds, nexts = [], contexts = {} } = branches;
      const alone = {
        count: kept.length,
        pcs: pick(pcs),
        targets: pick(targets),
        taken: pick(taken),
        kinds: pick(kinds),
        nexts: pick(nexts),
        contexts: Object.fromEntries(Object.entries(contexts).map(([name, column]) => [name, pick(column)])),
      };
      const all = answers();
      return difference(
        answersOf(definition, defaults, alone),
        kept.map((i) => all[i]),
      );
    },
  },
];

/** It uses what it asks for beside addresses, and what it says of itself can be shown. */
const contextChecks = ({ definition, defaults, branches, answers }: Subject): ConformanceCheck[] => [
  ...declaredBy(definition, defaults).map((context) => ({
    title: `has a use for ${context}, which it declares`,
    run() {
      const without = answersOf(definition, defaults, branches, { blindTo: context });
      return difference(without, answers()) === undefined ? "with zeros in its place it answers the same" : undefined;
    },
  })),
  {
    title: "says the same twice if it has figures of its own, each a number or a text",
    run() {
      const asked = definition.create(defaults);
      if (asked.finish === undefined) return undefined;
      const trouble = statisticsTrouble(asked.finish());
      if (trouble !== undefined) return trouble;
      const [once, again] = [asked.finish(), asked.finish()].map((said) => JSON.stringify(said));
      return once === again ? undefined : `it says ${once}, then ${again}`;
    },
  },
];

/** The same check, for which throwing is one way to fail. */
const catching = ({ title, run }: ConformanceCheck): ConformanceCheck => ({
  title,
  run() {
    try {
      return run();
    } catch (error) {
      return `it threw: ${messageOf(error)}`;
    }
  },
});

/** Every check that a model must pass. @param id the model's name in messages about its parameters */
export function conformanceChecks(definition: PredictorDefinition, id: string): ConformanceCheck[] {
  const defaults = valuesOf(definition);
  const branches = mixture(4000, 1);
  const subject: Subject = {
    definition,
    defaults,
    covers: coversOf(definition, defaults),
    tracks: tracksOf(definition, defaults),
    branches,
    answers: () => answersOf(definition, defaults, branches),
  };
  return [
    ...statementChecks(subject),
    ...answerChecks(subject),
    inspectionCheck(subject),
    historiesCheck(subject),
    ...(isStatic(definition, defaults) ? [staticCheck(subject)] : learningChecks(subject)),
    ...kindChecks(subject),
    ...contextChecks(subject),
    ...parameterChecks(definition, defaults, id),
  ].map(catching);
}
