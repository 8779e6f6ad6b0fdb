// Rows as tables for people: per front end, one line for each program and technique.
import { cacheName } from "../cache.ts";
import { PIECES } from "../dispatch/native-code.ts";
import { RECORDED, type Results, type Row, type SiteRow } from "../rows.ts";
import { ratio, siteColumns } from "./columns.ts";
import { recordedTable } from "./recorded-table.ts";
import { dash, fixed, frontEndTitle, textTable, unmodelled, whole, wrapped } from "./text-table.ts";

/** The tables of a simulation, with what they leave out said below them. */
export function simulationTable(simulation: Results): string {
  const recorded = simulation.rows.filter(({ technique }) => technique === RECORDED);
  const simulated = simulation.rows.filter(({ technique }) => technique !== RECORDED);
  const parts: string[] = [];
  if (simulated.length > 0) parts.push(programTable(simulation, simulated));
  if (recorded.length > 0) parts.push(recordedTable(simulation, recorded));
  return `${parts.join("\n\n")}\n`;
}

/** @param rows those of programs */
function programTable(simulation: Results, rows: readonly Row[]): string {
  const { warmup } = simulation;
  const parts: string[] = [];
  for (const predictor of new Set(rows.map((row) => row.predictor))) {
    parts.push(
      frontEndTable(
        predictor,
        rows.filter((row) => row.predictor === predictor),
      ),
    );
  }
  const { size, bodies } = rows[0];
  const ran = new Map(rows.map((row) => [row.program, whole(row.virtualInstructions ?? 0)]));
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
  return parts.join("\n\n");
}

/** What the estimates assume, in sentences. */
function assumptions({ cost, caches, layoutSeed }: Results): string[] {
  const { indirectStallCycles: stall } = cost;
  const costs = [
    [cost.takenBranchCycles, "taken branch"],
    [cost.callCycles, "call"],
    [cost.returnCycles, "return"],
    [caches.icache === undefined ? 0 : cost.icacheMissCycles, "instruction-cache miss"],
    [caches.dcache === undefined ? 0 : cost.dcacheMissCycles, "data-cache miss"],
  ] as const;
  const extra = costs.filter(([cycles]) => cycles > 0).map(([cycles, what]) => ` + ${cycles} per ${what}`);
  return [
    stall === undefined
      ? `Cycles lost: mispredictions of all modelled kinds at ${cost.penaltyCycles} cycles each.`
      : `Cycles lost: every indirect branch stalls for ${stall} cycles, mispredictions of other kinds cost ${cost.penaltyCycles}.`,
    `Speedup over switch: an estimate, from cycles = native instructions / IPC + cycles lost${extra.join("")}; all of it assumed,`,
    `IPC ${cost.instructionsPerCycle}.`,
    ...(caches.icache === undefined ? [] : [`Instruction cache over native code: ${cacheName(caches.icache)}.`]),
    ...(caches.dcache === undefined ? [] : [`Data cache for jump tables alone: ${cacheName(caches.dcache)}.`]),
    ...(layoutSeed === 0 ? [] : [`Bodies permuted and padded with layout seed ${layoutSeed}.`]),
  ];
}

function frontEndTable(predictor: string, rows: readonly Row[]): string {
  const dispatchRows = rows.filter(({ kind }) => kind === "dispatch");
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
    whole(PIECES.reduce((sum, kind) => sum + (row.footprint?.bytes[kind] ?? 0), 0)),
    ...missesOf(row).map(whole),
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
    "cycles lost",
    "speedup",
  ];
  return `${frontEndTitle(predictor, rows)}\n\n${textTable(head, lines, 2)}${unmodelled(rows)}`;
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

const titleOf = ({ program, technique, predictor }: SiteRow): string => `${program}, ${technique}, ${predictor}`;
