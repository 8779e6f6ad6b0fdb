// What every model must do, whoever wrote it: runs over the whole folder of predictors.
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ALL_KINDS, CALL, CONDITIONAL, KINDS, NONE, RETURN } from "../../dist/src/branch.js";
import { UsageError } from "../../dist/src/errors.js";
import { readParameters } from "../../dist/src/parameters.js";
import type { PredictorDefinition } from "../../dist/src/predictor.js";
import { answersOf, type Branches, coversOf, seeded, tracksOf, valuesOf } from "./replay.ts";

const ids = readdirSync(new URL("../../predictors/", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));

/** Branches of every kind from a few sites, each kind's outcome partly regular, with calls and returns that nest. */
function mixture(count: number, seed: number): Branches {
  const random = seeded(seed);
  const pcs: number[] = [];
  const targets: number[] = [];
  const taken: number[] = [];
  const kinds: number[] = [];
  const nexts: number[] = [];
  const stack: number[] = [];
  for (let i = 0; i < count; i++) {
    let kind = KINDS[random(KINDS.length)][0];
    if (kind === RETURN && stack.length === 0) kind = CALL;
    const pc = 0x401000 + 16 * random(12) + kind;
    const outcome = kind === CONDITIONAL ? ((i >> 2) ^ pc) & 1 : 1;
    let target = 0x402000 + 48 * ((i % 5) + random(3));
    if (kind === CONDITIONAL && outcome === 0) target = pc + 2;
    if (kind === RETURN) target = stack.pop() ?? NONE;
    if (kind & (CALL | 16)) stack.push(pc + 5);
    pcs.push(pc);
    targets.push(target);
    taken.push(outcome);
    kinds.push(kind);
    nexts.push(pc + 5);
  }
  return { count, pcs, targets, taken, kinds, nexts };
}

/** One branch over and over; before a return, the call that it returns from. */
function constant(kind: number, taken: number, rounds: number): Branches {
  const pc = 0x401234;
  const target = kind === CONDITIONAL && !taken ? pc + 2 : 0x405678;
  const round =
    kind === RETURN
      ? [
          { pc: target - 5, target: pc - 16, taken: 1, kind: CALL, next: target },
          { pc, target, taken, kind, next: pc + 1 },
        ]
      : [{ pc, target, taken, kind, next: pc + 2 }];
  const all = Array.from({ length: rounds }, () => round).flat();
  return {
    count: all.length,
    pcs: all.map((b) => b.pc),
    targets: all.map((b) => b.target),
    taken: all.map((b) => b.taken),
    kinds: all.map((b) => b.kind),
    nexts: all.map((b) => b.next),
  };
}

it("finds predictors to examine", () => {
  expect(ids.length).toBeGreaterThan(0);
});

describe.each(ids)("the predictor %s", async (id) => {
  const { default: definition } = (await import(`../../dist/predictors/${id}.js`)) as { default: PredictorDefinition };
  const defaults = valuesOf(definition);
  const covers = coversOf(definition, defaults);
  const tracks = tracksOf(definition, defaults);
  const branches = mixture(4000, 1);
  const answers = answersOf(definition, defaults, branches);

  it("says what it is, where it comes from and what its parameters mean", () => {
    expect(definition.title).not.toBe("");
    expect(definition.source).toMatch(/\b(19|20)\d\d\b/);
    for (const parameter of Object.values(definition.parameters)) expect(parameter.description).not.toBe("");
  });

  it("covers and tracks kinds that exist, and has a track exactly when it tracks some", () => {
    expect(covers).toBeGreaterThan(0);
    expect(covers & ~ALL_KINDS).toBe(0);
    expect(tracks & ~ALL_KINDS).toBe(0);
    expect(definition.create(defaults).track !== undefined).toBe(tracks !== 0);
  });

  it("answers with an Int32, or with 0 or 1 for a conditional", () => {
    answers.forEach((answer, i) => {
      if (answer === undefined) return;
      if (branches.kinds[i] === CONDITIONAL) expect([0, 1]).toContain(answer);
      else expect(answer).toBe(answer | 0);
    });
  });

  it("gives the same answers to the same branches", () => {
    expect(answersOf(definition, defaults, branches)).toEqual(answers);
  });

  it("shares nothing between two instances", () => {
    const other = definition.create(defaults);
    const foreign = mixture(4000, 2);
    let i = 0;
    const meddle = () => {
      if (foreign.kinds[i] & covers) other.train(foreign.pcs[i], foreign.targets[i], foreign.taken[i]);
      if (foreign.kinds[i] & tracks) other.track?.(foreign.pcs[i], foreign.targets[i], foreign.taken[i], foreign.kinds[i], foreign.pcs[i]);
      i++;
    };
    expect(answersOf(definition, defaults, branches, { meddle })).toEqual(answers);
  });

  it("changes nothing by predicting, of known and of unknown addresses", () => {
    const random = seeded(3);
    const meddle = (predict: (pc: number) => number) => {
      predict(branches.pcs[random(branches.count)]);
      predict(random(2 ** 32) | 0);
    };
    expect(answersOf(definition, defaults, branches, { meddle })).toEqual(answers);
  });

  it.each(KINDS.filter(([flag]) => flag & covers))("learns a %s (%s) that always does the same", (kind) => {
    for (const taken of kind === CONDITIONAL ? [0, 1] : [1]) {
      const same = constant(kind, taken, 64);
      const last = answersOf(definition, defaults, same).at(-1);
      expect(last).toBe(kind === CONDITIONAL ? taken : same.targets[same.count - 1]);
    }
  });

  it.each(KINDS.filter(([flag]) => flag & tracks))("has a use for kind %s (%s), which it tracks", (kind) => {
    expect(answersOf(definition, defaults, branches, { tracks: tracks & ~kind })).not.toEqual(answers);
  });

  it("needs a positive number of bits, and no fewer when a parameter grows", () => {
    const bits = definition.storageBits(defaults);
    expect(bits).toBeGreaterThan(0);
    expect(Number.isInteger(bits)).toBe(true);
    for (const [key, parameter] of Object.entries(definition.parameters)) {
      if (parameter.type === "flag")
        expect(definition.storageBits({ ...defaults, [key]: true as unknown as number })).toBeGreaterThanOrEqual(bits);
      if (!("min" in parameter)) continue;
      let before = 0;
      for (let value = parameter.min; value <= parameter.max; value = parameter.powerOfTwo ? value * 2 : value + 1) {
        const values = { ...defaults, [key]: value };
        if (definition.check?.(values) !== undefined) continue;
        const now = definition.storageBits(values);
        expect(now).toBeGreaterThanOrEqual(before);
        before = now;
      }
    }
  });

  const borders = Object.entries(definition.parameters).flatMap(([key, parameter]) => {
    if (parameter.type === "choice") return parameter.choices.map((choice) => `${key}=${choice}`);
    return "min" in parameter ? [`${key}=${parameter.min}`, `${key}=${parameter.max}`] : [key];
  });
  if (borders.length > 0) {
    it.each(borders)("works with %s, or says which parameter does not go with it", (text) => {
      const { values } = readParameters(id, id, [text], definition.parameters);
      const refusal = definition.check?.(values);
      if (refusal !== undefined) {
        expect(refusal).toContain(text.split("=")[0]);
        expect(refusal).not.toContain("\n");
        return;
      }
      const short = mixture(500, 4);
      for (const answer of answersOf(definition, values, short)) if (answer !== undefined) expect(answer).toBe(answer | 0);
      expect(definition.storageBits(values)).toBeGreaterThan(0);
    });

    const outside = Object.entries(definition.parameters).flatMap(([key, parameter]) =>
      !("min" in parameter)
        ? [`${key}=maybe`]
        : [
            `${key}=${parameter.min - 1}`,
            `${key}=${parameter.max + 1}`,
            `${key}=${parameter.max * 2}`,
            `${key}=1.5`,
            ...(parameter.powerOfTwo ? [`${key}=3`] : []),
          ],
    );
    it.each(outside)("refuses %s", (text) => {
      expect(() => readParameters(id, id, [text], definition.parameters)).toThrow(UsageError);
    });
  }

  it("accepts its own defaults", () => {
    expect(definition.check?.(defaults)).toBeUndefined();
  });
});
