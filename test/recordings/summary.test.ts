// bplab info: what a recording holds, counted elsewhere as well.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { readRecording } from "../../dist/src/recordings/find-recording.js";
import { summariseRecording } from "../../dist/src/recordings/summary.js";
import { bplab } from "../support.ts";

const truth = new URL("../data/truth/", import.meta.url);
const trace = (name: string): string => fileURLToPath(new URL(`${name}.sbbt.gz`, truth));

interface Expected {
  readonly branches: number;
  readonly instructions: number;
  readonly conditionalTaken: number;
  readonly sites: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly dispatches: number;
  readonly dispatchSites: number;
}
const expected = JSON.parse(readFileSync(new URL("expected.json", truth), "utf8")) as Record<string, Expected>;
const dashed = (name: string): string => name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);

describe.each(Object.keys(expected))("the recording %s", (name) => {
  it("has as many branches of each kind, sites and dispatches as were counted elsewhere", async () => {
    const want = expected[name];
    const { branches, instructions, kinds, sites, proposal } = await summariseRecording(await readRecording(trace(name)));
    expect([branches, instructions, sites.length]).toEqual([want.branches, want.instructions, want.sites]);
    const counts = Object.entries(want.kinds).filter(([, count]) => count > 0);
    expect(Object.fromEntries(kinds.map((kind) => [kind.kind, kind.branches]))).toEqual(
      Object.fromEntries(counts.map(([kind, count]) => [dashed(kind), count])),
    );
    expect(kinds.find(({ kind }) => kind === "conditional")?.taken).toBe(want.conditionalTaken);
    expect([proposal?.branches, proposal?.sites]).toEqual([want.dispatches, want.dispatchSites]);
  });
});

describe("bplab info", () => {
  const file = trace("switch-gcc-r");

  it("shows kinds and the busiest sites", () => {
    const { code, stdout } = bplab(["info", file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^instructions\s+2,014,827, 5\.04 a branch$/m);
    expect(stdout).toMatch(/^indirect-jump\s+1\s+190,765\s+47\.7 %\s+100\.0 %\s+13\.00\s+13\.00\s+13$/m);
    expect(stdout).toMatch(/^0x4000001ce7\s+indirect-jump\s+0x4000001ce7\s+190,765\s+47\.7 %\s+100\.0 %\s+13$/m);
    expect(stdout).toMatch(/Looks like\s+an\s+interpreter's\s+dispatch:\s+0x4000001ce7:indirect-jump,\s+1 site,/);
  });

  it("gives kinds or sites as CSV, both as JSON", { tags: "slow" }, () => {
    const rows = (args: readonly string[]) =>
      Papa.parse<Record<string, string>>(bplab(["info", file, ...args]).stdout.trim(), { header: true }).data;
    expect(rows(["--format=csv"]).map(({ kind }) => kind)).toEqual(["conditional", "jump", "indirect-jump"]);
    const sites = rows(["--format=csv", "--per-site=3"]);
    expect(sites).toHaveLength(3);
    expect(Number(sites[0].branches)).toBeGreaterThanOrEqual(Number(sites[1].branches));
    const object = JSON.parse(bplab(["info", file, "--format=json"]).stdout);
    expect(object).toMatchObject({ recording: file, format: "sbbt", branches: 400_000, modules: [], notes: [] });
    expect(object.sites).toHaveLength(10);
    expect(object.kinds[2]).toEqual({
      kind: "indirect-jump",
      sites: 1,
      branches: 190_765,
      taken: 190_765,
      targets_per_site: 13,
      targets_per_branch: 13,
      most_targets: 13,
    });
  });

  it("refuses what is no recording in one line", () => {
    expect(bplab(["info", fileURLToPath(import.meta.url)])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^.*: expected recorded branches: .*\n$/),
    });
    expect(bplab(["info", "absent.bpt"]).stderr).toBe("no such file: absent.bpt\n");
  });
});
