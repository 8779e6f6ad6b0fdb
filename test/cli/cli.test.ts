// The commands as users type them: results on stdout, one line on stderr when something is wrong, the right exit code.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return name;
};
const run = (...args: string[]) => bplab(args, { cwd: folder });

/** Asserts one clear line on stderr, nothing on stdout, and the exit code. */
function expectError(args: readonly string[], code: number, message: RegExp): void {
  const outcome = bplab(args, { cwd: folder });
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(outcome.stdout).toBe("");
  expect(outcome.code).toBe(code);
}

describe("bplab simulate", () => {
  it("prints a table with a line for each program and technique, and says what completes the front end", () => {
    const { code, stdout, stderr } = run("simulate", "sieve", "queens", "--predictor=btb");
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toContain("front end: btb+return-stack+gshare");
    // one technique of each family
    expect(stdout.match(/^(sieve|queens)? +(\w+-)*(threading|switch|replication|blocks) /gm)).toHaveLength(14);
    expect(stdout).toContain("an estimate");
  });

  const HEADER =
    "program,size,technique,predictor,kind,virtual_instructions,native_instructions,branches,mispredictions," +
    "front_end_bubbles,overrides,middle_level_overrides,taken_branches,calls,returns,icache_misses,dcache_misses,body_bytes,dispatch_bytes," +
    "table_bytes,generated_bytes,touched_code_bytes,native_stack_bytes,mispredictions_per_branch," +
    "mispredictions_per_virtual_instruction,mispredictions_per_1000_native_instructions," +
    "icache_misses_per_1000_native_instructions,cycles_lost,cycles_lost_per_virtual_instruction,estimated_cycles," +
    "estimated_speedup_over_switch,estimated_speedup_low,estimated_speedup_high,rank_flips,penalty_cycles," +
    "conditional_penalty_cycles,override_cycles,middle_level_cycles,slow_level_cycles,ipc,taken_branch_cycles,call_cycles,return_cycles," +
    "bubble_cycles,icache_miss_cycles,dcache_miss_cycles,indirect_stall_cycles,cost_basis,icache,dcache,layout_seed," +
    "warmup_virtual_instructions,flush_branches,update_delay_branches,front_end,not_modelled,storage_bits,dispatch_sites,targets_per_site," +
    "targets_per_dispatch,target_entropy_bits,target_entropy_given_site_bits,target_entropy_given_virtual_address_bits," +
    "training,bodies,program_sha256,recording,window_instructions";

  it("writes CSV with fixed columns, the same bytes twice, whose rates follow from its counts", { tags: "slow" }, () => {
    const args = ["simulate", "sieve", "--format=csv", "--predictor=btb,two-level", "--penalty=20", "--ipc=2"];
    const { stdout, stderr } = run(...args);
    expect(stderr).toBe("");
    expect(run(...args).stdout).toBe(stdout);
    expect(stdout.split("\n")[0]).toBe(HEADER);
    const { data, errors } = Papa.parse<Record<string, string>>(stdout, { header: true, skipEmptyLines: true });
    expect(errors).toEqual([]);
    expect(data).toHaveLength(7 * 2 * 5);
    for (const row of data) {
      const count = (name: string): number => Number(row[name]);
      expect(count("mispredictions")).toBeLessThanOrEqual(count("branches"));
      if (count("branches") > 0) expect(count("mispredictions_per_branch")).toBeCloseTo(count("mispredictions") / count("branches"), 7);
      const all = data.find((other) => other.kind === "all" && other.technique === row.technique && other.predictor === row.predictor);
      expect(count("cycles_lost")).toBe(Number(all?.mispredictions) * 20);
      const calling = count("calls") + count("returns");
      expect(count("estimated_cycles")).toBeCloseTo(count("native_instructions") / 2 + count("cycles_lost") + calling, 0);
    }
  });

  it("does not round cycles, which are counts", () => {
    const { stdout } = run("simulate", "sieve", "--technique=switch", "--format=json", "--penalty=1e6");
    const [row] = JSON.parse(stdout).filter((other: { kind: string }) => other.kind === "all");
    expect(row.estimated_cycles).toBe(row.native_instructions + row.mispredictions * 1e6);
  });

  it("gives the same rows as JSON, with null where a value is unknown", () => {
    const rows = JSON.parse(run("simulate", "sieve", "--format=json", "--technique=switch", "--predictor=gshare").stdout);
    expect(Object.keys(rows[0]).join(",")).toBe(HEADER);
    expect(rows[0]).toMatchObject({ kind: "dispatch", mispredictions: null, cycles_lost: null, not_modelled: "indirect-jump" });
  });

  it("keeps the estimated speedup over switch although switch was not asked for", () => {
    const alone = JSON.parse(run("simulate", "sieve", "--format=json", "--technique=direct-threading").stdout);
    const all = JSON.parse(run("simulate", "sieve", "--format=json").stdout);
    const same = all.filter((row: { technique: string }) => row.technique === "direct-threading");
    expect(alone).toEqual(same);
  });

  it("chooses superinstructions on one program and runs another, and says so", { tags: "slow" }, () => {
    const train = (...args: string[]) => {
      const { stdout } = run("simulate", "sieve", "--technique=static-superinstructions:superinstructions=20", "--format=json", ...args);
      return JSON.parse(stdout)[0];
    };
    const [self, other, all] = [train("--train=sieve"), train("--train=matrix"), train()];
    expect(self.training).toBe("sieve");
    expect(other.training).toBe("matrix");
    expect(all.training.split(" ")).toContain("lz");
    expect(all.training.split(" ")).not.toContain("sieve");
    // fewest dispatches with what the program itself chose
    expect(self.branches).toBeLessThan(other.branches);
    expect(self.branches).toBeLessThan(all.branches);
  });

  it("says how the native stack grows where tail calls are not eliminated", () => {
    const [row] = JSON.parse(run("simulate", "sieve", "--technique=tail-call-no-elimination", "--format=json").stdout);
    expect(row.native_stack_bytes).toBe(row.virtual_instructions * 16);
    expect(row.returns).toBe(row.virtual_instructions);
  });

  it("shows the worst sites with the opcode that owns them", () => {
    const { stdout } = run("simulate", "queens", "--technique=direct-threading", "--per-site=3", "--format=csv");
    const { data } = Papa.parse<Record<string, string>>(stdout, { header: true, skipEmptyLines: true });
    expect(data).toHaveLength(3);
    expect(data[0].kind).toBe("indirect-jump");
    expect(Number(data[0].mispredictions)).toBeGreaterThanOrEqual(Number(data[1].mispredictions));
  });

  it("runs a user's own program, beside which nothing is left", () => {
    const own = temporaryFolder();
    writeFileSync(join(own, "mine.fs"), ": work 1000 0 do i drop loop ;\nwork\n");
    const { code, stdout } = bplab(["simulate", "mine.fs"], { cwd: own });
    expect(code).toBe(0);
    expect(stdout).toContain("mine.fs");
    expect(readdirSync(own)).toEqual(["mine.fs"]);
  });

  it("writes --output whole, or not at all", { tags: "slow" }, () => {
    expect(run("simulate", "sieve", "--format=csv", "--output=rows.csv")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "rows.csv"), "utf8")).toContain("program,size");
    file("fails.fs", ": f 1 0 / ; f\n");
    expectError(["simulate", "fails.fs", "--output=none.csv"], 1, /^fails\.fs:1: division by zero \(f\)/);
    expect(readdirSync(folder).filter((name) => name.includes("none"))).toEqual([]);
    expectError(["simulate", "sieve", "--output=no/such/folder.csv"], 2, /cannot write no\/such\/folder\.csv: its folder does not exist/);
    mkdirSync(join(folder, "folder"));
    expectError(["simulate", "sieve", "--output=folder"], 2, /cannot write folder: it is a folder/);
    expectError(["simulate", "sieve", "--output=new/"], 2, /cannot write new\/: it is a folder/);
  });

  it("does not write over what it reads, nor results and chart into one file", () => {
    const source = ": work 100 0 do loop ;\nwork\n";
    file("read.fs", source);
    expectError(["simulate", "read.fs", "--output=./read.fs"], 2, /cannot write \.\/read\.fs: it is an input/);
    expectError(["simulate", "read.fs", "--chart=x.json", "--output=./x.json"], 2, /--output and --chart are one file/);
    expect(readFileSync(join(folder, "read.fs"), "utf8")).toBe(source);
    expect(readdirSync(folder).filter((name) => /part|x\.json/.test(name))).toEqual([]);
  });

  it("writes through links and into pipes, which stay what they are", () => {
    const own = temporaryFolder();
    writeFileSync(join(own, "target.csv"), "old");
    symlinkSync("target.csv", join(own, "link.csv"));
    spawnSync("bash", ["-c", "mkfifo pipe"], { cwd: own });
    const reader = spawn("cat", [join(own, "pipe")], { stdio: "ignore" });
    for (const output of ["link.csv", "pipe"]) {
      expect(bplab(["simulate", "sieve", "--technique=switch", "--format=csv", `--output=${output}`], { cwd: own }).code).toBe(0);
    }
    reader.kill();
    expect(lstatSync(join(own, "link.csv")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(own, "target.csv"), "utf8")).toContain("program,size");
    expect(lstatSync(join(own, "pipe")).isFIFO()).toBe(true);
    expect(readdirSync(own).sort()).toEqual(["link.csv", "pipe", "target.csv"]);
  });

  it.each([[["list", "programs"]], [["run", "queens"]], [["--help"]]])("says in one line that standard output is full: %j", (args) => {
    const bin = new URL("../../dist/src/bin.js", import.meta.url).pathname;
    const command = `"${process.execPath}" "${bin}" ${args.join(" ")} > /dev/full`;
    const { status, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect(stderr).toMatch(/^cannot write.*no space left on device.*\n$/);
    expect(status).toBe(2);
  });

  it("ends quietly when the reader of its output goes away", { tags: "slow" }, () => {
    const bin = new URL("../../dist/src/bin.js", import.meta.url).pathname;
    const { stdout, stderr } = spawnSync("bash", ["-c", `"${process.execPath}" "${bin}" simulate --format=csv | head -1`], {
      encoding: "utf8",
    });
    expect(stdout).toBe(`${HEADER}\n`);
    expect(stderr).toBe("");
  });
});

describe("bplab new predictor", () => {
  it("writes a file that passes every check, and that simulates beside ours", { tags: "slow" }, () => {
    const cwd = temporaryFolder();
    expect(bplab(["new", "predictor", "last-target"], { cwd })).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(cwd)).toEqual(["last-target.ts"]);
    expect(readFileSync(join(cwd, "last-target.ts"), "utf8").split("\n").length).toBeLessThan(40);
    const { code, stdout } = bplab(["check", "./last-target.ts"], { cwd });
    expect([code, stdout.match(/FAIL/)]).toEqual([0, null]);
    expect(stdout).toContain("ok    A B A GOTO with direct-threading is mispredicted 2 times an iteration");
    expect(bplab(["simulate", "sieve", "--predictor=./last-target.ts,btb", "--technique=switch"], { cwd }).code).toBe(0);
  });

  it("writes over nothing, and takes no name of ours", { tags: "slow" }, () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "mine.ts"), "// mine\n");
    const fails = (args: string[]) => bplab(["new", ...args], { cwd });
    expect(fails(["predictor", "mine"])).toMatchObject({ code: 2, stderr: "mine.ts exists already\n" });
    expect(fails(["predictor", "btb"])).toMatchObject({ code: 2, stderr: "btb is a predictor of the lab: choose another name\n" });
    expect(fails(["predictor", "../Mine"]).stderr).toMatch(/^the name of a predictor is lower case, .* got "\.\.\/Mine"\n$/);
    expect(fails(["technique", "mine"]).stderr).toMatch(/^unknown thing to begin: technique/);
    expect(readFileSync(join(cwd, "mine.ts"), "utf8")).toBe("// mine\n");
    expect(readdirSync(cwd)).toEqual(["mine.ts"]);
  });
});

describe("bplab check", () => {
  it("takes choices and texts as parameters of a user's predictor, and says what is wrong with them", { tags: "slow" }, () => {
    const write = (parameter: string): string =>
      file(
        "choosy.mjs",
        `import { INDIRECT, NONE, definePredictor } from "bplab";
        export default definePredictor({ title: "Choosy", source: "me, 2026", covers: INDIRECT, storageBits: () => 32,
          parameters: { path: ${parameter} },
          create() { let last = NONE; return { predict: () => last, train(pc, target) { last = target; } }; } });`,
      );
    write('{ type: "choice", choices: ["all", "none"], default: "all", description: "what enters" }');
    expect(run("check", "./choosy.mjs").stdout).toContain("ok    works with path=none");
    expect(run("simulate", "sieve", "--predictor=./choosy.mjs:path=none", "--technique=switch").code).toBe(0);
    write('{ type: "choice", choices: ["all", "none"], default: "some", description: "what enters" }');
    expectError(["check", "./choosy.mjs"], 2, /parameter path: the default must be one of its choices/);
    write('{ type: "text", default: 1, description: "what enters" }');
    expectError(["check", "./choosy.mjs"], 2, /parameter path: the default must be a text/);
  });

  it("fails a predictor whose own example does not hold", { tags: "slow" }, () => {
    const cwd = temporaryFolder();
    bplab(["new", "predictor", "mine"], { cwd });
    const text = readFileSync(join(cwd, "mine.ts"), "utf8").replace("missesPerIteration: 2", "missesPerIteration: 3");
    writeFileSync(join(cwd, "mine.ts"), text);
    const { code, stdout } = bplab(["check", "./mine.ts"], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain("FAIL  A B A GOTO with direct-threading is mispredicted 3 times an iteration: got 2\n");
  });

  it("passes our own predictors, line by line", { tags: "slow" }, () => {
    const { code, stdout, stderr } = run("check", "two-level");
    expect([code, stderr]).toEqual([0, ""]);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .slice(0, -1)
        .every((line) => line.startsWith("ok    ")),
    ).toBe(true);
    expect(stdout).toMatch(/two-level passes\.\n$/);
  });

  it("says what a user's predictor does wrong, and ends with 1", { tags: "slow" }, () => {
    file(
      "forgetful.mjs",
      'import { INDIRECT, NONE, definePredictor } from "bplab";\n' +
        'export default definePredictor({ title: "Forgetful", source: "me, 2026", covers: INDIRECT, parameters: {}, ' +
        "storageBits: () => 1, create: () => ({ predict: () => NONE, train() {} }) });\n",
    );
    const { code, stdout, stderr } = run("check", "./forgetful.mjs");
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("FAIL  learns a branch of kind indirect-jump that always does the same: after 63 of them it expects -1");
    expect(stdout).toMatch(/\.\/forgetful\.mjs fails 2 of its checks\.\n$/);
    expectError(["check", "./nosuch.ts"], 2, /no such predictor file: \.\/nosuch\.ts/);
    expectError(["check", "btbb"], 2, /unknown predictor: btbb; did you mean btb\?/);
    expectError(["check"], 2, /missing required argument 'predictor'/);
  });
});

describe("wrong usage and bad input", () => {
  file("empty.fs", "");
  file("binary.fs", Uint8Array.of(0, 1, 2, 3));
  file("picture.png", Uint8Array.of(0x89, 0x50));
  file("quiet.fs", "1 2 + drop\n");
  file("my bad.fs", ": f 1 0 / ; f\n");
  file("loop.fs", ": forever begin again ;\nforever\n");
  file("deep.fs", ": down recurse ;\ndown\n");
  it.each([
    [["simulate", "seive"], /unknown program: seive; did you mean sieve\? \(known: .*\)/],
    [["simulate", "--technique=swich"], /unknown technique: swich; did you mean switch\?/],
    [["simulate", "--predictor=bttb"], /unknown predictor: bttb; did you mean btb\?/],
    [["simulate", "--predictor=BTB"], /unknown predictor: BTB; did you mean btb\?/],
    [["simulate", "-"], /^-: expected a program or a log on standard input, got nothing$/m],
    [["simulate", "--size="], /unknown size: "" \(known/],
    [["simulate", "--predictor=./"], /predictor \.\/: it is a folder/],
    [["simulate", "--predictor=btb+no-direction+no-direction"], /no-direction in .* is given twice/],
    [["simulate", "--predictor=btb:sets=40"], /predictor btb: sets must be a power of two from 1 to 65536, got 40/],
    [["simulate", "--predictor=btb:ways=1e3"], /predictor btb: ways must be an integer from 1 to 64, got 1e3/],
    [["simulate", "--predictor=btb:way=4"], /unknown parameter of predictor btb: way; did you mean ways\?/],
    [["simulate", "--predictor=btb:unbounded=2"], /unbounded is a flag/],
    [["simulate", "--predictor=btb:sets=64:sets=64"], /sets is given twice/],
    [["simulate", "--predictor=btb+btb-2bit"], /has nothing to predict/],
    [["simulate", "--predictor=btb,btb:sets=512"], /btb is given twice/],
    [["simulate", "--technique=switch:align=3"], /technique switch: align must be a power of two from 1 to 64, got 3/],
    [["simulate", "--bodies=ocaml"], /unknown bodies: ocaml; did you mean ocamlrun-4\.13-gcc12\?/],
    [["simulate", "--technique=direct-threading:merge=nosuch"], /unknown merge map: nosuch \(known: none, all, gforth-fast-0\.7\.3/],
    [["simulate", "--penalty=much"], /--penalty must be a number, got much/],
    [["simulate", "--penalty=-1"], /penalty must be .* got -1/],
    [["simulate", "--ipc=0"], /ipc must be .* got 0/],
    [["simulate", "--size=huge"], /unknown size: huge \(known: test, full\)/],
    [["simulate", "--format=xml"], /unknown format: xml/],
    [["simulate", "sieve", "--warmup=1e9"], /^sieve: the warm-up of 1000000000 virtual instructions is longer than the run/],
    [["simulate", "sieve", "sieve"], /given twice/],
    [["simulate", "sieve", "--train=lz"], /^train: none of the techniques chooses/],
    [["simulate", "sieve", "--train=lz,lz", "--technique=static-both"], /program lz is given twice/],
    [["simulate", "sieve", "--train=nosuch", "--technique=static-both"], /unknown program: nosuch/],
    [
      ["simulate", "unpredictable", "--train=lz", "--technique=static-both"],
      /train: no input has the opcodes of lz, so that trains nothing/,
    ],
    [["simulate", "sieve", "--technique=switch:sentinel:counted"], /a sentinel needs neither/],
    [["simulate", "sieve", "--technique=unrolled-switch:copies=17"], /copies must be an integer from 2 to 16, got 17/],
    [["simulate", "sieve", "--technique=dynamic-both:relocatable=al"], /unknown value of relocatable .*; did you mean all\?/],
    [["simulate", "sieve", "--technique=direct-threading:merge"], /merge must be given a value/],
    [["simulate", "sieve", "--predictor=oracle:x"], /unknown parameter of oracle: x \(known: instructions\)/],
    [["simulate", "sieve", "--predictor=perfect:x"], /perfect takes no parameters, got x/],
    [["simulate", "sieve", "--predictor=perfect+btb"], /btb in .* has nothing to predict/],
    [["simulate", "sieve", "--layout-seed=-1"], /layout-seed must be a whole number/],
    [["simulate", "missing.fs"], /no such file: missing\.fs/],
    [["simulate", "empty.fs"], /empty\.fs is empty/],
    [["simulate", "binary.fs"], /binary\.fs is a binary file/],
    [["simulate", "."], /^\. is a folder, expected a program id \(bplab list programs\) or a file\n$/],
    [["simulate", "picture.png"], /expected a program id or a file: a Forth source .*\.opcodes.*\.rasm/],
    [["simulate", "--colour"], /unknown option '--colour'/],
    [
      ["simulate", "queens", "--technik=switch"],
      /^unknown option '--technik'; did you mean --technique\? \(known: bplab simulate --help\)/,
    ],
    [["simulate", "queens", "--zebra=1"], /^unknown option '--zebra' \(known: bplab simulate --help\)/],
    [["simulte"], /unknown command 'simulte'.*simulate/],
    [["run"], /missing required argument 'file'/],
    [["run", "missing.fs"], /no such file/],
    [["run", "loop.fs", "--max-instructions=none"], /--max-instructions must be a number/],
    [
      ["list", "things"],
      /unknown thing to list: things \(known: programs, techniques, predictors, bodies, merge-maps, charts, claims, machines\)/,
    ],
    [["explain", " "], /expected a loop of virtual instructions/],
    [["explain", "A B", "--technique=switch,token-threading"], /explain takes one technique/],
  ] as const)("%j", { tags: "slow" }, (args, message) => expectError(args, 2, message));

  it("an unreadable file is said to be unreadable", () => {
    file("secret.fs", ": x ;\n");
    chmodSync(join(folder, "secret.fs"), 0);
    // root reads everything
    if (process.getuid?.() === 0) return;
    expectError(["simulate", "secret.fs"], 2, /cannot read secret\.fs/);
  });

  it.each([
    ["a program without work in colon definitions", "quiet.fs", /quiet\.fs: it executed no virtual instructions/],
    ["an error in a file with a blank in its name", "my bad.fs", /^my bad\.fs:1: division by zero \(f\)\n$/],
    ["endless recursion", "deep.fs", /deep\.fs:2: return stack overflow \(down\)/],
  ])("%s is an error of the run", (_, name, message) => expectError(["simulate", name], 1, message));

  it("a runaway program has rows of its first instructions, and that is said", () => {
    const { code, stdout } = run("simulate", "loop.fs", "--max-instructions=200000", "--technique=switch");
    expect([code, stdout.replace(/\s+/g, " ")]).toEqual([
      0,
      expect.stringContaining("Of loop.fs only the first 200,000 (--max-instructions)."),
    ]);
  });
});

describe("a user's own predictor", () => {
  const last = (predict: string): string => `
import { definePredictor, INDIRECT, NONE } from "bplab";
export default definePredictor({
  title: "mine", source: "me", covers: INDIRECT, parameters: {}, storageBits: () => 32,
  create() { let calls = 0; const targets = new Int32Array(65536).fill(NONE);
    return { predict(pc) { calls++; ${predict} return targets[pc & 65535]; }, train(pc, target) { targets[pc & 65535] = target; } }; },
});`;
  it.each(["mine.js", "mine.ts"])("in %s counts like the lab's own", (name) => {
    file(name, last(""));
    const csv = run("simulate", "queens", `--predictor=./${name},btb`, "--technique=direct-threading", "--format=json");
    expect(csv.stderr).toBe("");
    const misses = JSON.parse(csv.stdout).filter((row: { kind: string }) => row.kind === "dispatch");
    expect(misses.map((row: { predictor: string }) => row.predictor)).toEqual([`./${name}`, "btb"]);
    expect(misses[0].mispredictions).toBe(misses[1].mispredictions);
  });

  it("may lie where names hold what separates predictors", { tags: "slow" }, () => {
    for (const name of ["a+b,c.js", "d:e.js"]) {
      file(name, last(""));
      const args = ["simulate", "queens", "--technique=switch", "--format=json", `--predictor=btb,./${name}+gshare`];
      const { stdout, stderr } = run(...args);
      expect(stderr).toBe("");
      const rows = JSON.parse(stdout).filter((row: { kind: string }) => row.kind === "dispatch");
      expect(rows.map((row: { predictor: string }) => row.predictor)).toEqual(["btb", `./${name}+gshare`]);
    }
  });

  it.each([
    ["storageBits: () => Number.NaN", /storageBits must return a number of bits or Infinity, got NaN/],
    ["storageBits: () => -1", /storageBits must return .* got -1/],
    ["covers: INDIRECT | JUMP", /covers must leave out jump: direct branches are taken to be predicted right/],
    ["covers: CONDITIONAL, create: () => ({ predict: () => 2, train() {} })", /predict must return .* 0 or 1 for a conditional\), got 2/],
    ['check: () => { throw new Error("boom"); }', /predictor \.\/wrong\.js: boom/],
    ['check: "no"', /check must be a function/],
    ["parameters: { size: null }", /parameter size: default, min and max must be integers/],
    ["parameters: { size: { default: 9, min: 1, max: 3 } }", /parameter size: the default 9 is not from 1 to 3/],
    ['parameters: { on: { type: "flag", default: true } }', /parameter on: the default of a flag is false/],
    ['parameters: { "a=b": { default: 1, min: 1, max: 3 } }', /parameter a=b: a name is/],
  ])("with { %s } is refused", (wrong, message) => {
    const whole = last("")
      .replace(/\n}\);$/, `\n  ${wrong},\n});`)
      .replace("NONE }", "NONE, CONDITIONAL, JUMP }");
    expect(whole).toContain(wrong);
    file("wrong.js", whole);
    expectError(["simulate", "sieve", "--predictor=./wrong.js"], 2, message);
  });

  it("that throws, answers nonsense or is no predictor is named in one line", { tags: "slow" }, () => {
    file("throws.js", last('if (calls > 5000) throw new Error("boom");'));
    expectError(
      ["simulate", "sieve", "--technique=switch", "--predictor=./throws.js"],
      1,
      /predictor \.\/throws\.js failed: boom \(at throws\.js:\d+\)/,
    );
    file("nonsense.js", last('if (calls > 5000) return "left";'));
    expectError(
      ["simulate", "sieve", "--technique=switch", "--predictor=./nonsense.js"],
      1,
      /predictor \.\/nonsense\.js: predict must return a 32-bit integer .*got left/,
    );
    const { stdout, stderr, code } = run(
      "simulate",
      "sieve",
      "queens",
      "--technique=switch",
      "--predictor=./throws.js,btb",
      "--format=csv",
    );
    expect(code).toBe(1);
    const line =
      readFileSync(join(folder, "throws.js"), "utf8")
        .split("\n")
        .findIndex((text) => text.includes("boom")) + 1;
    expect(stderr).toBe(
      `predictor ./throws.js failed: boom (at throws.js:${line}) (on sieve with switch and in 1 more run, without results)\n`,
    );
    const alone = run("simulate", "sieve", "queens", "--technique=switch", "--predictor=btb", "--format=csv");
    expect(stdout).toBe(alone.stdout);
    file("undefined.js", last("return undefined;"));
    expectError(["simulate", "sieve", "--predictor=./undefined.js"], 2, /predict must return a 32-bit integer .*got undefined/);
    file("broken.ts", "this is not a program");
    expectError(["simulate", "sieve", "--predictor=./broken.ts"], 2, /predictor \.\/broken\.ts: cannot load it/);
    file("other.js", "export const x = 1;");
    expectError(
      ["simulate", "sieve", "--predictor=./other.js"],
      2,
      /expected a default export made by definePredictor.*; see docs\/own-predictors\.md/,
    );
    expectError(["simulate", "sieve", "--predictor=./mein.ts"], 2, /no such predictor file: \.\/mein\.ts/);
  });
});

describe("bplab run", () => {
  it("runs a program with its console on stdin and stdout, then evaluates the words that follow", () => {
    file("echo.fs", ": echo ( -- ) pad 80 accept pad swap type ;\n: twice ( n -- n ) 2* ;\n");
    const { code, stdout, stderr } = bplab(["run", "echo.fs", "echo", "cr", "-21", "twice", "."], { cwd: folder, input: "hello\n" });
    expect([code, stdout, stderr]).toEqual([0, "hello\n-42 ", ""]);
  });

  it("runs the lab's programs by id", () => {
    const { stdout } = run("run", "queens");
    expect(stdout).toMatch(/7 +40 +6 .*as known/);
  });

  it("says file, line, what and word of an uncaught exception, after the output that came before", () => {
    file("inner.fs", "\n: f 1 + ;\n f\n");
    file("outer.fs", ".( before )\ninclude inner.fs\n");
    const { code, stdout, stderr } = run("run", "outer.fs");
    expect([code, stdout]).toEqual([1, "before "]);
    expect(stderr).toBe('inner.fs:3: stack underflow in "+", needs 2, has 1 (f)\n');
  });

  it("ends with the exit code that the program asks for", () => {
    file("bye.fs", ": leave-now 3 (bye) ; leave-now .( not reached)\n");
    expect(run("run", "bye.fs")).toEqual({ code: 3, stdout: "", stderr: "" });
  });

  it("stops at --max-instructions", () => {
    expectError(["run", "loop.fs", "--max-instructions=1000"], 1, /loop\.fs:2: stopped after 1000 virtual instructions/);
  });
});

describe("bplab list and explain", () => {
  it.each([
    ["programs", 6],
    ["techniques", 6],
    ["predictors", 6],
    ["bodies", 5],
    ["merge-maps", 2],
    ["claims", 50],
  ])("lists %s as table, CSV and JSON", (what, least) => {
    const rows = JSON.parse(run("list", what, "--format=json").stdout);
    expect(rows.length).toBeGreaterThanOrEqual(least);
    const csv = Papa.parse(run("list", what, "--format=csv").stdout, { header: true, skipEmptyLines: true });
    const texts = rows.map((row: object) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, `${value}`])));
    expect(csv.data).toEqual(texts);
    const table = run("list", what).stdout;
    for (const { id } of rows) expect(table).toContain(id);
  });

  it("lists the storage of predictors in bits, and as people say it", () => {
    const rows: { id: string; storage_bits: number }[] = JSON.parse(run("list", "predictors", "--format=json").stdout);
    const bitsOf = (id: string) => rows.find((row) => row.id === id)?.storage_bits;
    expect([bitsOf("o-gehl"), bitsOf("always-taken"), bitsOf("oracle")]).toEqual([65536, 0, ""]);
    expect(run("list", "predictors").stdout).toMatch(/^o-gehl +8\.0 KB +[\d.]+ +O-GEHL/m);
  });

  it("lists machines with every part's published figures, how sure they are, and what stands for it", () => {
    const rows = JSON.parse(run("list", "machines", "--format=json").stdout);
    expect(rows.length).toBeGreaterThanOrEqual(34);
    expect(rows[0]).toMatchObject({ id: "pentium-mmx", year: 1997, returns_published: "4 entries", returns_confidence: "memory" });
    const csv = Papa.parse(run("list", "machines", "--format=csv").stdout, { header: true, skipEmptyLines: true });
    const cells = (row: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? "")]));
    expect(csv.data).toEqual(rows.map(cells));
    const table = run("list", "machines").stdout;
    for (const { id, title, front_end, penalty_cycles } of rows) {
      const paragraph = table.split("\n\n").find((lines) => lines.startsWith(`${id} `)) ?? "";
      expect(paragraph).toContain(title);
      expect(paragraph).toContain(front_end);
      if (penalty_cycles !== null) expect(paragraph).toContain(`${penalty_cycles} cycles a misprediction`);
    }
    // where the algorithm is unknown, what stands for it
    expect(table).toMatch(/^haswell .+\n.+\n {2}indirect branches: ITTAGE/m);
  });

  it("explains the first example of Ertl and Gregg", () => {
    const { stdout } = run("explain", "A B A GOTO", "--technique=switch", "--predictor=btb:unbounded", "--format=json");
    expect(JSON.parse(stdout)).toMatchObject({ dispatchesPerIteration: 4, missesPerIteration: 4 });
    expect(run("explain", "A B A GOTO", "--technique=direct-threading").stdout).toContain("2 of 4 dispatches mispredicted per iteration");
  });

  it("leaves nothing behind in the working folder", () => {
    expect(existsSync(join(folder, "blocks.fb"))).toBe(false);
  });
});
