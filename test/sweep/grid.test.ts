// From axes to points and items: what rules leave out, and how points become items.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Item } from "../../dist/src/sweep/folder/item.js";
import { groupsOf, itemsOf } from "../../dist/src/sweep/items.js";
import type { Axes } from "../../dist/src/sweep/study/axes.js";
import { fits, readRules } from "../../dist/src/sweep/study/exclusions.js";
import { filesLike } from "../../dist/src/sweep/study/file-pattern.js";
import type { StudyFile } from "../../dist/src/sweep/study/study.js";
import { pointsOf } from "../../dist/src/sweep/survey.js";
import { temporaryFolder } from "../support.js";

const TECHNIQUES = ["switch", "direct-threading", "static-replication:replicas=50", "call-threading"];
const FRONT_ENDS = ["btb", "btb:sets=64", "btb:sets=128:ways=1", "btb:sets=256+gshare", "ittage", "two-level"];
const INPUTS = [
  ["queens", "test"],
  ["queens", "full"],
  ["lz", "test"],
  ["a.bpt", undefined],
] as const;

const some = <T>(things: readonly T[], minLength = 1) => fc.subarray([...things], { minLength });

const axes = fc
  .record({
    inputs: some(INPUTS),
    seeds: some([0, 1, 7]),
    techniques: some(TECHNIQUES),
    frontEnds: some(FRONT_ENDS),
    penalties: fc.option(some([5, 15, 20]), { nil: undefined }),
  })
  .map(
    ({ inputs, seeds, techniques, frontEnds, penalties }): Axes => ({
      inputs: inputs.map(([input, size]) => ({ input, size, sha256: `of ${input}`, length: 1 })),
      seeds,
      techniques: techniques.map((name) => ({ name, trains: false, files: [] })),
      frontEnds: frontEnds.map((name) => ({ name, machine: false, foreign: false, files: [], storageBits: 1000, penaltyCycles: 15 })),
      penalties,
      options: {},
      files: {},
    }),
  );

type Columns = Record<string, string | number | null>;

/** What the names of the samples say: predictor:sets and predictor:ways of a BTB. */
function setsOf(predictor: string): number | null {
  return predictor.startsWith("btb") ? Number(/sets=(\d+)/.exec(predictor)?.[1] ?? 512) : null;
}

/** Every point there is, one by one. */
function pointsIn({ inputs, seeds, techniques, frontEnds, penalties }: Axes): Columns[] {
  return inputs.flatMap(({ input, size }) =>
    (size === undefined ? [null] : seeds).flatMap((seed) =>
      (size === undefined ? ["recorded"] : techniques.map(({ name }) => name)).flatMap((technique) =>
        frontEnds.flatMap(({ name }) =>
          (penalties ?? [15]).map((penalty) => ({
            program: input,
            size: size ?? null,
            layout_seed: seed,
            technique,
            predictor: name,
            penalty_cycles: penalty,
            sets: setsOf(name),
          })),
        ),
      ),
    ),
  );
}

/** Points that items have, by the same columns. */
function pointsOfItem({ input, size, seed, technique, predictors, penalties, skips = [] }: Item): Columns[] {
  const skipped = new Set(skips.map((skip) => JSON.stringify(skip)));
  return predictors.flatMap((predictor) =>
    (penalties ?? [null]).flatMap((penalty) =>
      skipped.has(JSON.stringify([predictor, penalty]))
        ? []
        : {
            program: input,
            size: size ?? null,
            layout_seed: seed ?? null,
            technique: technique ?? "recorded",
            predictor,
            penalty_cycles: penalty ?? 15,
            sets: setsOf(predictor),
          },
    ),
  );
}

const studyOf = (exclude: readonly Record<string, unknown>[]): StudyFile =>
  ({
    study: { exclude },
    error: (path: unknown, message: string) => new Error(`${JSON.stringify(path)} ${message}`),
  }) as unknown as StudyFile;

/** A rule over points that exist: for some columns some of the values that they have. */
const ruleFor = (points: readonly Columns[]) =>
  fc
    .subarray(["program", "size", "layout_seed", "technique", "predictor", "penalty_cycles", "sets"], { minLength: 1 })
    .chain((columns) =>
      fc.record(
        Object.fromEntries(
          columns.flatMap((column) => {
            const values = [...new Set(points.map((point) => point[column]))].filter((value) => value !== null);
            return values.length === 0 ? [] : [[column, fc.subarray(values as (string | number)[], { minLength: 1 })]];
          }),
        ),
      ),
    )
    .filter((rule) => Object.keys(rule).length > 0);

const key = (point: Columns): string => JSON.stringify(point);

describe("items", () => {
  it("have every point of the grid that no rule leaves out, once, in the order of the axes", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        axes.chain((some) => fc.tuple(fc.constant(some), fc.array(ruleFor(pointsIn(some)), { maxLength: 3 }))),
        async ([sample, rules]) => {
          const named = rules.map((rule) =>
            Object.fromEntries(Object.entries(rule).map(([name, value]) => [name === "sets" ? "predictor:sets" : name, value])),
          );
          const items = [...itemsOf(sample, await readRules(studyOf(named), sample), "code")];
          const isOut = (point: Columns): boolean =>
            rules.some((rule) => Object.entries(rule).every(([column, values]) => (values as unknown[]).includes(point[column])));
          const expected = pointsIn(sample).filter((point) => !isOut(point));
          const found = items.flatMap(({ item }) => pointsOfItem(item));
          expect(found.map(key).sort()).toEqual(expected.map(key).sort());
          expect(items.reduce((sum, { points }) => sum + points, 0)).toBe(expected.length);
          expect(items.reduce((sum, { item }) => sum + pointsOf(item), 0)).toBe(expected.length);
          expect(new Set(items.map(({ item }) => item.key)).size).toBe(items.length);
          // in order: a technique's groups follow each other
          const order = expected.map(key);
          const places = items.flatMap(({ item }) => pointsOfItem(item).slice(0, 1)).map((point) => order.indexOf(key(point)));
          expect(places).toEqual([...places].sort((a, b) => a - b));
          // wherever a technique of a program has a point, a switch is replayed to compare with
          const switches = new Set(
            items
              .filter(({ item }) => item.technique === "switch")
              .flatMap(({ item }) => item.predictors.map((name) => JSON.stringify([item.input, item.size, item.seed, name]))),
          );
          for (const point of expected.filter(({ size }) => size !== null))
            expect(switches).toContain(JSON.stringify([point.program, point.size, point.layout_seed, point.predictor]));
        },
      ),
      { numRuns: 150, seed: 9 },
    );
  });

  it("have keys that what decides results changes, and nothing else", async () => {
    const [sample] = fc.sample(axes, { numRuns: 1, seed: 3 });
    const keysOf = async (changed: Partial<Axes>, code = "code"): Promise<string[]> =>
      [...itemsOf({ ...sample, ...changed }, await readRules(studyOf([]), sample), code)].map(({ item }) => item.key);
    const keys = await keysOf({});
    expect(await keysOf({ inputs: sample.inputs.map((input) => ({ ...input, length: 50 })) })).toEqual(keys);
    const changes: Partial<Axes>[] = [
      { inputs: sample.inputs.map((input) => ({ ...input, sha256: "other" })) },
      { penalties: [16] },
      { options: { warmup: 5 } },
      { seeds: [99] },
    ];
    for (const changed of changes) expect((await keysOf(changed)).filter((one) => keys.includes(one)).length).toBeLessThan(keys.length);
    expect((await keysOf({}, "other")).filter((one) => keys.includes(one))).toEqual([]);
  });
});

describe("groups of front ends", () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ name: `btb:sets=${i}`, foreign: false, storageBits: 1000 }));

  it("hold each once, in order, few enough for an item", () => {
    const groups = groupsOf(many);
    expect(groups.flat()).toEqual(many.map((_, i) => i));
    expect(Math.max(...groups.map(({ length }) => length))).toBeLessThanOrEqual(32);
    expect(groups.length).toBeLessThan(100);
  });

  it("stay what they are but for one or two where a front end comes or goes", () => {
    const namesIn = (frontEnds: typeof many): string[] =>
      groupsOf(frontEnds).map((group) => group.map((place) => frontEnds[place].name).join());
    const before = new Set(namesIn(many));
    for (const place of [0, 333, 999]) {
      const fewer = namesIn(many.filter((_, i) => i !== place));
      expect(fewer.filter((group) => !before.has(group)).length).toBeLessThanOrEqual(4);
    }
  });

  it("have less storage than would fill a memory, whatever each has", () => {
    const large = many.map(({ name }, i) => ({ name, foreign: false, storageBits: i % 3 === 0 ? 2 ** 29 : 2 ** 26 }));
    for (const group of groupsOf(large)) {
      const bits = group.reduce((sum, place) => sum + large[place].storageBits, 0);
      expect(group.length === 1 || bits <= 2 ** 27).toBe(true);
    }
  });

  it("leave users' files alone", () => {
    expect(
      groupsOf([
        { name: "a", foreign: false, storageBits: 1000 },
        { name: "./b.ts", foreign: true, storageBits: 1000 },
        { name: "c", foreign: false, storageBits: 1000 },
      ]),
    ).toEqual([[0], [1], [2]]);
  });
});

describe("values of rules", () => {
  it.each([
    [64, 64, true],
    [64, "64", true],
    [64, "32..64", true],
    [65, "32..64", false],
    ["btb:sets=64", "btb:*", true],
    ["btb-2bit", "btb:*", false],
    ["btb", "bt?", true],
    ["a.b", "a?b", true],
    ["axb", "a.b", false],
    [true, true, true],
    [null, "null", false],
  ] as const)("%j and %j: %j", (cell, value, expected) => {
    expect(fits(cell, value)).toBe(expected);
  });
});

describe("patterns of file names", () => {
  it("stand for what is there, sorted", () => {
    const folder = temporaryFolder();
    for (const place of ["a/deep", "b"]) mkdirSync(join(folder, place), { recursive: true });
    for (const file of ["1.bpt", "2.bpt", ".3.bpt", "x.fs", "a/4.bpt", "a/deep/5.bpt", "b/6.bpt"]) writeFileSync(join(folder, file), "");
    const like = (pattern: string): string[] => filesLike(`${folder}/${pattern}`).map((file) => file.slice(folder.length + 1));
    expect(like("*.bpt")).toEqual(["1.bpt", "2.bpt"]);
    expect(like("?/*.bpt")).toEqual(["a/4.bpt", "b/6.bpt"]);
    expect(like("**/*.bpt")).toEqual(["1.bpt", "2.bpt", "a/4.bpt", "a/deep/5.bpt", "b/6.bpt"]);
    expect(like("a/**/5.bpt")).toEqual(["a/deep/5.bpt"]);
    expect(like("*.sbbt")).toEqual([]);
    expect(like(".*.bpt")).toEqual([".3.bpt"]);
  });
});
