// Every number of every chart, compared with the rows: random results, and means, sums and shares computed a second time in the
// plainest way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NamedChart } from "../../dist/src/report/drawing/find-charts.js";
import { allCharts, drawCharts, fittingCharts } from "../../dist/src/report/drawing/find-charts.js";
import type { ResultRecord, ResultTable } from "../../dist/src/report/result-records.js";
import { run } from "./samples.js";

type Point = Readonly<Record<string, string | number>>;
type Numbers = Readonly<Record<string, unknown>>;

const PROGRAMS = ["lz", "queens", "sieve"];
const SEEDS = [1, 2];
const PENALTIES = [5, 20];
const TECHNIQUES = [
  "switch",
  "direct-threading",
  "static-replication:replicas=100",
  "static-replication:replicas=200",
  "static-superinstructions:superinstructions=100",
  "static-both:superinstructions=100:replicas=100",
  "static-both:superinstructions=100:replicas=200",
];
const PREDICTORS = [
  "btb:sets=16:ways=1",
  "btb:sets=32:ways=1",
  "btb:sets=16:ways=2",
  "btb:sets=8:ways=2",
  "two-level:targets=1",
  "two-level:targets=3",
  "haswell",
  "pentium-mmx",
];

/** A number that depends on its names alone, and on a random salt. */
function mixed(salt: number, ...names: readonly unknown[]): number {
  let hash = salt | 1;
  for (const sign of names.join("|")) hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}

/** Some of them; no more than a chart has panels, where all are to be drawn. */
const pick = <T>(all: readonly T[]) => fc.subarray([...all], { minLength: 1, maxLength: Math.min(6, all.length) });

/** Whole runs: some programs through some techniques and front ends, under some seeds and penalties, here and there one missing. */
const rows = fc
  .tuple(fc.integer(), pick(PROGRAMS), pick(TECHNIQUES), pick(PREDICTORS), pick(SEEDS), pick(PENALTIES), fc.constantFrom(0, 0, 0.05))
  .map(([salt, programs, techniques, predictors, seeds, penalties, missing]) =>
    programs.flatMap((program) =>
      techniques.flatMap((technique) =>
        predictors.flatMap((predictor) => {
          if (mixed(salt, "missing", program, technique, predictor) < missing) return [];
          return seeds.flatMap((layout_seed) =>
            penalties.flatMap((penalty_cycles) => {
              const of = (what: string): number => mixed(salt, what, program, technique, predictor, layout_seed);
              const bits = (what: string): number => mixed(salt, what, program, technique) * 5;
              return run({
                ...{ program, technique, predictor, layout_seed, penalty_cycles },
                ...{ rate: Math.round(of("rate") * 1000) / 10 + 0.1, estimated_speedup_over_switch: 0.5 + of("speed") * 3 },
                ...{ body_bytes: Math.round(of("bytes") * 9000), storage_bits: 2 ** 18 + PREDICTORS.indexOf(predictor) * 1000 },
                ...{ overrides: 12, override_cycles: 3, slow_level_cycles: 2, conditional_penalty_cycles: 9 },
                ...{ target_entropy_bits: bits("a"), target_entropy_given_site_bits: bits("b") },
                target_entropy_given_virtual_address_bits: bits("c"),
              });
            }),
          );
        }),
      ),
    ),
  );

const rate = (record: ResultRecord): number => (Number(record.mispredictions) / Number(record.virtual_instructions)) * 100;
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const distinct = (values: readonly unknown[]): unknown[] => [...new Set(values)];

/** `btb:sets=16` → 16; undefined where a name does not say it. */
const said = (name: unknown, key: string): number | undefined => {
  const found = new RegExp(`:${key}=(\\d+)`).exec(String(name));
  return found === null ? undefined : Number(found[1]);
};

interface Oracle {
  /** The rows that a point is the mean of. */
  readonly belongs: (record: ResultRecord, point: Point) => boolean;
  readonly values: Readonly<Record<string, (record: ResultRecord) => number>>;
  readonly geometric?: true;
  /** Points that are not means of this kind. */
  readonly skip?: (point: Point) => boolean;
}

const named = (record: ResultRecord, point: Point): boolean => record.technique === point.technique && marked(record) === point.predictor;
const TITLES: Numbers = { haswell: "2013 Intel Haswell ?", "pentium-mmx": "1997 Intel Pentium MMX" };
/** A front end with the costs that tell it from itself. */
const withPenalty = (record: ResultRecord, name: unknown, several: boolean): string =>
  several ? `${name}, penalty ${record.penalty_cycles} cycles` : String(name);

const several = (records: readonly ResultRecord[]): boolean => distinct(records.map((record) => record.penalty_cycles)).length > 1;
const marked = (record: ResultRecord): string => (record.predictor === "haswell" ? "haswell ?" : String(record.predictor));

const ORACLES = (records: readonly ResultRecord[]): Readonly<Record<string, Oracle>> => {
  const penalties = several(records);
  const titled = (record: ResultRecord): unknown => TITLES[String(record.predictor)];
  const entries = (record: ResultRecord): number => Number(said(record.predictor, "sets")) * Number(said(record.predictor, "ways"));
  const bodies = (record: ResultRecord): number =>
    (said(record.technique, "superinstructions") ?? 0) + (said(record.technique, "replicas") ?? 0);
  return {
    "misprediction-rate": {
      belongs: (record, point) =>
        record.technique === point.technique &&
        marked(record) === point.predictor &&
        (point.program === "(mean)" || record.program === point.program),
      values: { rate },
    },
    machines: { belongs: (record, point) => record.technique === point.technique && titled(record) === point.machine, values: { rate } },
    "machine-speedups": {
      belongs: (record, point) =>
        record.technique === point.technique &&
        titled(record) !== undefined &&
        String(point.machine).replace(/ \?$/, "") === withPenalty(record, String(titled(record)).replace(/ \?$/, ""), penalties),
      values: { speedup: (record) => Number(record.estimated_speedup_over_switch) },
      geometric: true,
    },
    "code-size": {
      belongs: named,
      values: { rate, kilobytes: (record) => (Number(record.body_bytes) + 1500) / 1000 },
    },
    contexts: {
      belongs: (record, point) => record.technique === point.technique && record.predictor === records[0].predictor,
      values: {},
    },
    "btb-size": {
      belongs: (record, point) =>
        record.technique === point.technique &&
        String(point.family).split(":")[0] === "btb" &&
        (point.associativity !== undefined || Number(said(point.family, "ways")) === said(record.predictor, "ways")) &&
        entries(record) === point.size &&
        (point.associativity === undefined || String(point.associativity).startsWith(`${said(record.predictor, "ways")} `)),
      values: { rate },
      // sizes of tables that are no buffers have one value here
      skip: (point) => !String(point.family).startsWith("btb"),
    },
    "path-length": {
      belongs: (record, point) => record.technique === point.technique && said(record.predictor, "targets") === point.size,
      values: { rate },
    },
    "static-copies": {
      belongs: (record, point) => {
        const [id, share] = String(point.line).split(", ");
        const part = said(record.technique, "superinstructions") ?? 0;
        return (
          marked(record) === point.predictor &&
          String(record.technique).split(":")[0] === id &&
          bodies(record) === point.bodies &&
          (share === undefined || Math.abs((part / bodies(record)) * 100 - Number.parseFloat(share)) < 0.1)
        );
      },
      values: { rate },
    },
    pareto: { belongs: named, values: { rate } },
  };
};

/** The means of the rows of each point over the programs that all points have, each program's and each seed's counting the same. */
function check(chart: string, points: readonly Point[], records: readonly ResultRecord[], oracle: Oracle): void {
  const counted = points.filter((point) => !oracle.skip?.(point));
  const groups = counted.map((point) => records.filter((record) => record.kind === "dispatch" && oracle.belongs(record, point)));
  const means = groups.filter((_, i) => counted[i].program === undefined || counted[i].program === "(mean)");
  const common = PROGRAMS.filter((program) => means.every((group) => group.some((record) => record.program === program)));
  counted.forEach((point, i) => {
    const programs = point.program === undefined || point.program === "(mean)" ? common : [point.program];
    for (const [field, measure] of Object.entries(oracle.values)) {
      const seeds = distinct(groups[i].map((record) => record.layout_seed)).map((seed) => {
        const values = programs.map((program) => {
          const own = groups[i].filter((record) => record.program === program && record.layout_seed === seed).map(measure);
          expect(own.length, `${chart}: rows of ${JSON.stringify(point)}`).toBeGreaterThan(0);
          return own[0];
        });
        return oracle.geometric ? Math.exp(sumOf(values.map(Math.log)) / values.length) : sumOf(values) / values.length;
      });
      const mean = oracle.geometric ? Math.exp(sumOf(seeds.map(Math.log)) / seeds.length) : sumOf(seeds) / seeds.length;
      expect(point[field], `${chart}: ${field} of ${JSON.stringify(point)}`).toBeCloseTo(mean, 5);
      if (point.least !== undefined && field === Object.keys(oracle.values)[0]) {
        expect(point.least, `${chart}: least`).toBeCloseTo(Math.min(...seeds), 5);
        expect(point.most, `${chart}: most`).toBeCloseTo(Math.max(...seeds), 5);
      }
    }
  });
}

const pointsOf = (spec: unknown): readonly Point[] => (spec as { readonly data: { readonly values: readonly Point[] } }).data.values;

async function drawn(table: ResultTable): Promise<Map<string, { readonly points: readonly Point[]; readonly title: string }>> {
  const charts = await fittingCharts(table);
  return new Map(charts.map(({ chart, spec }) => [chart.id, { points: pointsOf(spec), title: JSON.stringify(spec.title) }]));
}

const known: readonly NamedChart[] = await allCharts();

describe("the numbers of charts are those of the rows", () => {
  const seen = new Set<string>();

  it("whatever ran, and whatever is missing: means", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (records) => {
        const charts = await drawn({ of: "rows", records });
        const oracles = ORACLES(records);
        for (const [id, { points, title }] of charts) {
          expect(title, id).not.toContain("repeat");
          seen.add(id);
          if (oracles[id] !== undefined) check(id, points, records, oracles[id]);
        }
        if (!charts.has("code-size")) return;
        const [{ spec }] = await drawCharts({ of: "rows", records }, "test", ["measure:of=code"]);
        const { belongs, values } = oracles["code-size"];
        const front = (record: ResultRecord): string =>
          `${withPenalty(record, record.predictor, several(records))}${record.predictor === "haswell" ? " ?" : ""}`;
        check("measure", pointsOf(spec), records, {
          belongs: (record, point) => belongs(record, { ...point, predictor: marked(record) }) && front(record) === point.predictor,
          values: { value: values.kilobytes },
        });
        seen.add("measure");
      }),
      { numRuns: 60 },
    );
  });

  it("cycles by cause add up to what each misprediction, bubble, call and return costs", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (records) => {
        const points = (await drawn({ of: "rows", records })).get("cycles-lost")?.points ?? [];
        const all = records.map((record) => JSON.stringify([record.technique, withPenalty(record, record.predictor, several(records))]));
        const runs = distinct(all).map((text) => JSON.parse(String(text)));
        const rowsOf = (technique: unknown, predictor: unknown): ResultRecord[] =>
          records.filter(
            (record) =>
              record.kind === "all" &&
              record.technique === technique &&
              withPenalty(record, record.predictor, several(records)) === predictor,
          );
        const common = PROGRAMS.filter((program) => runs.every(([t, p]) => rowsOf(t, p).some((record) => record.program === program)));
        if (common.length === 0) expect(points).toEqual([]);
        for (const [technique, predictor] of common.length === 0 ? [] : runs) {
          const own = rowsOf(technique, predictor).filter((record) => common.includes(String(record.program)));
          // no more panels are drawn than a page holds
          if (!points.some((point) => point.predictor === predictor)) continue;
          const cycles = own.map((record) => {
            const conditionals =
              (Number(record.mispredictions) / 11) * (Number(record.conditional_penalty_cycles) - Number(record.penalty_cycles));
            const extra =
              conditionals +
              12 * Number(record.override_cycles) +
              20 * Number(record.bubble_cycles) +
              100 +
              100 +
              30 * Number(record.icache_miss_cycles);
            return (Number(record.mispredictions) * Number(record.penalty_cycles) + extra) / Number(record.virtual_instructions);
          });
          const sum = sumOf(
            points.filter((point) => point.technique === technique && point.predictor === predictor).map((point) => Number(point.cycles)),
          );
          expect(sum).toBeCloseTo(sumOf(cycles) / cycles.length, 5);
        }
      }),
      { numRuns: 20 },
    );
  }, 600_000);

  it("the entropy of contexts is the mean over programs, once for each technique", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (records) => {
        const points = (await drawn({ of: "rows", records })).get("contexts")?.points ?? [];
        const entropies = { nothing: "target_entropy_bits", "the branch's address": "target_entropy_given_site_bits" };
        const of = (technique: unknown, program: string): ResultRecord | undefined =>
          records.find((record) => record.technique === technique && record.program === program);
        const techniques = distinct(points.map(({ technique }) => technique));
        const common = PROGRAMS.filter((program) => techniques.every((technique) => of(technique, program) !== undefined));
        for (const [known, column] of Object.entries(entropies))
          for (const { technique, bits } of points.filter((point) => point.known === known))
            expect(bits).toBeCloseTo(sumOf(common.map((program) => Number(of(technique, program)?.[column]))) / common.length, 5);
      }),
      { numRuns: 20 },
    );
  }, 600_000);

  const targets = fc.array(
    fc.record({
      site: fc.integer({ min: 0, max: 4 }),
      target: fc.integer({ min: 0, max: 9 }),
      branches: fc.integer({ min: 1, max: 1000 }),
    }),
    { minLength: 1, maxLength: 40 },
  );

  it("shares of targets are those of all dispatches, however many targets a site has", async () => {
    await fc.assert(
      fc.asyncProperty(targets, async (places) => {
        const once = [...new Map(places.map((place) => [`${place.site} ${place.target}`, place])).values()];
        const records = once.map(({ site, target, branches }) => ({
          ...{ program: "lz", size: "test", technique: "switch", site: `0x${site}`, owner: `o${site % 3}` },
          ...{ target: `0x${target}`, target_owner: `t${target % 7}`, branches, bodies: "own" },
        }));
        const chart = (await drawn({ of: "targets", records })).get("targets");
        seen.add("targets");
        expect(chart?.title).not.toContain("left out");
        const all = sumOf(once.map(({ branches }) => branches));
        for (const { from, to, percent } of chart?.points ?? []) {
          const own = records.filter((record) => record.owner === from && record.target_owner === to);
          expect(percent).toBeCloseTo((sumOf(own.map(({ branches }) => branches)) / all) * 100, 1);
        }
        expect(sumOf((chart?.points ?? []).map(({ percent }) => Number(percent)))).toBeCloseTo(100, 0);
      }),
    );
  });

  it("shares of sites add up to all mispredictions of a run", async () => {
    await fc.assert(
      fc.asyncProperty(targets, async (places) => {
        const once = [...new Map(places.map((place) => [place.target, place])).values()];
        const records = once.map(({ site, target, branches }) => ({
          ...{ program: "lz", size: "test", technique: "switch", predictor: "btb", site: `0x${target}`, owner: `o${site}` },
          ...{ kind: "indirect-jump", branches: branches * 2, mispredictions: branches, bodies: "own" },
        }));
        const points = (await drawn({ of: "sites", records })).get("by-site")?.points ?? [];
        seen.add("by-site");
        expect(points.length).toBe(records.length);
        const all = sumOf(records.map(({ mispredictions }) => mispredictions));
        for (const point of points) {
          const own = records.find(({ site }) => site === point["branch site"]);
          expect([point.opcode, point.mispredictions]).toEqual([own?.owner, own?.mispredictions]);
          expect(point.share).toBeCloseTo((Number(own?.mispredictions) / all) * 100, 5);
        }
      }),
    );
  });

  it("steps over time are the intervals, but for a last one of less than half their length", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 9 }),
        fc.integer({ min: 1, max: 1000 }),
        async (missed, rest) => {
          const records = missed.map((mispredictions, i) => {
            const virtual_instructions = i === missed.length - 1 ? rest : 1000;
            const whole = { program: "lz", size: "test", technique: "switch", predictor: "btb", kind: "dispatch", bodies: "own" };
            return { ...whole, start: i * 1000, virtual_instructions, branches: virtual_instructions, mispredictions };
          });
          const kept = records.filter(({ virtual_instructions }) => virtual_instructions >= 500);
          const points = (await drawn({ of: "intervals", records })).get("over-time")?.points ?? [];
          seen.add("over-time");
          if (kept.length < 2) expect(points).toEqual([]);
          else
            expect(points.slice(0, -1).map(({ start, rate: of }) => [start, Number(of).toPrecision(6)])).toEqual(
              kept.map((record) => [record.start, Number(rate(record)).toPrecision(6)]),
            );
        },
      ),
    );
  });

  it("bars of recordings are mispredictions per 1000 native instructions, of each class that the front end covers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 6 }), async (rates) => {
        const records = rates.flatMap((of, i) =>
          run({ program: `${i % 2}.bpt`, technique: "recorded", predictor: PREDICTORS[i], rate: of }),
        );
        const points = (await drawn({ of: "rows", records })).get("recordings")?.points ?? [];
        seen.add("recordings");
        expect(points.length).toBe(rates.length * 3);
        for (const { recording, predictor, kind, mpki } of points) {
          const name = (record: ResultRecord): unknown => TITLES[String(record.predictor)] ?? record.predictor;
          const own = records.find((record) => record.program === recording && name(record) === predictor && record.kind === kind);
          expect(mpki).toBeCloseTo((Number(own?.mispredictions) / Number(own?.native_instructions)) * 1000, 5);
        }
      }),
    );
  });

  it("limits: the best model and the oracles, means over seeds, for each program and technique", async () => {
    const predictors = ["oracle", "oracle:instructions=4", "ittage", "btb", "btb:unbounded"];
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        pick(PROGRAMS),
        pick(["switch", "direct-threading"]),
        pick(SEEDS),
        async (salt, programs, techniques, seeds) => {
          const records = programs.flatMap((program) =>
            techniques.flatMap((technique) =>
              predictors.flatMap((predictor) =>
                seeds.flatMap((layout_seed) =>
                  run({
                    ...{ program, technique, predictor, layout_seed },
                    rate: Math.round(mixed(salt, program, technique, predictor, layout_seed) * 1000) / 10 + 0.1,
                    storage_bits: ["ittage", "btb"].includes(predictor) ? 500_000 : "unbounded",
                    target_entropy_given_virtual_address_bits: mixed(salt, program, technique) * 5,
                  }),
                ),
              ),
            ),
          );
          const points = (await drawn({ of: "rows", records })).get("limits")?.points ?? [];
          seen.add("limits");
          const meanOf = (program: string, technique: string, predictor: string): number => {
            const own = records.filter(
              (each) =>
                each.kind === "dispatch" && each.program === program && each.technique === technique && each.predictor === predictor,
            );
            return sumOf(own.map(rate)) / own.length;
          };
          for (const program of programs) {
            for (const technique of techniques) {
              const of = (what: string): Point | undefined =>
                points.find((point) => point.program === program && point.technique === technique && point.what === what);
              expect(of("oracle, one virtual address")?.rate).toBeCloseTo(meanOf(program, technique, "oracle"), 5);
              expect(of("oracle, 4 virtual addresses")?.rate).toBeCloseTo(meanOf(program, technique, "oracle:instructions=4"), 5);
              expect(of("best model")?.rate).toBeCloseTo(
                Math.min(...["ittage", "btb"].map((predictor) => meanOf(program, technique, predictor))),
                5,
              );
              const entropy = points.find(
                (point) => point.program === program && point.technique === technique && point.bits !== undefined,
              );
              expect(entropy?.bits).toBeCloseTo(mixed(salt, program, technique) * 5, 5);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("and none of the charts was left out of this", () => {
    expect(known.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });
});
