// Rows as tables for people: per front end, one line for each program and technique.

import { PIECES } from "../../dispatch/native-code.ts";
import { type Machine, unfitForPrograms } from "../../front-end/machines/machine.ts";
import { whole } from "../../numbers.ts";
import { cacheName } from "../../replay/hardware-cache.ts";
import { roundedRatio, siteColumns } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { type IntervalRow, RECORDED, type Results, type Row, type SiteRow } from "../../results/rows.ts";
import { estimateText, speedupText } from "./estimate-text.ts";
import { recordedParts } from "./recorded-table.ts";
import { withHalfRange } from "./results-sheet.ts";
import type { DocumentPart, Sheet } from "./sheet.ts";
import { suiteSheets } from "./suite.ts";
import { dash, fixed, frontEndTitle, unmodelled } from "./text-table.ts";

/** The tables of a simulation, with notes on omissions below them. */
export function simulationParts(simulation: Results): DocumentPart[] {
  const recorded = simulation.rows.filter(({ technique }) => technique === RECORDED);
  const simulated = simulation.rows.filter(({ technique }) => technique !== RECORDED);
  return [
    ...(simulated.length > 0 ? programParts(simulation, simulated) : []),
    ...(recorded.length > 0 ? recordedParts(simulation, recorded) : []),
  ];
}

/** @param rows those of programs */
function programParts(simulation: Results, rows: readonly Row[]): DocumentPart[] {
  const { warmup } = rows[0].settings;
  const parts: DocumentPart[] = [];
  for (const predictor of new Set(rows.map((row) => row.predictor))) {
    const own = rows.filter((row) => row.predictor === predictor);
    const machine = simulation.machines.find(({ id }) => id === predictor);
    const unfit = machine && unfitForPrograms(machine);
    if (unfit !== undefined) parts.push(`${predictor} is unfit for programs: ${unfit}. Its numbers below are those of another front end.`);
    parts.push(frontEndSheet(predictor, own, simulation.machines), ...unmodelled(own), ...suiteSheets(predictor, own));
  }
  const { size, bodies } = rows[0];
  const ran = new Map(rows.map((row) => [row.program, whole(row.virtualInstructions ?? 0)]));
  const warm = warmup > 0 ? ` after a warm-up of ${whole(warmup)}` : "";
  parts.push(
    [
      `Size ${size}. Virtual instructions${warm}: ${[...ran].map((program) => program.join(" ")).join(", ")}.`,
      ...windows(rows),
      "A dispatch is a branch from one virtual instruction's body to the next; rate: mispredicted dispatches per dispatch;",
      "per virtual: the same per virtual instruction, by which techniques compare; MPKI: per 1000 native instructions.",
      ...(bodies === "own" ? [] : [`Opcodes have the native bodies of ${bodies}.`]),
      "Code bytes: bodies, dispatch, tables and generated code.",
      ...assumptions(rows),
    ].join(" "),
  );
  return parts;
}

/** A note on programs that ran longer than their simulated window. */
function windows(rows: readonly Row[]): string[] {
  const cut = new Map(rows.flatMap(({ program, window }) => (window === undefined ? [] : [[program, window]])));
  return [...cut].map(([program, limit]) => `Of ${program} only the first ${whole(limit)} (--max-instructions).`);
}

/** The assumptions of the estimates, in sentences. */
function assumptions(rows: readonly Row[]): string[] {
  const { icache, dcache, flush } = rows[0].settings;
  return [
    ...estimateText(rows),
    ...(icache === undefined ? [] : [`Instruction cache over native code: ${cacheName(icache)}.`]),
    ...(dcache === undefined ? [] : [`Data cache for jump tables alone: ${cacheName(dcache)}.`]),
    ...(flush === undefined ? [] : [`Predictors forget everything after every ${whole(flush)} native branches.`]),
    ...layoutSaid(rows),
  ];
}

/** A sentence about layout seeds. */
function layoutSaid(rows: readonly Row[]): string[] {
  const seeds = [...new Set(rows.map(({ settings }) => settings.layoutSeed))];
  if (seeds.length > 1)
    return [
      `Bodies permuted and padded with ${seeds.length} layout seeds, ${seeds.join(", ")}: means ± half of the range from the least to the most.`,
    ];
  return seeds[0] === 0 ? [] : [`Bodies permuted and padded with layout seed ${seeds[0]}.`];
}

/** One line for each program and technique; for several layout seeds the mean ± half the range. */
function frontEndSheet(predictor: string, rows: readonly Row[], machines: readonly Machine[]): Sheet {
  const keyOf = ({ program, technique }: Row): string => JSON.stringify([program, technique]);
  const runs = [
    ...groupBy(
      rows.filter(({ kind }) => kind === "dispatch"),
      keyOf,
    ).values(),
  ];
  const all = groupBy(
    rows.filter(({ kind }) => kind === "all"),
    keyOf,
  );
  const bubbles = rows.filter(({ kind }) => kind === "all").flatMap((row) => row.bubbles ?? []);
  const overrides = rows.filter(({ kind }) => kind === "all").flatMap((row) => row.overrides ?? []);
  const rate = (value: number | null): number | undefined => value ?? undefined;
  const lines = runs.map((run, i) => {
    const [row] = run;
    const shown = (of: (row: Row) => number | undefined, digits = 0, unit = "", among: readonly Row[] = run): string =>
      withHalfRange(among.map(of), (value) => (digits === 0 ? whole(value) : fixed(value, digits, unit))).text;
    const caches = [
      row.icacheMisses === undefined ? [] : [shown((each) => each.icacheMisses)],
      row.dcacheMisses === undefined ? [] : [shown((each) => each.dcacheMisses)],
    ];
    return [
      i > 0 && runs[i - 1][0].program === row.program ? "" : row.program,
      row.technique,
      shown(({ branches }) => branches),
      shown(({ nativeInstructions }) => nativeInstructions),
      shown(({ mispredictions }) => mispredictions),
      shown((each) => rate(roundedRatio(each.mispredictions, each.branches, 100)), 1, " %"),
      shown((each) => rate(roundedRatio(each.mispredictions, each.virtualInstructions)), 3),
      shown((each) => rate(roundedRatio(each.mispredictions, each.nativeInstructions, 1000)), 1),
      shown((each) => PIECES.reduce((sum, kind) => sum + (each.footprint?.bytes[kind] ?? 0), 0)),
      ...caches.flat(),
      ...(bubbles.length === 0 ? [] : [shown((each) => each.bubbles, 0, "", all.get(keyOf(row)) ?? [])]),
      ...(overrides.length === 0 ? [] : [shown((each) => each.overrides, 0, "", all.get(keyOf(row)) ?? [])]),
      shown(({ cyclesLost }) => cyclesLost),
      run.length === 1 ? speedupText(row, dash) : shown((each) => rate(roundedRatio(each.estimatedSpeedupOverSwitch, 1)), 2),
    ];
  });
  const [{ icacheMisses, dcacheMisses }] = rows;
  const head = [
    "program",
    "technique",
    "dispatches",
    "native instr.",
    "mispredicted",
    "rate",
    "per virtual",
    "MPKI",
    "code bytes",
    ...(icacheMisses === undefined ? [] : ["icache misses"]),
    ...(dcacheMisses === undefined ? [] : ["dcache misses"]),
    ...(bubbles.length === 0 ? [] : ["bubbles"]),
    ...(overrides.length === 0 ? [] : ["overrides"]),
    "cycles lost",
    "speedup",
  ];
  return { title: frontEndTitle(predictor, rows, machines), head, rows: lines, left: 2 };
}

/** Contexts of dispatches: one line for each program and technique. */
export function contextParts(rows: readonly Row[]): DocumentPart[] {
  const lines = [...groupBy(rows, ({ program, technique }) => JSON.stringify([program, technique])).values()].flatMap(
    ([{ program, technique, contexts }]) =>
      contexts === undefined
        ? []
        : [
            [
              program,
              technique,
              whole(contexts.sites),
              ...[contexts.targetsPerSite, contexts.targetsPerDispatch].map((targets) => targets.toFixed(1)),
              ...[contexts.entropy, contexts.entropyGivenSite, contexts.entropyGivenVirtualAddress].map((bits) => bits.toFixed(2)),
            ],
          ],
  );
  const head = [
    "program",
    "technique",
    "sites",
    "targets a site",
    "targets a dispatch",
    "bits",
    "given the site",
    "given the virtual address",
  ];
  const said =
    "Dispatch sites that executed; distinct targets of a site, the mean over sites and over dispatches; bits of uncertainty of a dispatch's target, " +
    "for somebody who knows nothing, the address of the branch, or the virtual address of the instruction that dispatches.";
  return [{ title: "Contexts", head, rows: lines, left: 2 }, said];
}

/** Mispredictions over time, one table per program, technique and front end: of dispatches, or of all branches of a recording. */
export function intervalSheets(intervals: readonly IntervalRow[]): Sheet[] {
  const groups = groupBy(
    intervals.filter(({ kind, technique }) => kind === (technique === RECORDED ? "all" : "dispatch")),
    titleOf,
  );
  return [...groups].map(([title, rows]) => {
    const lines = rows.map((row) => [
      whole(row.start),
      whole(row.virtualInstructions ?? row.nativeInstructions),
      whole(row.branches),
      row.mispredictions === undefined ? dash : whole(row.mispredictions),
      fixed(roundedRatio(row.mispredictions, row.branches, 100), 1, " %"),
    ]);
    const recorded = rows[0].technique === RECORDED;
    const unit = recorded ? "native" : "virtual";
    const head = [`from ${unit} instruction`, `${unit} instructions`, recorded ? "branches" : "dispatches", "mispredicted", "rate"];
    return { title: `Over time: ${title}`, head, rows: lines, left: 0 };
  });
}

/** The worst sites, one table per program, technique and front end. */
export function siteSheets(sites: readonly SiteRow[]): Sheet[] {
  const names = siteColumns.map(([name]) => name);
  const shown = ["site", "kind", "owner", "branches", "mispredictions"].map((name) => siteColumns[names.indexOf(name)]);
  return [...groupBy(sites, titleOf)].map(([title, group]) => {
    const lines = group.map((row) => [
      ...shown.map(([name, value]) => {
        const cell = value(row);
        return name === "kind" && row.dispatch ? `${cell}, dispatch` : typeof cell === "number" ? whole(cell) : String(cell ?? dash);
      }),
      fixed(roundedRatio(row.mispredictions, row.branches, 100), 1, " %"),
    ]);
    return { title: `Worst sites: ${title}`, head: [...shown.map(([name]) => name), "rate"], rows: lines, left: 3 };
  });
}

const titleOf = ({ program, technique, predictor }: SiteRow | IntervalRow): string => `${program}, ${technique}, ${predictor}`;
