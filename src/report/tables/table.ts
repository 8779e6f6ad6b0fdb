// Rows as tables for people: per front end, one line for each program and technique.

import { doubtLines, type Machine } from "../../front-end/machines/machine.ts";
import { whole } from "../../numbers.ts";
import { cacheName } from "../../replay/hardware-cache.ts";
import { roundedRatio, siteColumns } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { type IntervalRow, RECORDED, type Results, type Row, type SiteRow } from "../../results/rows.ts";
import { type Arrangement, sheetOf } from "./arrangement.ts";
import { dash, percentText } from "./cells.ts";
import { estimateText } from "./estimate-text.ts";
import { frontEndTitle, unmodelled } from "./front-end-title.ts";
import { type Line, programColumns, programMerit } from "./program-columns.ts";
import { recordedParts } from "./recorded-table.ts";
import type { DocumentPart, Sheet } from "./sheet.ts";
import { suiteSheets } from "./suite.ts";

/** How the tables of a simulation are shown. */
export interface Manner {
  readonly arranged?: Arrangement;
  /** Whether titles and legends are short, for a terminal. */
  readonly brief?: boolean;
}

/** The tables of a simulation, with notes on omissions below them. */
export function simulationParts(simulation: Results, manner: Manner = {}): DocumentPart[] {
  const recorded = simulation.rows.filter(({ technique }) => technique === RECORDED);
  const simulated = simulation.rows.filter(({ technique }) => technique !== RECORDED);
  return [
    ...(simulated.length > 0 ? programParts(simulation, simulated, manner) : []),
    ...(recorded.length > 0 ? recordedParts(simulation, recorded, manner) : []),
  ];
}

/** @param rows those of programs */
function programParts(simulation: Results, rows: readonly Row[], manner: Manner): DocumentPart[] {
  const { warmup } = rows[0].settings;
  const parts: DocumentPart[] = [];
  for (const predictor of new Set(rows.map((row) => row.predictor))) {
    const own = rows.filter((row) => row.predictor === predictor);
    const machine = simulation.machines.find(({ id }) => id === predictor);
    parts.push(
      ...(machine === undefined
        ? []
        : doubtLines(
            machine,
            own.map(({ technique }) => technique),
          )),
      frontEndSheet(predictor, own, simulation.machines, manner),
      ...unmodelled(own, simulation.machines),
      ...suiteSheets(predictor, own),
    );
  }
  const { size, bodies } = rows[0];
  const ran = new Map(rows.map((row) => [row.program, whole(row.virtualInstructions ?? 0)]));
  const warm = warmup > 0 ? ` after a warm-up of ${whole(warmup)}` : "";
  const legend = manner.brief ? [BRIEF_LEGEND] : LEGEND;
  parts.push(
    [
      `Size ${size}. Virtual instructions${warm}: ${[...ran].map((program) => program.join(" ")).join(", ")}.`,
      ...windows(rows),
      ...(manner.brief ? [] : legend),
      ...(bodies === "own" ? [] : [`Opcodes have the native bodies of ${bodies}.`]),
      ...assumptions(rows, manner.brief ?? false),
    ].join(" "),
    ...(manner.brief ? legend : []),
  );
  return parts;
}

const LEGEND = [
  "A dispatch is a branch from one virtual instruction's body to the next; rate: mispredicted dispatches per dispatch;",
  "per virtual: the same per virtual instruction, by which techniques compare; MPKI: per 1000 native instructions.",
  "Code bytes: bodies, dispatch, tables and generated code.",
];

/** One line of a terminal, and where more is written. */
const BRIEF_LEGEND = "★ best, ▽ worst of a program, by speedup over switch. Columns: docs/columns.md";

/** A note on programs that ran longer than their simulated window. */
function windows(rows: readonly Row[]): string[] {
  const cut = new Map(rows.flatMap(({ program, window }) => (window === undefined ? [] : [[program, window]])));
  return [...cut].map(([program, limit]) => `Of ${program} only the first ${whole(limit)} (--max-instructions).`);
}

/** The assumptions of the estimates, in sentences. */
function assumptions(rows: readonly Row[], brief: boolean): string[] {
  const { icache, dcache, flush, updateDelay } = rows[0].settings;
  return [
    ...estimateText(rows, brief),
    ...(icache === undefined ? [] : [`Instruction cache over native code: ${cacheName(icache)}.`]),
    ...(dcache === undefined ? [] : [`Data cache for jump tables alone: ${cacheName(dcache)}.`]),
    ...(flush === undefined ? [] : [`Predictors forget everything after every ${whole(flush)} native branches.`]),
    ...(updateDelay === undefined ? [] : [`Predictors learn a branch ${whole(updateDelay)} native branches after it.`]),
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
function frontEndSheet(
  predictor: string,
  rows: readonly Row[],
  machines: readonly Machine[],
  { arranged = {}, brief = false }: Manner,
): Sheet {
  const keyOf = ({ program, technique }: Row): string => JSON.stringify([program, technique]);
  const all = groupBy(
    rows.filter(({ kind }) => kind === "all"),
    keyOf,
  );
  const dispatches = groupBy(
    rows.filter(({ kind }) => kind === "dispatch"),
    keyOf,
  );
  const lines = [...dispatches].map(([key, run]): Line => ({ rows: run, all: all.get(key) ?? [] }));
  return sheetOf(
    {
      title: frontEndTitle(predictor, rows, machines, brief),
      names: [
        ["program", "program"],
        ["technique", "technique"],
      ],
      namesOf: ({ rows: [{ program, technique }] }) => [program, technique],
      lines,
      columns: programColumns(lines),
      merit: programMerit,
    },
    arranged,
  );
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
    "for somebody who knows nothing, the address of the branch, or the virtual address of the instruction that dispatches. " +
    "The call of a body and the return from it have one virtual address, which alone leaves up to one bit (subroutine and context threading).";
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
      percentText(roundedRatio(row.mispredictions, row.branches, 100)),
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
      percentText(roundedRatio(row.mispredictions, row.branches, 100)),
    ]);
    return { title: `Worst sites: ${title}`, head: [...shown.map(([name]) => name), "rate"], rows: lines, left: 3 };
  });
}

const titleOf = ({ program, technique, predictor }: SiteRow | IntervalRow): string => `${program}, ${technique}, ${predictor}`;
