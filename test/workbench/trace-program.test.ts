// bplab trace: what is written gives, read back, what the program itself gives.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { findProgram, type Row, readTechniques, type SimulateRequest, simulate } from "../../dist/src/index.js";
import { createBptWriter } from "../../dist/src/recordings/coding/bpt-writer.js";
import { traceNative, traceVirtual } from "../../dist/src/workbench/trace-program.js";
import { readBranches } from "../recordings/read-branches.ts";
import { bplab, temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
const FRONT_ENDS = "btb:sets=16,two-level+bimodal+no-return-stack,btb:holds=taken";
const CATCHING = `: risky ( n -- ) dup 3 mod 0= if 7 throw then drop ;
: main 100 0 do i ['] risky catch if drop then s" 1 2 + drop" evaluate loop ;
main
`;
const techniques = (await readTechniques("all")).map(({ name }) => name);

async function traced(name: string, technique: string, layoutSeed = 0): Promise<string> {
  const path = join(folder, `${technique.replaceAll(/\W/g, "-")}.bpt`);
  const pieces: Uint8Array[] = [];
  const [found] = await readTechniques(technique);
  await traceNative({
    program: await findProgram(name),
    technique: found,
    size: "test",
    maxInstructions: 1e9,
    layoutSeed,
    createWriter: createBptWriter.bind(null, (bytes) => void pieces.push(bytes)),
    provenance: {},
  });
  writeFileSync(path, Buffer.concat(pieces));
  return path;
}

/** Rows without those of dispatch, which files do not mark, and what files do not say. */
const counts = (rows: readonly Row[]) =>
  rows
    .filter(({ kind }) => kind !== "dispatch")
    .map(({ predictor, kind, nativeInstructions, branches, mispredictions, bubbles, takenBranches, calls, returns }) => ({
      predictor,
      kind,
      nativeInstructions,
      branches,
      mispredictions,
      bubbles,
      takenBranches,
      calls,
      returns,
    }));

describe("a native trace", () => {
  it.each(techniques)("of queens with %s gives the program's own counts under every front end", { tags: "slow" }, async (technique) => {
    const request: SimulateRequest = { predictor: FRONT_ENDS };
    const program = await simulate({ ...request, inputs: ["queens"], technique });
    const recording = await simulate({ ...request, inputs: [await traced("queens", technique)] });
    expect(counts(recording.rows)).toEqual(counts(program.rows));
  });

  it.each([
    ["exceptions and interpreted text", CATCHING, "direct-threading", 3],
    ["exceptions under a view", CATCHING, "unrolled-switch", 0],
    ["rewritten instructions", "quickening", "dynamic-superinstructions", 0],
    ["bodies moved", "quickening", "unrolled-switch", 5],
  ] as const)("does so with %s", async (_, program, technique, layoutSeed) => {
    const name = program === CATCHING ? join(folder, "catching.fs") : program;
    if (program === CATCHING) writeFileSync(name, CATCHING);
    const own = await simulate({ inputs: [name], technique, layoutSeed, predictor: FRONT_ENDS });
    const recording = await simulate({ inputs: [await traced(name, technique, layoutSeed)], predictor: FRONT_ENDS });
    expect(counts(recording.rows)).toEqual(counts(own.rows));
  });

  it("has gaps of one instruction or more that add up, and names sites by the opcodes that own them", async () => {
    const path = await traced("sieve", "call-threading");
    const { branches, instructions } = await readBranches(path);
    expect(branches.every(({ gap }) => gap >= 1)).toBe(true);
    const sum = branches.reduce((total, { gap }) => total + gap, 0);
    expect(instructions - sum).toBeGreaterThanOrEqual(0);
    expect(instructions - sum).toBeLessThan(100);
    const named = await simulate({ inputs: [path] });
    const own = await simulate({ inputs: ["sieve"], technique: "call-threading" });
    const owners = (sites: typeof own.sites): string[] => sites.map(({ site, owner }) => `${site} ${owner.replace(/\+0x0$/, "")}`).sort();
    expect(owners(named.sites)).toEqual(owners(own.sites));
  });

  it("is written by the command, with where it comes from, and the same twice", { tags: "slow" }, async () => {
    const run = (...args: string[]) => bplab(["trace", "queens", ...args], { cwd: folder });
    const { code, stdout, stderr } = run("--technique=token-threading", "-o", "queens.bpt");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^queens.bpt: [\d,]+ branches, [\d,]+ native instructions\n$/);
    const first = readFileSync(join(folder, "queens.bpt"));
    run("--technique=token-threading", "-o", "queens.bpt");
    expect(readFileSync(join(folder, "queens.bpt")).equals(first)).toBe(true);
    expect((await readBranches(join(folder, "queens.bpt"))).provenance).toMatchObject({
      program: "queens",
      technique: "token-threading",
      size: "test",
    });
    for (const [args, message] of [
      [["--technique=nothing", "-o", "x.bpt"], /^unknown technique: nothing \(/],
      [["-o", "x.txt"], /^x\.txt: expected a name that says what to write: /],
      [[], /^required option '-o, --output <file>' not specified\n$/],
      [["--virtual", "--technique=switch", "-o", "x.csv"], /^--technique: it changes nothing in the virtual trace, /],
    ] as const) {
      expect(run(...args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
    }
  });
});

describe("a native trace in a format that is made of another one", () => {
  it.each(["a.csv", "a.bpt.gz", "a.sbbt"])("is the same bytes each time: %s", { tags: "slow" }, (name) => {
    const written = [1, 2].map(() => {
      expect(bplab(["trace", "fibonacci", "--technique=switch", "-o", name], { cwd: folder }).code).toBe(0);
      return readFileSync(join(folder, name)).toString("hex");
    });
    expect(written[0]).toBe(written[1]);
  });
});

describe("a virtual trace", () => {
  it("has a line for every virtual instruction that executed, opcodes with commas and quotes included", async () => {
    const pieces: Uint8Array[] = [];
    const source = join(folder, "names.fs");
    writeFileSync(source, ": sum ( n -- sum ) 0 swap 0 do i + loop ;\n: main here 5 , @ drop 100 sum . ;\nmain\n");
    const count = traceVirtual(await findProgram(source), "test", 1e6, (bytes) => void pieces.push(bytes));
    const { data, errors } = Papa.parse<{ virtual_address: string; opcode: string }>(Buffer.concat(pieces).toString().trim(), {
      header: true,
    });
    const { rows } = await simulate({ inputs: [source], technique: "switch" });
    expect(errors).toEqual([]);
    expect([data.length, count]).toEqual([rows[0].virtualInstructions, rows[0].virtualInstructions]);
    expect(data.filter(({ opcode }) => opcode === "(loop)")).toHaveLength(100);
    expect(new Set(data.map(({ opcode }) => opcode))).toContain(",");
  });

  it("is written by the command", () => {
    const { code, stderr } = bplab(["trace", "fibonacci", "--virtual", "-o", "fib.csv"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^fib\.csv: [\d,]+ virtual instructions\n$/);
    expect(readFileSync(join(folder, "fib.csv"), "utf8").split("\n", 1)).toEqual(["virtual_address,opcode"]);
  });
});
