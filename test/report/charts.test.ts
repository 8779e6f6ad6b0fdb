// Every chart of the folder: that it draws its sample without a warning, is a valid specification, and looks as it did.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { readParameters } from "../../dist/src/parameters.js";
import { COLOURS, dashOf, round, seriesEncoding } from "../../dist/src/report/drawing/drawing.js";
import { allCharts, drawCharts, fittingCharts } from "../../dist/src/report/drawing/find-charts.js";
import { renderChart, renderSvg } from "../../dist/src/report/drawing/render.js";
import { type ResultRecord, type ResultTable, recordsOf } from "../../dist/src/report/result-records.js";
import { rowColumns, targetColumns } from "../../dist/src/results/columns.js";
import { csvOf, HOSTILE, run, SAMPLES } from "./samples.js";

const schema = JSON.parse(readFileSync(new URL(import.meta.resolve("vega-lite/vega-lite-schema.json")), "utf8"));
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
const charts = await allCharts();

type Values = readonly Record<string, string | number>[];

async function draw(table: ResultTable, id: string) {
  const [{ spec }] = await drawCharts(table, "test", [id]);
  const { values } = (spec as { readonly data: { readonly values: Values } }).data;
  return { spec, values };
}

describe.each(charts.map((chart) => [chart.id, chart] as const))("the chart %s", (id, chart) => {
  it("validates against the schema of Vega-Lite", async () => {
    expect(Object.keys(SAMPLES), "add a sample to test/report/samples.ts").toContain(id);
    const { spec } = await draw(SAMPLES[id], id);
    validate(JSON.parse(String(await renderChart(spec, "chart.json"))));
    expect(validate.errors).toBeNull();
  });

  it("draws without a warning, and looks as it did", async () => {
    const { spec } = await draw(SAMPLES[id], id);
    await expect(await renderSvg(spec)).toMatchFileSnapshot(`snapshots/${id}.svg`);
    expect(await renderSvg(spec)).toBe(await renderSvg(spec));
  });

  it("says what its axes are, and whose numbers they are", async () => {
    const { spec } = await draw(SAMPLES[id], id);
    const text = JSON.stringify(spec);
    expect(text).toContain(chart.title);
    for (const [, axis] of text.matchAll(/"[xy]":(\{"field".*?\})/g)) expect(axis).toMatch(/"title":["[]/);
  });

  it("puts data at the top, where pages find its numbers", async () => {
    const { values } = await draw(SAMPLES[id], id);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) for (const cell of Object.values(value)) expect(["string", "number"]).toContain(typeof cell);
  });

  it("escapes names, whatever they are", async () => {
    const records = SAMPLES[id].records.map((record) => ({ ...record, program: HOSTILE.program, owner: HOSTILE.owner }));
    const { spec } = await draw({ ...SAMPLES[id], records }, id);
    expect(await renderSvg(spec)).not.toMatch(/<script|<img|onload=(?!.*&)/);
  });

  it("does not fit where there is nothing to draw", () => {
    const nothing = SAMPLES[id].records.map(
      (record): ResultRecord => ({
        ...record,
        branches: null,
        mispredictions: null,
        cycles_lost: null,
        estimated_speedup_over_switch: null,
      }),
    );
    const { values } = readParameters(id, id, [], chart.parameters ?? {});
    expect([chart.fits(nothing, values), chart.fits([], values)]).toEqual([false, false]);
  });
});

/** Linear RGB as dichromats see it (Machado, Oliveira and Fernandes, A Physiologically-based Model…, 2009; severity 1). */
const EYES = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopes: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopes: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopes: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** CIE L*a*b* of a colour as some eyes see it. */
function lab(colour: string, eyes: readonly number[]): number[] {
  const linear = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = [0, 3, 6].map((at) =>
    Math.min(
      1,
      Math.max(
        0,
        linear.reduce((sum, c, i) => sum + c * eyes[at + i], 0),
      ),
    ),
  );
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [x, y, z] = [
    f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505),
    f(0.2126 * r + 0.7152 * g + 0.0722 * b),
    f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089),
  ];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe("the colours of series", () => {
  it.each(Object.entries(EYES))("differ for %s by 15 in L*a*b*, where 2 are just visible", (_, eyes) => {
    const colours = COLOURS.map((colour) => lab(colour, eyes));
    colours.forEach((a, i) => {
      colours.slice(0, i).forEach((b, j) => {
        expect(Math.hypot(...a.map((c, k) => c - b[k])), `${COLOURS[i]} and ${COLOURS[j]}`).toBeGreaterThan(15);
      });
    });
  });
});

describe("what charts draw", () => {
  it("the headline has a value for each program, technique and predictor whose dispatches are predicted", async () => {
    const results = await simulate({ inputs: ["A B A GOTO", "A B C A GOTO"], predictor: "btb,gshare" });
    const table = { of: "rows", records: recordsOf(rowColumns, results.rows) } as const;
    const { values, spec } = await draw(table, "misprediction-rate");
    const techniques = new Set(results.rows.map(({ technique }) => technique));
    expect(values.filter(({ predictor, program }) => predictor === "btb" && program !== "(mean)")).toHaveLength(2 * techniques.size);
    for (const { rate } of values) expect(rate).toBeLessThanOrEqual(100);
    const svg = await renderSvg(spec);
    for (const technique of techniques) expect(svg).toContain(technique);
  });

  it("the headline is a matrix where there are more predictors than colours, with whole names", async () => {
    const names = [...COLOURS, "one more"].map((_, i) => `two-level:targets=${i}:packing=reverse-interleaved`);
    const table = { of: "rows", records: names.flatMap((predictor) => run({ predictor, rate: 5 })) } as const;
    const { spec } = await draw(table, "misprediction-rate");
    const svg = await renderSvg(spec);
    for (const name of names) expect(svg).toContain(`>${name}<`);
  });

  it("means are over the programs that all series have, which is said", async () => {
    const records = [
      ...run({ rate: 10, predictor: "btb:sets=16" }),
      ...run({ rate: 30, predictor: "btb:sets=16", program: "queens" }),
      ...run({ rate: 8 }),
    ];
    const { values, spec } = await draw({ of: "rows", records }, "btb-size");
    expect(values).toEqual([
      { panel: "btb", technique: "switch", family: "btb", size: 64, rate: 10 },
      { panel: "btb", technique: "switch", family: "btb", size: 2048, rate: 8 },
    ]);
    expect(JSON.stringify(spec.title)).toContain("program lz; 1 program that some series lack is left out");
  });

  it("a chart without a program that all series have does not fit", async () => {
    const records = [...run({ rate: 10 }), ...run({ rate: 30, predictor: "ittage", program: "queens" })];
    expect((await fittingCharts({ of: "rows", records })).map(({ chart }) => chart.id)).toEqual([]);
  });

  it("a mean of speedups is geometric", async () => {
    const faster = { technique: "direct-threading", predictor: "haswell" };
    const records = ["haswell", "zen-3"].flatMap((predictor) => [
      ...run({ rate: 1, predictor }),
      ...run({ rate: 1, predictor, program: "queens" }),
      ...run({ ...faster, predictor, rate: 1, estimated_speedup_over_switch: 4 }),
      ...run({ ...faster, predictor, rate: 1, program: "queens", estimated_speedup_over_switch: 1 }),
    ]);
    const { values } = await draw({ of: "rows", records }, "machine-speedups");
    expect(values.filter(({ technique }) => technique === "direct-threading").map(({ speedup }) => speedup)).toEqual([2, 2]);
  });

  it("layout seeds become a mean with the least and the most of one", async () => {
    const records = [1, 2, 3].flatMap((layout_seed) => [
      ...run({ rate: layout_seed * 10, layout_seed }),
      ...run({ rate: 40, layout_seed, program: "queens" }),
    ]);
    const { values, spec } = await draw({ of: "rows", records }, "misprediction-rate");
    expect(values[0]).toEqual({ program: "(mean)", technique: "switch", predictor: "btb", rate: 30, least: 25, most: 35 });
    expect(JSON.stringify(spec.title)).toContain("mean over 3 layout seeds");
    expect(JSON.stringify(spec.title)).not.toContain("left out");
  });

  it("penalties are panels where cycles are drawn, and nothing where they change nothing", async () => {
    const records = [5, 20].flatMap((penalty_cycles) => run({ rate: 10, penalty_cycles }));
    const { values } = await draw({ of: "rows", records }, "cycles-lost");
    expect(new Set(values.map(({ predictor }) => predictor))).toEqual(new Set(["btb, penalty 5 cycles", "btb, penalty 20 cycles"]));
    const { spec } = await draw({ of: "rows", records }, "misprediction-rate");
    expect(JSON.stringify(spec.title)).not.toContain("left out");
  });

  it("associativities are lines, and ticks are powers of two", async () => {
    const records = ["btb:sets=16:ways=1", "btb:sets=32:ways=1", "btb:sets=8:ways=2", "btb:sets=16:ways=2"].flatMap((predictor, i) =>
      run({ rate: 40 - i, predictor }),
    );
    const { values, spec } = await draw({ of: "rows", records }, "btb-size");
    expect(values.map(({ associativity, size, rate }) => [associativity, size, rate])).toEqual([
      ["1 way", 16, 40],
      ["1 way", 32, 39],
      ["2 ways", 16, 38],
      ["2 ways", 32, 37],
    ]);
    expect(JSON.stringify(spec)).toContain('"values":[16,32]');
  });

  it("what is assumed of a processor is marked, with the reason", async () => {
    const records = ["pentium-mmx", "zen-1"].flatMap((predictor) => run({ rate: 96, predictor }));
    const [{ spec, notes }] = await drawCharts({ of: "rows", records }, "test", ["machines"]);
    const svg = await renderSvg(spec);
    expect(svg).toContain("2017 AMD Zen ?");
    expect(svg).toContain(">96.0?<");
    expect(svg).toContain(">96.0<");
    expect(notes.join()).toMatch(/AMD Zen \?: an array of 512 targets.*; here: an untagged target cache/);
  });

  it.each(Object.keys(SAMPLES))("every front end in %s whose predictor is assumed is marked, and the mark explained", async (id) => {
    const { of, records } = SAMPLES[id];
    const on = (predictor: string): ResultTable => ({ of, records: records.map((record) => ({ ...record, predictor })) });
    const zens = { of, records: ["zen-1", "haswell", "cortex-a72"].flatMap((predictor) => on(predictor).records) };
    for (const table of [on("zen-1"), zens]) {
      const drawn = (await fittingCharts(table)).find(({ chart }) => chart.id === id);
      if (drawn === undefined) continue;
      const text = JSON.stringify(drawn.spec);
      expect(text).not.toMatch(/(zen-1|AMD Zen|haswell|Haswell|cortex-a72|Cortex-A72)(?! \?)/);
      expect(text.includes("is assumed")).toBe(/zen-1|AMD Zen/.test(text));
      expect(drawn.notes.length > 0).toBe(text.includes("is assumed"));
    }
  });

  it.each(Object.keys(SAMPLES))("a band is mentioned in %s if one is drawn", async (id) => {
    const { of, records } = SAMPLES[id];
    const seeded = [1, 2].flatMap((layout_seed) => records.map((record) => ({ ...record, layout_seed })));
    const { spec } = await draw({ of, records: seeded }, id);
    const { data: _, title, ...drawing } = spec as { readonly data: unknown; readonly title: unknown };
    expect(JSON.stringify(title).includes("band: from the least to the most of one seed")).toBe(
      JSON.stringify(drawing).includes('"least"'),
    );
  });

  it("a dispatch that leads to several places has a cell for each", async () => {
    const results = await simulate({ inputs: ["A B C A GOTO"], predictor: "btb", technique: "switch", contexts: true });
    const table = { of: "targets", records: recordsOf(targetColumns, results.targets) } as const;
    const { values, spec } = await draw(table, "targets");
    expect(values).toHaveLength(4);
    expect(values.reduce((sum, { percent }) => sum + Number(percent), 0)).toBeCloseTo(100, 1);
    expect(JSON.stringify(spec.title)).not.toContain("left out");
  });

  it("a heat map of predictors has a caption of its own", async () => {
    const names = COLOURS.map((_, i) => `two-level:targets=${i}`);
    const records = [...names, "btb"].flatMap((predictor) => run({ predictor, rate: 5 }));
    const [{ spec }] = await drawCharts({ of: "rows", records }, "test", ["misprediction-rate"]);
    expect(spec.description).toContain("the darker");
  });

  it("defaults of parameters come from definitions: plain btb is one of 2048 entries", async () => {
    const { values } = await draw(SAMPLES["btb-size"], "btb-size");
    expect(new Set(values.map(({ size }) => size))).toEqual(new Set([64, 256, 2048, 4096]));
  });

  it("the surface has the techniques of one kind at its edges and direct threading in the corner", async () => {
    const { values } = await draw(SAMPLES["superinstructions-and-replicas"], "superinstructions-and-replicas");
    expect(values).toEqual([
      { superinstructions: 0, replicas: 0, rate: 60 },
      { superinstructions: 200, replicas: 0, rate: 35 },
      { superinstructions: 0, replicas: 200, rate: 21 },
      { superinstructions: 200, replicas: 200, rate: 16 },
    ]);
  });

  it("mispredictions and stalls by cause add up to the cycles lost of the results", async () => {
    for (const indirectStall of [undefined, 5]) {
      const results = await simulate({ inputs: ["A B A GOTO"], predictor: "btb", technique: "all", indirectStall });
      const records = recordsOf(rowColumns, results.rows);
      const { values } = await draw({ of: "rows", records }, "cycles-lost");
      for (const technique of new Set(values.map((value) => value.technique))) {
        const causes = values.filter((value) => value.technique === technique && /^(mispredicted|stalls)/.test(String(value.cause)));
        const lost = records.find((record) => record.technique === technique)?.cycles_lost_per_virtual_instruction;
        expect(causes.reduce((sum, { cycles }) => sum + Number(cycles), 0)).toBeCloseTo(Number(lost), 6);
      }
    }
  });

  it("machines stand in the order of their years", async () => {
    const { spec } = await draw(SAMPLES.machines, "machines");
    const { y } = (spec as unknown as { readonly encoding: { readonly y: { readonly sort: readonly string[] } } }).encoding;
    expect(y.sort).toEqual(["1997 Intel Pentium MMX", "2013 Intel Haswell ?", "2020 AMD Zen 3 ?"]);
  });

  it("the last step over time is as wide as its interval, and one of a few instructions is left out", async () => {
    const rest = { ...SAMPLES["over-time"].records[0], start: 2500, virtual_instructions: 89, mispredictions: 16 };
    const records = [...SAMPLES["over-time"].records, rest];
    const { values, spec } = await draw({ of: "intervals", records }, "over-time");
    expect(JSON.stringify(spec.title)).toContain("left out: 1 last interval of 89 virtual instructions");
    expect(values.filter(({ technique }) => technique === "switch").map(({ start, rate }) => [start, rate])).toEqual([
      [0, 98],
      [1000, 95],
      [2000, 88],
      [2500, 88],
    ]);
  });

  it("records of other settings are left out, and that is said", async () => {
    const records = [...run({ rate: 10 }), ...run({ rate: 20, program: "queens" }), ...run({ rate: 90, bodies: "lua" })];
    const { values, spec } = await draw({ of: "rows", records }, "misprediction-rate");
    expect(values.map(({ rate }) => rate)).toEqual([15, 10, 20]);
    expect(JSON.stringify(spec.title)).toContain("bodies=own; 5 of 15 rows, with other settings, are left out");
  });

  it("a penalty that follows another in every row is not named beside it", async () => {
    const costing = (penalty_cycles: number, conditional_penalty_cycles: number) =>
      run({ rate: 10, penalty_cycles, conditional_penalty_cycles });
    const namesOf = async (records: readonly ResultRecord[]): Promise<unknown[]> => {
      const { values } = await draw({ of: "rows", records }, "cycles-lost");
      return [...new Set(values.map(({ predictor }) => predictor))];
    };
    expect(await namesOf([...costing(5, 5), ...costing(20, 20)])).toEqual(["btb, penalty 5 cycles", "btb, penalty 20 cycles"]);
    expect((await namesOf([...costing(5, 5), ...costing(20, 10)]))[0]).toBe("btb, penalty 5 cycles, conditional penalty 5 cycles");
  });

  it("a run that comes twice counts once, whatever its penalty", async () => {
    const records = [
      ...run({ rate: 10 }),
      ...run({ rate: 10 }),
      ...run({ rate: 10, penalty_cycles: 20 }),
      ...run({ rate: 40, program: "queens" }),
    ];
    const { values, spec } = await draw({ of: "rows", records }, "misprediction-rate");
    expect(values.map(({ rate }) => rate)).toEqual([25, 10, 40]);
    expect(JSON.stringify(spec.title)).toContain("5 rows that repeat others are left out");
  });

  it("64 series differ in colour or shape, 32 lines in colour or dash", () => {
    const names = Array.from({ length: 64 }, (_, i) => `series ${i}`);
    const { color, shape } = seriesEncoding("name", "name", names);
    expect(new Set(names.map((_, i) => `${color.scale.range[i]} ${shape.scale.range[i]}`)).size).toBe(64);
    const dashes = dashOf("name", "name", names).scale.range;
    expect(new Set(names.slice(0, 32).map((_, i) => `${color.scale.range[i]} ${dashes[i]}`)).size).toBe(32);
  });

  it("a wrong specification is an error, not a half-empty picture", async () => {
    const { spec } = await draw(SAMPLES["misprediction-rate"], "misprediction-rate");
    const wrong = { ...spec, encoding: { nonsense: { field: "rate" } } };
    await expect(renderSvg(wrong as never)).rejects.toThrow(/chart:/);
  });

  it("a file's charts are those of the results that it was written from", async () => {
    const { readRecords } = await import("../../dist/src/report/result-records.js");
    for (const table of Object.values(SAMPLES)) {
      const read = await fittingCharts(readRecords(csvOf(table), "a.csv"));
      expect(read.map(({ spec }) => spec)).toEqual((await fittingCharts(table)).map(({ spec }) => spec));
    }
  });

  it("a heat map has a cell for each pair of values, as those of the rows, in panels of what differs in nothing else", async () => {
    const sample = SAMPLES["heat-map"];
    const { values } = await draw(sample, "heat-map:x=ways:y=sets");
    expect(values).toHaveLength(12);
    expect(values).toContainEqual({ family: "direct-threading, btb", x: 4, y: 64, rate: round(6000 / 64 / 4 / 9) });
    const { values: byTechnique } = await draw(sample, "heat-map:x=sets:y=technique");
    expect(byTechnique).toContainEqual({ family: "btb:ways=1", x: 16, y: "switch", rate: round(6000 / 16 / 8) });
  });

  it("a heat map may have an axis of a setting, whose rows other charts leave out", async () => {
    const records = SAMPLES["heat-map"].records.flatMap((record) => [
      { ...record, layout_seed: 0 },
      { ...record, layout_seed: 7 },
    ]);
    const { values } = await draw({ of: "rows", records }, "heat-map:x=layout_seed:y=sets");
    expect(new Set(values.map(({ x }) => x))).toEqual(new Set([0, 7]));
  });

  it("a heat map has no cell of some programs' mean beside one of others'", async () => {
    const { records } = SAMPLES["heat-map"];
    const some = records.filter(({ predictor }) => predictor !== "btb:sets=16:ways=1").map((record) => ({ ...record, program: "queens" }));
    const { values, spec } = await draw({ of: "rows", records: [...records, ...some] }, "heat-map:x=ways:y=sets");
    expect(values).toHaveLength(12);
    expect(JSON.stringify(spec.title)).toContain("program lz; 1 program that some series lack is left out");
  });
});
