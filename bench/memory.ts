// Peak resident memory of a separate process, for ten million branches, a hundred times as many, and all programs at the default
// settings. A trace held anywhere in memory would show: 10⁹ branches take gigabytes.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Result } from "./result.ts";

/** Limit in megabytes. */
const ALLOWED = 300;

/** Megabytes. */
const peakOf = (what: string): number =>
  Number(execFileSync(process.execPath, [fileURLToPath(new URL("peak.js", import.meta.url)), what], { encoding: "utf8" }));

const within = (subject: string, value: number): Result => ({
  subject,
  value,
  unit: "MB",
  comparedWith: "what is allowed",
  comparedValue: ALLOWED,
  bound: { atMost: 1 },
});

export function benchMemory(): Result[] {
  const lengths = ["1e7", "1e8", "1e9"];
  const peaks = lengths.map(peakOf);
  const flat = { subject: "1e9 branches", value: peaks[2], unit: "MB", comparedWith: "1e7 branches", comparedValue: peaks[0] };
  return [
    ...lengths.map((branches, i) => within(`${branches} branches`, peaks[i])),
    { ...flat, bound: { atMost: 1.1 } },
    within("bplab simulate: all programs, default settings", peakOf("all")),
  ];
}
