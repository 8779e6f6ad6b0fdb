// Recorded branches through the lab's whole pipeline: files in, rows out.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, RETURN } from "../../dist/src/branch.js";
import { type Row, readFrontEnds, type SimulateRequest, simulate } from "../../dist/src/index.js";
import { type WrittenBranch, type WrittenHeader, writeSbbt } from "../recordings/write-sbbt.ts";
import { bplab, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
const truth = new URL("../data/truth/", import.meta.url);
const trace = (name: string): string => fileURLToPath(new URL(`${name}.sbbt.gz`, truth));

interface Expected {
  readonly branches: number;
  readonly instructions: number;
  readonly conditionalTaken: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly dispatchRange: readonly [string, string];
  readonly dispatchKind: string;
  readonly dispatches: number;
  readonly mispredictions: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
const expected = JSON.parse(readFileSync(new URL("expected.json", truth), "utf8")) as Record<string, Expected>;

/** Front ends by the names of the models that have exact counts. */
const FRONT_ENDS: Record<string, string> = {
  "btb-unbounded": "btb:unbounded",
  "btb-2bit-unbounded": "btb-2bit:unbounded",
  "btb-512x4": "btb:sets=512:ways=4",
  "btb-16x2": "btb:sets=16:ways=2",
  "two-level-1-unbounded": "two-level:targets=1:unbounded",
  "two-level-2-unbounded": "two-level:targets=2:unbounded",
  "two-level-4-unbounded": "two-level:targets=4:unbounded",
  "two-level-8-unbounded": "two-level:targets=8:unbounded",
  "return-stack-16": "return-stack",
  "gshare-16": "gshare",
  "bimodal-16": "bimodal",
};

const rowOf = (rows: readonly Row[], kind: string, predictor?: string): Row => {
  const found = rows.find((row) => row.kind === kind && (predictor === undefined || row.predictor === predictor));
  if (found === undefined) throw new Error(`no row for ${kind} and ${predictor}`);
  return found;
};

describe("--dispatch", () => {
  const path = trace("ocamlrun-kb");

  it("is proposed where it is not given, and then the recording has no such rows", async () => {
    const { rows, recordings, sites } = await simulate({ inputs: [path] });
    expect(rows.some(({ kind }) => kind === "dispatch")).toBe(false);
    expect(sites.every(({ dispatch }) => dispatch === undefined)).toBe(true);
    expect(recordings[0].notes.at(-1)).toMatch(
      /^--dispatch=0x4000032\w+-0x4000034\w+:indirect-jump would count its 65 busiest .* 99 % of all/,
    );
  });

  it("marks sites, each and no other", async () => {
    const { sites } = await simulate({ inputs: [path], dispatch: "busiest" });
    expect(sites.filter(({ dispatch }) => dispatch)).toHaveLength(65);
    expect(sites.filter(({ dispatch, kind }) => dispatch && kind !== INDIRECT_JUMP)).toEqual([]);
  });

  it("is refused where it names nothing, or there is no recording", async () => {
    await expect(simulate({ inputs: [path], dispatch: "main" })).rejects.toThrow(
      /no indirect branch in main executed; the busiest are in 0x/,
    );
    await expect(simulate({ inputs: ["sieve"], dispatch: "main" })).rejects.toThrow(
      /^dispatch: it names branches of recordings, and there are only programs/,
    );
  });
});

describe.each(Object.keys(expected))("the recorded trace %s", (name) => {
  const want = expected[name];
  const path = trace(name);

  it("counts as dispatches what is named, or what is busiest, and mispredicts them exactly as often as elsewhere", async () => {
    const [start, end] = want.dispatchRange;
    const kind = want.dispatchKind === "indirectJump" ? "indirect-jump" : "indirect-call";
    for (const dispatch of [`${start}-${end}:${kind}`, "busiest"]) {
      const models = Object.keys(want.mispredictions).filter((model) => "dispatch" in want.mispredictions[model]);
      const { rows } = await simulate({ inputs: [path], predictor: models.map((model) => FRONT_ENDS[model]).join(), dispatch });
      const dispatches = rows.filter((row) => row.kind === "dispatch");
      expect(dispatches.map(({ mispredictions }) => mispredictions)).toEqual(models.map((model) => want.mispredictions[model].dispatch));
      expect(new Set(dispatches.map(({ branches }) => branches))).toEqual(new Set([want.dispatches]));
    }
  });

  it("has every model mispredict exactly as often as elsewhere, in one pass over all of them", async () => {
    const models = Object.keys(want.mispredictions);
    expect(models.sort()).toEqual(Object.keys(FRONT_ENDS).sort());
    const canonical = new Map<string, string>();
    for (const model of models) canonical.set(model, (await readFrontEnds(FRONT_ENDS[model]))[0].name);
    const { rows, sites } = await simulate({ inputs: [path], predictor: Object.values(FRONT_ENDS).join() });
    const [from, to] = want.dispatchRange.map(BigInt);
    const kind = want.dispatchKind === "indirectJump" ? INDIRECT_JUMP : INDIRECT_CALL;
    for (const model of models) {
      const predictor = canonical.get(model);
      for (const [counted, misses] of Object.entries(want.mispredictions[model])) {
        if (counted !== "dispatch") {
          expect([model, rowOf(rows, counted, predictor).mispredictions]).toEqual([model, misses]);
          continue;
        }
        // the lab does not know which branches are dispatches: these are the sites that the recording's authors name
        const dispatches = sites.filter(
          (site) => site.predictor === predictor && site.kind === kind && BigInt(site.owner) >= from && BigInt(site.owner) <= to,
        );
        const sum = (key: "branches" | "mispredictions"): number => dispatches.reduce((all, site) => all + (site[key] ?? 0), 0);
        expect([model, sum("mispredictions"), sum("branches")]).toEqual([model, misses, want.dispatches]);
      }
    }
  });

  it("has the branches and instructions that its authors counted", async () => {
    const { rows, sites } = await simulate({ inputs: [path] });
    expect(rows.map(({ kind }) => kind)).toEqual(["indirect", "conditional", "return", "all"]);
    const { indirectJump, indirectCall, call, conditional, return: returns, jump } = want.kinds;
    expect(rowOf(rows, "indirect").branches).toBe(indirectJump + indirectCall);
    expect(rowOf(rows, "conditional").branches).toBe(conditional);
    expect(rowOf(rows, "return").branches).toBe(returns);
    expect(rowOf(rows, "all")).toMatchObject({
      branches: want.branches,
      nativeInstructions: want.instructions,
      calls: call + indirectCall,
      returns,
      takenBranches: want.branches - conditional + want.conditionalTaken,
      virtualInstructions: undefined,
      footprint: undefined,
      estimatedSpeedupOverSwitch: undefined,
      technique: "recorded",
      format: "sbbt",
    });
    expect(sites.filter(({ kind }) => kind === JUMP).reduce((all, { branches }) => all + branches, 0)).toBe(jump);
  });
});

let files = 0;
function written(branches: readonly WrittenBranch[], header?: WrittenHeader): string {
  const path = join(folder, `${files++}.sbbt.gz`);
  writeFileSync(path, gzipSync(writeSbbt(branches, header)));
  return path;
}
const simulated = (branches: readonly WrittenBranch[], request: SimulateRequest = {}, header?: WrittenHeader) =>
  simulate({ ...request, inputs: [written(branches, header)] });

describe("a recording", () => {
  const call = (pc: bigint, target: bigint): WrittenBranch => ({ pc, target, kind: CALL });
  const ret = (pc: bigint, target: bigint): WrittenBranch => ({ pc, target, kind: RETURN });

  it("has a return right where it goes at most 15 bytes behind its call", async () => {
    const misses = async (behind: bigint): Promise<number | undefined> => {
      const { rows } = await simulated([call(0x1000n, 0x2000n), ret(0x2010n, 0x1000n + behind)]);
      return rowOf(rows, "return").mispredictions;
    };
    expect([await misses(1n), await misses(5n), await misses(15n)]).toEqual([0, 0, 0]);
    expect([await misses(16n), await misses(-1n), await misses(0x100n)]).toEqual([1, 1, 1]);
    const { rows } = await simulated([ret(0x2010n, 3n)]);
    expect(rowOf(rows, "return").mispredictions).toBe(1);
  });

  it("keeps addresses apart whose low 32 bits are the same, and one whose low bits say that there is none", async () => {
    const to = (target: bigint): WrittenBranch => ({ pc: 0x1000n, target, kind: INDIRECT_JUMP });
    const targets = [0x1_0000_2000n, 0x2_0000_2000n, 0x3_ffff_ffffn];
    const loop = Array.from({ length: 300 }, (_, i) => to(targets[i % 3]));
    expect(rowOf((await simulated(loop)).rows, "indirect").mispredictions).toBe(300);
    // two sites with the same low bits, each with a target of its own
    const twins = Array.from({ length: 300 }, (_, i) => ({ ...to(targets[i % 2]), pc: (BigInt(i % 2) << 33n) | 0x1000n }));
    const { rows, sites } = await simulated(twins, { predictor: "btb:unbounded" });
    expect(rowOf(rows, "indirect").mispredictions).toBe(2);
    expect(sites.map(({ owner }) => owner)).toEqual(["0x1000", "0x200001000"]);
    // NONE is what a predictor answers that knows nothing: it must not be right
    const nowhere = await simulated([to(0x3_ffff_ffffn), to(0x3_ffff_ffffn)], { predictor: "btb" });
    expect(rowOf(nowhere.rows, "indirect").mispredictions).toBe(1);
  });

  it("does not let a predictor see from the target of a conditional whether it is taken", async () => {
    // taken backwards, with the address behind it where it is not, as some producers write it
    const some = Array.from({ length: 400 }, (_, i) => ({
      pc: 0x1000n,
      target: i % 2 ? 0x800n : 0x1002n,
      kind: CONDITIONAL,
      taken: i % 2,
    }));
    expect(rowOf((await simulated(some, { predictor: "btfn" })).rows, "conditional").mispredictions).toBe(199);
    // and as the others write it: where it would have gone
    const others = some.map((branch) => ({ ...branch, target: 0x800n }));
    expect(rowOf((await simulated(others, { predictor: "btfn" })).rows, "conditional").mispredictions).toBe(200);
  });

  it("has a direction and, where it is taken, a target predicted for a conditional return", async () => {
    const returnIf = (taken: number): WrittenBranch => ({ pc: 0x2010n, target: 0x1004n, kind: CONDITIONAL | RETURN, taken });
    const { rows } = await simulated([call(0x1000n, 0x2000n), returnIf(0), returnIf(1)]);
    expect(rows.map(({ kind, branches }) => [kind, branches])).toEqual([
      ["indirect", 0],
      ["conditional", 2],
      ["return", 1],
      ["all", 4],
    ]);
    expect(rowOf(rows, "return").mispredictions).toBe(0);
  });

  it("counts behind a warm-up of native instructions only, to the branch in which it ends", async () => {
    const some = Array.from({ length: 100 }, (_, i) => ({ pc: 0x1000n, target: BigInt(0x2000 + (i % 2)), kind: INDIRECT_JUMP, gap: 10 }));
    const { rows } = await simulated(some, { warmup: 495 }, { instructions: 1100n });
    expect(rows[0].settings.warmup).toBe(495);
    expect(rowOf(rows, "indirect")).toMatchObject({ branches: 50, mispredictions: 50, nativeInstructions: 600 });
    await expect(simulated(some, { warmup: 1001 })).rejects.toThrow(/warm-up of 1001 instructions is longer than the recording \(1000\)/);
  });

  it("is refused where it has more distinct branches than can be held, not held till memory ends", { tags: "slow" }, async () => {
    const many = Buffer.alloc(24 + 16 * (1 << 20) + 16);
    writeSbbt([], { instructions: 0n, branches: 0n }).copy(many);
    for (let i = 0; i <= 1 << 20; i++) {
      many.writeBigUInt64LE((BigInt(i) << 12n) | 0x802n, 24 + 16 * i);
      many[32 + 16 * i] = 1;
    }
    const path = join(folder, "many.sbbt");
    writeFileSync(path, many);
    await expect(simulate({ inputs: [path] })).rejects.toThrow(`${path}: it has more than 1048576 distinct branches`);
  });
});

describe("bplab simulate, of recordings", () => {
  const path = trace("ocamlrun-kb");
  const rowsIn = (csv: string): Record<string, string>[] =>
    Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true }).data;

  it("prints a line for each class of branches, and what a reader must know", () => {
    const { code, stdout, stderr } = bplab(["simulate", path, "--per-site=1"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/indirect +349,049 +210,213 +60\.2 % +47\.24\n +conditional +199,096 +4,257 +2\.1 % +0\.96\n/);
    expect(stdout).toContain("4,449,571 (sbbt)");
    expect(stdout).not.toContain("speedup");
    expect(stdout).toMatch(/0x346db +indirect-jump +0x40000346db +23,926 +23,057/);
  });

  it("writes them beside programs, with nothing in the columns that only programs have", { tags: "slow" }, () => {
    const { stdout } = bplab(["simulate", "sieve", path, "--technique=switch", "--format=csv"]);
    const rows = rowsIn(stdout);
    expect(rows.map(({ technique }) => technique)).toEqual([...Array(5).fill("switch"), ...Array(4).fill("recorded")]);
    expect(rows[5]).toMatchObject({
      program: path,
      size: "",
      virtual_instructions: "",
      native_instructions: "4449571",
      body_bytes: "",
      estimated_speedup_over_switch: "",
      bodies: "",
      recording: "sbbt",
    });
    expect(rows[0].recording).toBe("");
    const both = bplab(["simulate", "sieve", path]).stdout;
    expect(both).toContain("Speedup over switch");
    expect(both).toContain("Recorded branches.");
  });

  it("says the SHA-256 of the file as it is, and the same counts for it decompressed", { tags: "slow" }, () => {
    const plain = join(folder, "plain.sbbt");
    writeFileSync(plain, gunzipSync(readFileSync(path)));
    const [packedRows, plainRows] = [path, plain].map((file) => rowsIn(bplab(["simulate", file, "--format=csv"]).stdout));
    const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
    expect(packedRows[0].program_sha256).toBe(sha256(path));
    expect(plainRows).toEqual(packedRows.map((row) => ({ ...row, program: plain, program_sha256: sha256(plain) })));
  });

  it("names the recording on which a user's predictor fails", { tags: "slow" }, () => {
    const file = join(folder, "broken.ts");
    const body = "let n = 0; return { predict() { return n > 1000 ? undefined : 0; }, train() { n++; } };";
    writeFileSync(
      file,
      `export default { title: "t", source: "2024", covers: 4, parameters: {}, storageBits: () => 0, create() { ${body} } };`,
    );
    const { code, stderr } = bplab(["simulate", path, `--predictor=${file}`]);
    expect(code).toBe(1);
    expect(stderr.startsWith(`predictor ${file}`)).toBe(true);
  });

  it("refuses what only interpreters have, in one line", { tags: "slow" }, () => {
    for (const [option, message] of [
      ["--technique=switch", /^technique: recorded branches already come from a technique, leave it out\n$/],
      ["--icache", /^icache: it changes nothing/],
      ["--predictor=oracle", /predictor oracle needs virtual addresses/],
      [`--chart=${join(folder, "a.svg")}`, /rates are per virtual instruction, and recorded branches have none/],
    ] as const) {
      const { code, stdout, stderr } = bplab(["simulate", path, option]);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(message);
    }
  });
});
