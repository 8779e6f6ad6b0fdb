// The engine for Slurm on a cluster of one node: an item that fails and one that is killed are named, and retried; in the end the
// table is that of a run on this machine. Without Slurm: one line that says so.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";
import { type Cluster, missing, startCluster } from "./slurm-cluster.js";

const STUDY = `inputs: [queens, needs-a-file.fs, life, lz, waits.fs]
techniques: [switch]
predictors: [{btb: {sets: [16, 64]}}, gshare+btb]
`;

/** A program that fails until there is a file beside it. */
const PROGRAM = `\\ needs-a-file: reads another file, which may be missing
include words.fs
: main 9 0 do i number drop loop ;
main
`;

/** A program that waits for somebody to write into a pipe, so that its process is there to be killed however slow the machine is. */
const WAITS = "include pipe.fs\n: main 9 0 do i number drop loop ;\nmain\n";

/** The process of `bplab sweep run-item` for one line of the first job array. */
function processOf(folder: string, line: number): number | undefined {
  const wanted = join(folder, "slurm-1.jsonl");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words.includes("run-item") && words.at(-3) === wanted && words.at(-2) === String(line);
      } catch {
        return false;
      }
    });
}

/** For machines that do much else. */
const PATIENCE_SECONDS = 150;

async function until<T>(what: string, found: () => T | undefined): Promise<T> {
  const end = process.uptime() + PATIENCE_SECONDS;
  while (process.uptime() < end) {
    const thing = found();
    if (thing !== undefined) return thing;
    await sleep(5);
  }
  throw new Error(`waited ${PATIENCE_SECONDS} s for ${what}`);
}

describe.skipIf(missing.length > 0 && process.env.CI === undefined)(
  `the engine slurm (needs ${missing.join(", ") || "nothing more"})`,
  () => {
    let cluster: Cluster;
    const folder = temporaryFolder();
    const sweep = join(folder, "s.sweep");
    const run = (...args: readonly string[]) => bplab(["sweep", ...args], { cwd: folder, env: cluster.env });
    const slurm = (program: string, ...args: readonly string[]): string =>
      spawnSync(program, args, { env: { ...process.env, ...cluster.env }, encoding: "utf8" }).stdout;
    const queue = (format: string): string => slurm("squeue", "--noheader", `--format=${format}`);
    const emptyQueue = () => until("an empty queue", () => (queue("%i").trim() === "" ? true : undefined));

    beforeAll(async () => {
      const state = join(folder, "cluster");
      mkdirSync(state);
      writeFileSync(join(folder, "s.yaml"), STUDY);
      writeFileSync(join(folder, "needs-a-file.fs"), PROGRAM);
      writeFileSync(join(folder, "waits.fs"), WAITS);
      spawnSync("mkfifo", [join(folder, "pipe.fs")]);
      cluster = await startCluster(state);
    }, 180_000);
    afterAll(async () => {
      spawnSync("scancel", ["--user=root"], { env: { ...process.env, ...cluster?.env } });
      await cluster?.stop();
    }, 600_000);

    it("names what failed and what was killed, merges what there is, and retries until the table is that of a local run", async () => {
      expect(run("s.yaml", "--engine=slurm", "--jobs=2", "--partition=main", "--time=10", "--", "--nice=1")).toEqual({
        code: 0,
        stdout: expect.stringMatching(/^job \d+: 5 items\n$/),
        stderr: "",
      });
      // an array of this cluster has four tasks at most: the fifth item is the second of the first task
      process.kill(await until("the last item's process", () => processOf(sweep, 4)), "SIGKILL");
      expect(run("status", sweep).stdout).toMatch(/^Slurm: of the items to do, /m);
      await emptyQueue();

      const { stdout } = run("status", sweep);
      expect(stdout).toContain("15 points in 5 items: 3 done, 1 to do, 1 failed\n");
      expect(stdout).toMatch(/^item 1 failed: needs-a-file\.fs, test, switch, .*words\.fs.* \(.*\/logs\/slurm-1-1\.log\)$/m);
      expect(stdout).toMatch(/^Slurm: of the items to do, 1 lost$/m);
      expect(stdout).toMatch(/^item 4 was lost: waits\.fs, test, switch, .*: Killed \(.*\/logs\/slurm-1-0\.log\)$/m);
      // the job behind the array has merged the three others: each has three front ends and five kinds of branches
      expect(readFileSync(join(sweep, "rows.csv"), "utf8").trim().split("\n")).toHaveLength(1 + 3 * 3 * 5);
      expect(readFileSync(join(sweep, "logs", "slurm-1-merge.log"), "utf8")).toMatch(/^item 4 was lost: /m);

      writeFileSync(join(folder, "words.fs"), ": number dup * ;\n");
      rmSync(join(folder, "pipe.fs"));
      writeFileSync(join(folder, "pipe.fs"), "include words.fs\n");
      // a name of the user's does not hide the jobs from bplab
      expect(run("resume", sweep, "--engine=slurm", "--retry", "--", "--hold", "--job-name=mine").stdout).toMatch(/^job \d+: 2 items\n$/);
      // what waits or runs is not submitted a second time
      expect(run("s.yaml", "--engine=slurm", "--retry").stdout).toBe("nothing to submit; 2 wait or run already\n");
      for (const job of queue("%F").trim().split("\n")) slurm("scontrol", "release", job);
      await emptyQueue();
      expect(run("status", sweep).stdout).toMatch(/15 points in 5 items: 5 done, 0 to do, 0 failed\n$/);

      expect(run("s.yaml", "--out=local").code).toBe(0);
      const local = run("merge", "local").stdout;
      expect(local.split("\n").length).toBeGreaterThan(5 * 3 * 5);
      expect(readFileSync(join(sweep, "rows.csv"), "utf8")).toBe(local);
    }, 600_000);

    it.each([
      [["--", "--partition=nonsense"], /^sbatch did not take the job: .*invalid partition specified: nonsense/],
      [["--partition=nonsense"], /^sbatch did not take the job: .*invalid partition specified: nonsense/],
      [["--time=soon"], /^sbatch did not take the job: .*time/i],
    ])("says in one line what sbatch does not like about %j, and leaves nothing that was not submitted", (options, message) => {
      const { code, stdout, stderr } = run("s.yaml", "--engine=slurm", "--out=refused", ...options);
      expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
      expect(stderr).toMatch(message);
      expect(readdirSync(join(folder, "refused")).filter((name) => name.startsWith("slurm"))).toEqual([]);
    });
  },
);

describe("without Slurm", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "s.yaml"), STUDY.replace("needs-a-file.fs, ", "").replace("waits.fs", "sieve"));
  // nothing is found but node
  const env = { PATH: join(folder, "empty") };

  it("says in one line that there is no sbatch, and what to do", () => {
    const { code, stdout, stderr } = bplab(["sweep", "s.yaml", "--engine=slurm"], { cwd: folder, env });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^--engine=slurm needs sbatch, and there is none here: .*\n$/);
  });

  it("still says how far a sweep has come, and that nobody knows more", () => {
    writeFileSync(join(folder, "s.sweep", "slurm-1.json"), '{"job":"1","tasks":1}\n');
    const { stdout } = bplab(["sweep", "status", "s.sweep"], { cwd: folder, env });
    expect(stdout).toMatch(
      /0 done, 4 to do, 0 failed\nSlurm: squeue does not answer here, so nobody knows what waits, runs or was killed\n$/,
    );
  });

  it("submits nothing twice because nobody knows what waits, and says what is wrong with a file of its own", () => {
    const submit = () => bplab(["sweep", "s.yaml", "--engine=slurm"], { cwd: folder, env });
    expect(submit()).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^squeue does not answer, so .*\n$/) });
    writeFileSync(join(folder, "s.sweep", "slurm-1.json"), '{"job":1}');
    expect(submit()).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^.*\/slurm-1\.json: not what a sweep says .*\n$/),
    });
  });

  it.each([["--partition=x"], ["--time=1"], ["--memory=1G"]])("%s is refused where nobody would get it", (option) => {
    const { code, stderr } = bplab(["sweep", "s.yaml", option], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toBe(`${option.replace(/=.*/, "")} is for --engine=slurm, which passes it on to sbatch\n`);
  });
});
