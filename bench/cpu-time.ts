// The CPU time of a command from start to end, which other work on the machine affects least. Medians over several runs.
import { spawnSync } from "node:child_process";

/** Seconds of user time that the shell's children took, the second line of what `times` prints: "0m1.230s 0m0.100s". */
function userSeconds(printed: string): number {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(printed.trim().split("\n").at(-1) ?? "") ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

/** @throws Error when the command fails */
function once(command: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", '"$@" > /dev/null || exit 1; times', "sh", ...command], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return userSeconds(stdout);
}

/** Median user seconds of each command; they take turns. */
export function cpuSeconds(commands: readonly (readonly string[])[], runs: number): number[] {
  const times = commands.map((): number[] => []);
  for (let run = 0; run < runs; run++) for (const [i, command] of commands.entries()) times[i].push(once(command));
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(runs / 2)]);
}
