// Our predictors beside other implementations, on recorded traces: equal to the last branch where the rules are the same, within
// a stated bound where they are not; and the table of docs/predictors.md says so.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { counted, readTrace, references, rowOf } from "../../dist/scripts/references.js";

const rows = references();
const traces = Object.keys(rows[0].counts).map((name) => [name, readTrace(name)] as const);
const document = readFileSync(new URL("../../docs/predictors.md", import.meta.url), "utf8");

describe.each(rows.map((row) => [row.spec, row.reference, row] as const))("%s beside %s", (_spec, _reference, row) => {
  const ours: Record<string, number> = {};

  it.each(traces)(
    `${row.of === "buffer" ? "lacks entries" : "mispredicts"} ${row.within === undefined ? "exactly" : "about"} as often on %s`,
    async (name, trace) => {
      ours[name] = await counted(row, trace);
      const [share, more] = row.within ?? [0, 0];
      expect(Math.abs(ours[name] - row.counts[name])).toBeLessThanOrEqual(share * row.counts[name] + more);
    },
  );

  it("stands in docs/predictors.md with these counts", () => {
    expect(document).toContain(rowOf(row, ours));
  });

  it("says why it differs exactly if it does", () => {
    expect(row.differs === undefined).toBe(row.within === undefined);
  });
});
