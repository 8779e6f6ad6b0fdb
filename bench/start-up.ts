// Start-up: user and system CPU time of whole commands, beside Node with nothing to do.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Result } from "./result.ts";

const BIN = fileURLToPath(new URL("../bundle/bplab.cjs", import.meta.url));
/** A shell's `times` may count in hundredths of a second. */
const RUNS = 4;
const ROUNDS = 3;
const SCRIPT = `${'"$@" >/dev/null; '.repeat(RUNS)}times`;

/** Commands, and their limits in milliseconds. */
const COMMANDS = [
  { args: ["--help"], limit: 100 },
  { args: ["simulate", "queens", "--technique=direct-threading"], limit: 500 },
  { args: ["simulate", "queens"], limit: 500 },
];

/** Milliseconds of CPU of one run of Node: the shell's last line has its children's times, `0m0.31s 0m0.05s`. */
function cpu(args: readonly string[]): number {
  const output = execFileSync("sh", ["-c", SCRIPT, "sh", process.execPath, ...args], { encoding: "utf8" });
  const times = [...(output.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return (times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0) / RUNS) * 1000;
}

export function benchStartUp(): Result[] {
  const contestants = [["-e", "0"], ...COMMANDS.map(({ args }) => [BIN, ...args])];
  const fastest = contestants.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    contestants.forEach((args, i) => {
      fastest[i] = Math.min(fastest[i], cpu(args));
    });
  }
  const [empty, ...values] = fastest;
  return COMMANDS.flatMap(({ args, limit }, i): Result[] => {
    const measured = { subject: `bplab ${args.join(" ")}`, value: values[i], unit: "ms of CPU" };
    return [
      { ...measured, comparedWith: "what is allowed", comparedValue: limit, bound: { atMost: 1 } },
      { ...measured, comparedWith: "node -e 0", comparedValue: empty },
    ];
  });
}
