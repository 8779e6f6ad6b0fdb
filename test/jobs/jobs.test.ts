// Worker threads: the same results however many there are, and what goes wrong in one of them takes nothing else with it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type SimulateRequest, simulate } from "../../dist/src/index.js";
import { createPool, type Pool, WorkerEnded } from "../../dist/src/jobs/pool.js";
import { openSession } from "../../dist/src/jobs/session.js";
import { watchedTasks } from "../../dist/src/jobs/watched.js";
import { failureLines } from "../../dist/src/results/failures.js";
import type { Results } from "../../dist/src/results/rows.js";
import { simulateIn } from "../../dist/src/simulate/simulate.js";
import { bplab, temporaryFolder } from "../support.ts";

const BIN = new URL("../../dist/src/bin.js", import.meta.url).pathname;
const RECORDING = new URL("../data/truth/ocamlrun-kb.sbbt.gz", import.meta.url).pathname;

/** Seconds that a user's code may take before it is taken to hang: many, where it is the machine that is slow. */
const PATIENCE = 3;
/** Sessions of some jobs, whose workers do even the smallest work. */
const sessions = [openSession({ jobs: 2 }), openSession({ jobs: 3, cache: false })];
const impatient = openSession({ jobs: 2 }, PATIENCE);
afterAll(() => Promise.all([...sessions, impatient].map((session) => session.close())));

const spread = (session: (typeof sessions)[number], request: SimulateRequest): Promise<Results> =>
  simulateIn(session, request, { many: 1 });

/** A user's predictor: a table of last targets, in which something happens. */
function plugIn(name: string, { first = "", predict = "", create = "" }: { first?: string; predict?: string; create?: string }): string {
  const path = join(temporaryFolder(), `${name}.js`);
  writeFileSync(
    path,
    `import { definePredictor, INDIRECT } from "bplab";
${first}
let asked = 0;
export default definePredictor({
  title: "${name}", source: "a test", covers: INDIRECT, parameters: {}, storageBits: () => 64,
  create() {
    const last = new Int32Array(16);
    ${create}
    return { predict(pc) { asked++; ${predict}; return last[pc & 15]; }, train(pc, target) { last[pc & 15] = target; } };
  },
});
`,
  );
  return path;
}

describe("several jobs", () => {
  const requests: Record<string, SimulateRequest> = {
    "programs in all languages, sites and machines": {
      inputs: ["fibonacci", "quickening", "nested-loop", "A B A GOTO"],
      technique: "unrolled-switch,tail-call-no-elimination",
      predictor: "btb,oracle",
      machine: "haswell",
    },
    "training programs and measured bodies": {
      inputs: ["fibonacci", "sieve"],
      technique: "static-superinstructions,static-both,switch",
      train: ["lz", "queens"],
      bodies: "ocamlrun-4.13-gcc12",
    },
    "an opcode stream that trains itself": { inputs: ["tokenizer-states"], technique: "static-replication" },
    "intervals, a warm-up and flushes": { inputs: ["lz"], interval: 20_000, warmup: 30_000, flush: 9_999, technique: "direct-threading" },
    "contexts and caches": {
      inputs: ["queens"],
      contexts: true,
      icache: true,
      dcache: true,
      layoutSeed: 7,
      predictor: "btb,gshare+btb,ittage",
    },
    recordings: { inputs: [RECORDING, "fibonacci"], predictor: "btb,ittage,two-level", technique: "switch" },
    "recordings alone": { inputs: [RECORDING], predictor: "btb,ittage", interval: 50_000, warmup: 1000 },
  };

  it.each(Object.entries(requests))("give the results of one, byte for byte: %s", { tags: "slow" }, async (_, request) => {
    const one = JSON.stringify(await simulate({ ...request, jobs: 1 }));
    for (const session of sessions) expect(JSON.stringify(await spread(session, request))).toBe(one);
  });

  it("give the results of one where some techniques go through some front ends only", async () => {
    const request = { inputs: ["fibonacci"], technique: "switch,direct-threading,call-threading", predictor: "btb,two-level" };
    const pairs = (technique: string, predictor: string): boolean => technique !== "switch" || predictor !== "btb";
    const [session] = sessions;
    const one = await simulateIn(session, request, { pairs });
    expect(new Set(one.rows.map(({ technique, predictor }) => `${technique} ${predictor}`)).size).toBe(5);
    expect(JSON.stringify(await simulateIn(session, request, { pairs, many: 1 }))).toBe(JSON.stringify(one));
  });

  it.each([["--format=table"], ["--format=csv"], ["--format=json", "--per-site"]])(
    "print what one prints, with options %j",
    { tags: "slow" },
    (...format) => {
      const args = ["simulate", "fibonacci", "--size=full", ...format];
      const one = bplab([...args, "--jobs=1"]);
      expect(one.code).toBe(0);
      expect(bplab([...args, "--jobs=3"])).toEqual(one);
    },
  );

  it("fail as one does, with the first input that fails", { tags: "slow" }, async () => {
    const fails = join(temporaryFolder(), "fails.fs");
    writeFileSync(fails, ": f 7 throw ; f");
    for (const request of [
      { inputs: ["queens", fails, "lz"], technique: "switch" },
      { inputs: ["fibonacci", "queens"], warmup: 1e9, technique: "switch" },
    ]) {
      const one = await simulate({ ...request, jobs: 1 }).catch((error) => error);
      expect(one).toBeInstanceOf(Error);
      for (const session of sessions) {
        const several = await spread(session, request).catch((error) => error);
        expect([several.message, several.exitCode]).toEqual([one.message, one.exitCode]);
      }
    }
  });

  it("are a number from 1 on", async () => {
    for (const jobs of [0, -1, 1.5, 2000])
      await expect(simulate({ inputs: ["A B"], jobs })).rejects.toThrow(
        `jobs must be a number of worker threads from 1 to 1024, got ${jobs}`,
      );
    expect(bplab(["simulate", "queens", "--jobs=none"])).toEqual({ code: 2, stdout: "", stderr: "--jobs must be a number, got none\n" });
  });
});

describe("a user's predictor", () => {
  const request = { inputs: ["fibonacci", "nested-loop"], technique: "switch,direct-threading" };

  it.each([
    ["does not return from predict", { predict: "while (asked > 1000);" }, `does not return: no sign of life for ${PATIENCE} seconds`],
    ["ends its worker", { predict: "if (asked > 1000) process.exit(3)" }, "ended its worker: exit code 3"],
    ["throws", { predict: 'if (asked > 1000) throw new Error("no more")' }, "failed: no more (at throws.js:9)"],
  ])("that %s is named, and the results of the others are complete", { tags: "slow" }, async (name, what, said) => {
    const path = plugIn(name.replaceAll(" ", "-"), what);
    const whole = await simulate({ ...request, predictor: "btb,two-level", jobs: 1 });
    for (const session of name === "does not return from predict" ? [impatient] : sessions) {
      const { failures, ...results } = await spread(session, { ...request, predictor: `btb,${path},two-level` });
      expect(JSON.stringify({ ...results, failures: [] })).toBe(
        JSON.stringify({ ...results, ...{ rows: whole.rows, sites: whole.sites, intervals: whole.intervals }, failures: [] }),
      );
      expect(failureLines(failures)).toEqual([`predictor ${path} ${said} (on fibonacci with switch and in 3 more runs, without results)`]);
    }
  });

  it.each([
    ["as a module", { first: "for (;;);" }],
    ["in an await", { first: "await new Promise(() => {});" }],
    ["in create", { create: "for (;;);" }],
  ])("that does not return %s is named before anything runs", { tags: "slow" }, async (name, what) => {
    const path = plugIn(`endless-${name.replaceAll(" ", "-")}`, what);
    await expect(spread(impatient, { ...request, predictor: `btb,${path}` })).rejects.toThrow(
      `predictor ${path}: it does not return while it is loaded: no sign of life for ${PATIENCE} seconds`,
    );
  });

  it("that does not return when it is checked or explained fails there, and what comes before is said", { tags: "slow" }, async () => {
    const path = plugIn("endless-example", { predict: "while (asked > 100);" });
    const tasks = watchedTasks(path, PATIENCE);
    const endless = `predictor ${path} does not return: no sign of life for ${PATIENCE} seconds`;
    const titles = await tasks.run("checks", path);
    const index = titles.findIndex((title) => title.startsWith("gives the same answers"));
    expect(await tasks.run("check", { predictor: path, index: titles.indexOf("accepts its own defaults") })).toBeUndefined();
    await expect(tasks.run("check", { predictor: path, index })).rejects.toThrow(endless);
    await tasks.close();
    const others = watchedTasks(path, PATIENCE);
    await expect(others.run("explanation", ["A B A GOTO", "switch", path])).rejects.toThrow(endless);
    await others.close();
  });

  it("runs in a worker even with one job, and is right there", { tags: "slow" }, async () => {
    const path = plugIn("plain", {});
    const args = ["simulate", "fibonacci", "--technique=switch", `--predictor=${path},btb`, "--format=csv"];
    const one = bplab([...args, "--jobs=1"]);
    expect(one.code).toBe(0);
    expect(bplab([...args, "--jobs=4"])).toEqual(one);
  });
});

describe("a pool", () => {
  it("does what is left when workers end, and says so of each task alone", { tags: "slow" }, async () => {
    const pool = createPool(2);
    const dies = plugIn("dies", { first: "process.exit(4);" });
    const lives = plugIn("lives", {});
    const outcomes = await Promise.allSettled([dies, lives, dies, lives, "btb"].map((text) => pool.run("front ends", { text })));
    expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value.length : one.reason.message))).toEqual([
      "exit code 4",
      1,
      "exit code 4",
      1,
      1,
    ]);
    await pool.close();
  });
});

describe("a part", () => {
  it.each([
    ["our bug", () => new TypeError("boom"), "a bug in bplab: boom", true],
    ["a worker that ends", () => new WorkerEnded("out of memory", false), "the worker of two-level ended: out of memory", false],
  ])("that fails by %s is named, and what else was asked for is there", async (_, fail, message, ours) => {
    const pool = sessions[0].pool();
    const failing: Pool = {
      ...pool,
      run(kind, asks, watched) {
        const lost = kind === "program" && JSON.stringify(asks).includes("two-level");
        return lost ? Promise.reject(fail()) : pool.run(kind, asks, watched);
      },
    };
    const session = { ...sessions[0], pool: () => failing };
    const request = { inputs: ["fibonacci", "sieve"], technique: "switch,direct-threading" };
    const { rows, failures } = await simulateIn(session, { ...request, predictor: "btb,two-level" }, { many: 1 });
    expect(JSON.stringify(rows)).toBe(JSON.stringify((await simulate({ ...request, predictor: "btb" })).rows));
    expect(failureLines(failures)).toEqual([`${message} (on fibonacci with switch and in 3 more runs, without results)`]);
    expect(failures.every(({ bug }) => (bug !== undefined) === ours)).toBe(true);
  });
});

describe("Ctrl-C", () => {
  it("ends at once, without output, and leaves nothing that the next run does not sweep up", { tags: "slow" }, async () => {
    const folder = join(temporaryFolder(), "cache");
    mkdirSync(folder);
    const output = join(temporaryFolder(), "results.csv");
    const env = { ...process.env, BPLAB_CACHE: folder };
    const args = [BIN, "simulate", "--size=full", "--technique=all", "--jobs=2", "--format=csv", `--output=${output}`];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (piece) => {
        said += piece;
      });
    const parts = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".part"));
    while (parts().length === 0) await new Promise((done) => setTimeout(done, 20));
    const ended = new Promise<NodeJS.Signals | null>((done) => child.on("close", (_, signal) => done(signal)));
    child.kill("SIGINT");
    expect(await ended).toBe("SIGINT");
    expect([said, existsSync(output)]).toEqual(["", false]);
    expect(await simulate({ inputs: ["fibonacci"], technique: "switch" })).toBeDefined();
    process.env.BPLAB_CACHE = folder;
    await simulate({ inputs: ["sieve"], technique: "switch" });
    process.env.BPLAB_CACHE = env.BPLAB_CACHE;
    expect(parts()).toEqual([]);
  });
});
