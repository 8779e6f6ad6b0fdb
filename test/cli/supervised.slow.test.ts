// What becomes of programs that commands run, and of temporary files, when a signal ends the command. The compiler here is a script
// that starts another program and waits for it, as gcc does.
// @module-tag slow
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { needsSupervisor } from "../../dist/src/cli/supervised.js";
import { temporaryFolder } from "../support.js";

const BIN = fileURLToPath(new URL("../../dist/src/bin.js", import.meta.url));
const folder = temporaryFolder();
let places = 0;

const soon = () => new Promise((done) => setTimeout(done, 20));

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // one that has ended and that nobody has asked for yet
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "");
  } catch {
    return false;
  }
}

/** Starts a command whose compiler never ends. */
function start(...args: string[]) {
  const here = join(folder, `place-${places++}`);
  const [path, temporary, number] = ["bin", "tmp", "pid"].map((name) => join(here, name));
  for (const each of [path, temporary]) mkdirSync(each, { recursive: true });
  writeFileSync(join(path, "gcc"), `#!/bin/sh\nsleep 600 &\necho $! > ${number}.part\nmv ${number}.part ${number}\nwait\n`);
  chmodSync(join(path, "gcc"), 0o755);
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: here,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}`, TMPDIR: temporary, BPLAB_CACHE: join(here, "cache") },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.once("close", (code, signal) => done({ code, signal })),
  );
  return {
    child,
    ended,
    said: () => said,
    left: () => readdirSync(temporary),
    /** The number of what the compiler runs. */
    async running(): Promise<number> {
      while (!existsSync(number) && child.exitCode === null) await soon();
      return Number(readFileSync(number, "utf8"));
    },
  };
}

const COMMANDS = [
  ["validate", "queens", "--technique=switch"],
  ["time", "queens", "--size=test", "--technique=switch"],
  ["calibrate", "--cc=gcc"],
  ["compilers", "--cc=gcc"],
];

describe.skipIf(process.platform === "win32")("a command that runs compilers and what they made", () => {
  it.each(COMMANDS)("%s ends by SIGTERM with all that it runs, and leaves no temporary file", async (...args) => {
    const command = start(...args);
    const pid = await command.running();
    expect(lives(pid)).toBe(true);
    command.child.kill("SIGTERM");
    expect(await command.ended).toEqual({ code: null, signal: "SIGTERM" });
    while (lives(pid)) await soon();
    expect(command.left()).toEqual([]);
  });

  it("ends by SIGINT as well", async () => {
    const command = start("calibrate", "--cc=gcc");
    const pid = await command.running();
    command.child.kill("SIGINT");
    expect(await command.ended).toEqual({ code: null, signal: "SIGINT" });
    while (lives(pid)) await soon();
    expect(command.left()).toEqual([]);
  });

  it("leaves nothing running of a compiler that was stopped, and keeps its exit code", async () => {
    const command = start(...COMMANDS[0], "--compile-limit=1");
    const pid = await command.running();
    expect(await command.ended).toEqual({ code: 1, signal: null });
    expect(command.said()).toContain("was stopped after 1 seconds (validate and time take --compile-limit=SECONDS)");
    while (lives(pid)) await soon();
    expect(command.left()).toEqual([]);
  });

  it("is one that compiles, records or times; others run as they are", () => {
    const supervised = (...args: string[]): boolean => needsSupervisor(args);
    for (const name of ["validate", "time", "calibrate", "compilers"]) expect(supervised(name)).toBe(true);
    expect(supervised("reproduce", "C3", "--time")).toBe(true);
    for (const args of [["simulate", "queens"], ["reproduce", "C3"], ["record", "--", "time"], []]) expect(supervised(...args)).toBe(false);
  });
});
