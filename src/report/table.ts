// Rows as tables for people: per front end, one line for each program and technique.
import Table, { type TableConstructorOptions } from "cli-table3";
import { cacheName } from "../cache.ts";
import { PIECES } from "../dispatch/native-code.ts";
import type { Machine } from "../machines/machine.ts";
import { groupBy, type IntervalRow, type Results, type Row, type SiteRow } from "../rows.ts";
import { ratio, siteColumns } from "./columns.ts";

const plain: TableConstructorOptions = {
  style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
  chars: {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "",
  },
};

const dash = "–";
const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const fixed = (value: number | null, digits: number, unit = ""): string => (value === null ? dash : `${value.toFixed(digits)}${unit}`);
const trimmed = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");

/** A table of text, the first `left` columns to the left, the others to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const table = new Table({ ...plain, head: [...head], colAligns: head.map((_, i) => (i < left ? "left" : "right")) });
  for (const row of rows) table.push([...row]);
  return trimmed(table.toString());
}

/** The table of a simulation, with what it leaves out said below it. */
export function simulationTable(simulation: Results): string {
  const { warmup } = simulation;
  const parts: string[] = [];
  const predictors = [...new Set(simulation.rows.map(({ predictor }) => predictor))];
  for (const predictor of predictors) {
    const rows = simulation.rows.filter((row) => row.predictor === predictor);
    const machine = simulation.machines.find(({ id }) => id === predictor);
    parts.push(frontEndTable(predictor, rows, machine));
  }
  const { size, bodies } = simulation.rows[0];
  const ran = new Map(simulation.rows.map((row) => [row.program, whole(row.virtualInstructions)]));
  const warm = warmup > 0 ? ` after a warm-up of ${whole(warmup)}` : "";
  parts.push(
    wrapped(
      [
        `Size ${size}. Virtual instructions${warm}: ${[...ran].map((program) => program.join(" ")).join(", ")}.`,
        "A dispatch is a branch from one virtual instruction's body to the next; rate: mispredicted dispatches per dispatch;",
        "per virtual: the same per virtual instruction, by which techniques compare; MPKI: per 1000 native instructions.",
        ...(bodies === "own" ? [] : [`Opcodes have the native bodies of ${bodies}.`]),
        "Code bytes: bodies, dispatch, tables and generated code.",
        ...assumptions(simulation),
      ].join(" "),
    ),
  );
  return `${parts.join("\n\n")}\n`;
}

const WIDTH = 120;

/** A paragraph, broken at blanks. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** What the estimates assume, in sentences. */
function assumptions({ rows, caches, layoutSeed, flushEvery }: Results): string[] {
  const { cost } = rows[0];
  const penalties = [...new Map(rows.map((row) => [row.predictor, row.cost.penaltyCycles]))];
  const penalty = penalties.every(([, cycles]) => cycles === penalties[0][1])
    ? `${penalties[0][1]} cycles each`
    : `so many cycles each: ${penalties.map(([predictor, cycles]) => `${predictor} ${cycles}`).join(", ")}`;
  const stalled = [...new Map(rows.map((row) => [row.predictor, row.cost.indirectStallCycles]))].filter(
    ([, cycles]) => cycles !== undefined,
  );
  const costs = [
    [cost.takenBranchCycles, "taken branch"],
    [rows.some(({ bubbles }) => bubbles !== undefined) ? cost.bubbleCycles : 0, "front-end bubble"],
    [cost.callCycles, "call"],
    [cost.returnCycles, "return"],
    [caches.icache === undefined ? 0 : cost.icacheMissCycles, "instruction-cache miss"],
    [caches.dcache === undefined ? 0 : cost.dcacheMissCycles, "data-cache miss"],
  ] as const;
  const extra = costs.filter(([cycles]) => cycles > 0).map(([cycles, what]) => ` + ${cycles} per ${what}`);
  return [
    `Cycles lost: mispredictions of all modelled kinds at ${penalty}.`,
    ...stalled.map(([predictor, cycles]) => `With ${predictor}, every indirect branch stalls for ${cycles} cycles, predicted or not.`),
    `Speedup over switch: an estimate, from cycles = native instructions / IPC + cycles lost${extra.join("")}; all of it assumed,`,
    `IPC ${cost.instructionsPerCycle}.`,
    ...(caches.icache === undefined ? [] : [`Instruction cache over native code: ${cacheName(caches.icache)}.`]),
    ...(caches.dcache === undefined ? [] : [`Data cache for jump tables alone: ${cacheName(caches.dcache)}.`]),
    ...(flushEvery === undefined ? [] : [`Predictors forget everything after every ${whole(flushEvery)} native branches.`]),
    ...(layoutSeed === 0 ? [] : [`Bodies permuted and padded with layout seed ${layoutSeed}.`]),
  ];
}

function frontEndTable(predictor: string, rows: readonly Row[], machine: Machine | undefined): string {
  const dispatchRows = rows.filter(({ kind }) => kind === "dispatch");
  const bubbles = rows.filter(({ kind }) => kind === "all").flatMap((row) => row.bubbles ?? []);
  const missing = [...new Set(rows.flatMap(({ notModelled }) => notModelled))];
  const missesOf = (row: Row): number[] => [row.icacheMisses, row.dcacheMisses].filter((misses) => misses !== undefined);
  const lines = dispatchRows.map((row, i) => [
    i > 0 && dispatchRows[i - 1].program === row.program ? "" : row.program,
    row.technique,
    whole(row.branches),
    whole(row.nativeInstructions),
    row.mispredictions === undefined ? dash : whole(row.mispredictions),
    fixed(ratio(row.mispredictions, row.branches, 100), 1, " %"),
    fixed(ratio(row.mispredictions, row.virtualInstructions), 3),
    fixed(ratio(row.mispredictions, row.nativeInstructions, 1000), 1),
    whole(PIECES.reduce((sum, kind) => sum + row.footprint.bytes[kind], 0)),
    ...missesOf(row).map(whole),
    ...bubbles.slice(i, i + 1).map(whole),
    row.cyclesLost === undefined ? dash : whole(row.cyclesLost),
    fixed(ratio(row.estimatedSpeedupOverSwitch, 1), 2),
  ]);
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
    "cycles lost",
    "speedup",
  ];
  const { frontEnd } = rows[0];
  const full = frontEnd === predictor ? "" : ` (front end: ${frontEnd})`;
  const title = machine === undefined ? `Predictor ${predictor}${full}` : machineTitle(machine, frontEnd);
  const said =
    missing.length > 0 ? `\nNot modelled by this front end, and not counted as mispredicted: ${missing.join(", ")} branches.` : "";
  return `${title}\n\n${textTable(head, lines, 2)}${said}`;
}

/** A machine, and what stands for it. */
function machineTitle({ id, title, year, parts }: Machine, frontEnd: string): string {
  const stands = Object.entries(parts).flatMap(([name, { approximation }]) =>
    approximation === undefined ? [] : `${name}: ${approximation}`,
  );
  const said = stands.length === 0 ? "" : `\n${wrapped(`Approximated: ${stands.join("; ")}.`)}`;
  return `Machine ${id}: ${title}${year === undefined ? "" : `, ${year}`} (front end: ${frontEnd})${said}`;
}

/** Mispredicted dispatches over time, one table per program, technique and front end. */
export function intervalTable(intervals: readonly IntervalRow[]): string {
  const groups = groupBy(
    intervals.filter(({ kind }) => kind === "dispatch"),
    titleOf,
  );
  const parts = [...groups].map(([title, rows]) => {
    const lines = rows.map((row) => [
      whole(row.start),
      whole(row.virtualInstructions),
      whole(row.branches),
      row.mispredictions === undefined ? dash : whole(row.mispredictions),
      fixed(ratio(row.mispredictions, row.branches, 100), 1, " %"),
    ]);
    const head = ["from virtual instruction", "virtual instructions", "dispatches", "mispredicted", "rate"];
    return `Over time: ${title}\n\n${textTable(head, lines, 0)}`;
  });
  return `${parts.join("\n\n")}\n`;
}

/** The worst sites, one table per program, technique and front end. */
export function siteTable(sites: readonly SiteRow[]): string {
  const parts: string[] = [];
  const names = siteColumns.map(([name]) => name);
  const shown = ["site", "kind", "owner", "branches", "mispredictions"].map((name) => siteColumns[names.indexOf(name)]);
  for (const title of new Set(sites.map(titleOf))) {
    const group = sites.filter((site) => titleOf(site) === title);
    const lines = group.map((row) => [
      ...shown.map(([name, value]) => {
        const cell = value(row);
        return name === "kind" && row.dispatch ? `${cell}, dispatch` : typeof cell === "number" ? whole(cell) : String(cell ?? dash);
      }),
      fixed(ratio(row.mispredictions, row.branches, 100), 1, " %"),
    ]);
    parts.push(`Worst sites: ${title}\n\n${textTable([...shown.map(([name]) => name), "rate"], lines, 3)}`);
  }
  return `${parts.join("\n\n")}\n`;
}

const titleOf = ({ program, technique, predictor }: SiteRow | IntervalRow): string => `${program}, ${technique}, ${predictor}`;
