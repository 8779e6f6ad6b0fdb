// Runs command lines for tests, one after the other in one process: starting Node.js and loading the lab takes longer than most
// commands that tests run (test/cli/cli-cost.test.ts: 20 seconds instead of 280 at a load average of 25). File descriptor 3 has the
// commands, lines of JSON; 4 gets their exit codes. What a command prints goes to standard output and standard error, which are
// files that the test empties.
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { main } from "../src/cli/main.ts";

interface Asked {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Seconds after which a command counts as hung. The end of this process is the answer then. */
const PATIENCE_SECONDS = 60;

/** The number of the command that runs; 0 between commands. */
const running = new Int32Array(new SharedArrayBuffer(4));

/** A thread of its own, because a command may take the main thread's time. */
const WATCH = `const { workerData: running } = require("node:worker_threads");
const never = new Int32Array(new SharedArrayBuffer(4));
for (let last = 0, seconds = 0; ; ) {
  Atomics.wait(never, 0, 0, 1000);
  const now = Atomics.load(running, 0);
  seconds = now !== 0 && now === last ? seconds + 1 : 0;
  last = now;
  if (seconds > ${PATIENCE_SECONDS}) process.kill(process.pid, "SIGKILL");
}`;

async function run({ args, cwd, env }: Asked): Promise<number> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  process.exitCode = undefined;
  const code = await main(args);
  process.exitCode = undefined;
  // what workers printed is on its way
  await setImmediate();
  await setImmediate();
  return code;
}

new Worker(WATCH, { eval: true, workerData: running }).unref();
let commands = 0;
for await (const line of createInterface({ input: createReadStream("", { fd: 3 }) })) {
  Atomics.store(running, 0, ++commands);
  const code = await run(JSON.parse(line));
  Atomics.store(running, 0, 0);
  writeSync(4, `${code}\n`);
}
