// A processor with a table of last targets, every figure of which is known.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes it into a folder; returns its path. */
export function plainMachine(folder: string): string {
  const path = join(folder, "plain.json");
  writeFileSync(
    path,
    JSON.stringify({
      format: "bplab-machine-1",
      title: "Plain",
      frontEnd: "btb:unbounded+return-stack+gshare",
      costs: { penaltyCycles: { value: 10, basis: "published", source: "a test" } },
      source: "a test",
    }),
  );
  return path;
}
