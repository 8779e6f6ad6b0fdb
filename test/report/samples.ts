// Small results for each chart, with numbers that anyone can follow: 1000 virtual instructions a run.
import type { ResultRecord, ResultTable } from "../../dist/src/report/result-records.js";

interface Said {
  readonly program?: string;
  readonly technique?: string;
  readonly predictor?: string;
  /** Mispredicted dispatches per 100 virtual instructions. */
  readonly rate: number;
  readonly [column: string]: string | number | null | undefined;
}

const KINDS = ["dispatch", "indirect", "conditional", "return", "all"];

/** The five rows of a run: all its dispatches are indirect jumps, and a tenth as many conditionals are mispredicted. */
export function run({ program = "lz", technique = "switch", predictor = "btb", rate, ...more }: Said): ResultRecord[] {
  return KINDS.map((kind) => {
    const missed = { dispatch: rate * 10, indirect: rate * 10, conditional: rate, return: 0, all: rate * 11 }[kind] ?? 0;
    return {
      ...{ program, size: "test", technique, predictor, kind, virtual_instructions: 1000, native_instructions: 5000, branches: 1000 },
      ...{ mispredictions: missed, front_end_bubbles: 20, taken_branches: 1500, calls: 100, returns: 100, icache_misses: 30 },
      ...{ body_bytes: 4000, dispatch_bytes: 1000, table_bytes: 500, generated_bytes: 0, cycles_lost: rate * 11 * 15 },
      ...{ estimated_speedup_over_switch: 1, penalty_cycles: 15, ipc: 1, taken_branch_cycles: 0, call_cycles: 1, return_cycles: 1 },
      ...{ bubble_cycles: 8, icache_miss_cycles: 12, dcache_miss_cycles: 12, bodies: "own", front_end: `${predictor}+gshare` },
      ...more,
    };
  });
}

const rows = (...runs: readonly ResultRecord[][]): ResultTable => ({ of: "rows", records: runs.flat() });

const site = (owner: string, address: string, mispredictions: number, technique = "direct-threading"): ResultRecord => ({
  ...{
    program: "lz",
    size: "test",
    technique,
    predictor: "btb",
    site: address,
    kind: owner === "?branch" ? "conditional" : "indirect-jump",
  },
  ...{ owner, dispatch: "yes", branches: mispredictions * 2, mispredictions, front_end_bubbles: null },
});

/** Every opcode has one branch and one entry. */
const target = (technique: string, owner: string, target_owner: string, branches: number): ResultRecord => ({
  ...{
    program: "lz",
    size: "test",
    technique,
    site: `site of ${owner}`,
    owner,
    target: `entry of ${target_owner}`,
    target_owner,
    branches,
  },
});

const interval = (technique: string, start: number, mispredictions: number, virtual_instructions = 1000): ResultRecord => ({
  ...{ program: "lz", size: "test", technique, predictor: "btb", kind: "dispatch", start, virtual_instructions },
  ...{ branches: virtual_instructions, mispredictions },
});

export const SAMPLES: Readonly<Record<string, ResultTable>> = {
  "misprediction-rate": rows(
    run({ rate: 96 }),
    run({ rate: 90, program: "queens" }),
    run({ rate: 9, predictor: "two-level" }),
    run({ rate: 7, predictor: "two-level", program: "queens" }),
    run({ rate: 60, technique: "direct-threading" }),
    run({ rate: 50, technique: "direct-threading", program: "queens" }),
    run({ rate: 8, technique: "direct-threading", predictor: "two-level" }),
    run({ rate: 6, technique: "direct-threading", predictor: "two-level", program: "queens" }),
  ),
  measure: rows(run({ rate: 60 }), run({ rate: 20, predictor: "ittage" }), run({ rate: 30, technique: "direct-threading" })),
  machines: rows(
    ...["zen-3", "pentium-mmx", "haswell"].flatMap((predictor, i) => [
      run({ predictor, rate: [2, 96, 1.6][i] }),
      run({ predictor, rate: [1.9, 58.8, 1.5][i], technique: "direct-threading" }),
    ]),
  ),
  "machine-speedups": rows(
    ...["zen-3", "pentium-mmx", "haswell"].flatMap((predictor, i) => [
      run({ predictor, rate: 1 }),
      run({ predictor, rate: 1, technique: "direct-threading", estimated_speedup_over_switch: [1.36, 1.44, 1.37][i] }),
    ]),
  ),
  "btb-size": rows(
    ...["btb:sets=16", "btb:sets=64", "btb", "btb:unbounded"].flatMap((predictor, i) => [
      run({ predictor, rate: 96 }),
      run({ predictor, rate: [60, 50, 40, 39][i], technique: "static-replication" }),
    ]),
    run({ predictor: "two-level:entries=64", rate: 40 }),
    run({ predictor: "two-level", rate: 8 }),
  ),
  // gshare, which completes these front ends, takes 131,088 bits: beside it stand those of the BTB
  pareto: rows(
    ...["btb:sets=16", "btb:sets=64", "btb:sets=64:ways=8", "btb"].flatMap((predictor, i) => [
      run({ predictor, rate: [70, 50, 45, 46][i], storage_bits: 131_088 + [3_000, 12_000, 24_000, 98_000][i] }),
      run({
        predictor,
        rate: [60, 30, 40, 20][i],
        technique: "direct-threading",
        storage_bits: 131_088 + [3_000, 12_000, 24_000, 98_000][i],
      }),
    ]),
    run({ predictor: "btb:unbounded", rate: 40, storage_bits: "unbounded" }),
  ),
  "heat-map": rows(
    ...[16, 64].flatMap((sets) =>
      [1, 2, 4].flatMap((ways) => [
        run({ predictor: `btb:sets=${sets}:ways=${ways}`, rate: 6000 / sets / ways / 8 }),
        run({ predictor: `btb:sets=${sets}:ways=${ways}`, rate: 6000 / sets / ways / 9, technique: "direct-threading" }),
      ]),
    ),
  ),
  "path-length": rows(
    ...["two-level:targets=1", "two-level:targets=2", "two-level"].flatMap((predictor, i) => [
      run({ predictor, rate: [58, 30, 9][i] }),
      run({ predictor, rate: [57, 31, 8][i], technique: "direct-threading" }),
    ]),
  ),
  "static-copies": rows(
    ...[0, 100, 800].flatMap((count, i) => [
      run({ rate: [60, 37, 25][i], technique: `static-superinstructions:superinstructions=${count}` }),
      run({ rate: [60, 31, 11][i], technique: `static-replication:replicas=${count}` }),
      run({ rate: [60, 22, 9][i], technique: `static-both:superinstructions=${count / 2}:replicas=${count / 2}` }),
    ]),
    run({ rate: 96 }),
  ),
  "superinstructions-and-replicas": rows(
    run({ rate: 60, technique: "direct-threading" }),
    run({ rate: 35, technique: "static-superinstructions:superinstructions=200" }),
    run({ rate: 21, technique: "static-replication:replicas=200" }),
    run({ rate: 16, technique: "static-both" }),
    run({ rate: 96 }),
  ),
  "code-size": rows(
    run({ rate: 96 }),
    run({ rate: 60, technique: "direct-threading", dispatch_bytes: 3000 }),
    run({ rate: 9, technique: "dynamic-replication", generated_bytes: 60_000 }),
  ),
  "cycles-lost": rows(run({ rate: 96 }), run({ rate: 60, technique: "direct-threading" }), run({ rate: 2, predictor: "ittage" })),
  "by-site": {
    of: "sites",
    records: [
      site("dup", "0x401000", 300),
      site("dup", "0x401040", 200),
      site("?branch", "0x402000", 400),
      site("dispatch loop", "0x40100f", 960, "switch"),
    ],
  },
  contexts: rows(
    ...[
      ["switch", 4.2],
      ["direct-threading", 1.6],
      ["dynamic-replication", 0.3],
    ].map(([technique, given]) =>
      run({
        technique: String(technique),
        rate: 50,
        target_entropy_bits: 4.2,
        target_entropy_given_site_bits: given,
        target_entropy_given_virtual_address_bits: 0.2,
      }),
    ),
  ),
  limits: rows(
    ...[
      { rate: 1.5, predictor: "ittage", storage_bits: 520_064 },
      { rate: 8, predictor: "btb", storage_bits: 116_736 },
      { rate: 7, predictor: "oracle", storage_bits: "unbounded" },
      { rate: 3, predictor: "oracle:instructions=8", storage_bits: "unbounded" },
    ].map((record) => run({ ...record, target_entropy_given_virtual_address_bits: 0.4 })),
  ),
  targets: {
    of: "targets",
    records: [
      target("switch", "dispatch loop", "dup", 300),
      target("switch", "dispatch loop", "+", 300),
      target("direct-threading", "dup", "+", 300),
      target("direct-threading", "+", "dup", 290),
      target("direct-threading", "+", "halt", 10),
    ],
  },
  recordings: rows(
    ...["haswell", "pentium-4-northwood"].map((predictor, i) =>
      run({ program: "a.bpt", technique: "recorded", predictor, rate: [1, 60][i], virtual_instructions: null, size: null }).filter(
        ({ kind }) => kind !== "dispatch",
      ),
    ),
  ),
  "over-time": {
    of: "intervals",
    records: ["switch", "direct-threading"].flatMap((technique, i) => [
      interval(technique, 0, [980, 700][i]),
      interval(technique, 1000, [950, 500][i]),
      interval(technique, 2000, [440, 310][i], 500),
    ]),
  },
};

/** Names that would do harm where they are not escaped. */
export const HOSTILE = {
  program: "<script>alert(1)</script>",
  technique: '"><img src=x onerror=alert(1)>',
  predictor: "</script><script>alert(1)</script><!--",
  owner: "'-alert(1)-'<svg onload=alert(1)>",
} as const;

/** Results as CSV, as a user might have them. */
export function csvOf({ records }: ResultTable): string {
  const columns = Object.keys(records[0]);
  const quoted = (cell: unknown): string => `"${String(cell ?? "").replaceAll('"', '""')}"`;
  return `${[columns, ...records.map((record) => columns.map((name) => record[name]))].map((line) => line.map(quoted).join(",")).join("\n")}\n`;
}
