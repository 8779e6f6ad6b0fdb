// A recording's branches come as packets or as the blocks of our own format, whole or cut into pieces: each way looks events up
// elsewhere, and every way gives the same counts, to the last branch.
import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type SimulateRequest, simulate } from "../../dist/src/index.js";
import { findWritableFormat, readRecording } from "../../dist/src/recordings/find-recording.js";
import { convert } from "../../dist/src/workbench/convert.js";
import { temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
const truth = fileURLToPath(new URL("../data/truth/", import.meta.url));
const TRACES = readdirSync(truth).filter((name) => name.endsWith(".sbbt.gz"));

/** Static targets, histories of all kinds, entries of whatever is taken, return stacks. */
const PREDICTORS = "btb+btfn,two-level,tage-lite+gshare:history=all,btb:sets=16:ways=2:holds=taken";

async function converted(path: string, name: string): Promise<string> {
  const to = join(folder, name);
  const file = openSync(to, "w");
  await convert(await readRecording(path), await findWritableFormat(name), {
    write: (bytes) => void writeSync(file, bytes),
    provenance: {},
  });
  closeSync(file);
  return to;
}

/** Counts of every class and of every site, without what says where they come from. */
async function counted(path: string, request: SimulateRequest = {}) {
  const { rows, sites } = await simulate({ predictor: PREDICTORS, jobs: 1, ...request, inputs: [path] });
  const here = { program: undefined, programSha256: undefined, format: undefined, settings: undefined };
  const bySite = sites.map((site) => ({ ...site, ...here }));
  return {
    rows: rows.map((row) => ({ ...row, ...here })),
    // sites come in the order in which a file defines them
    sites: bySite.sort((a, b) => a.predictor.localeCompare(b.predictor) || a.site - b.site || a.kind - b.kind),
  };
}

describe.each(TRACES)("%s", (name) => {
  const path = join(truth, name);

  it("has the same counts as packets and as blocks, whole and cut", { tags: "slow" }, async () => {
    const whole = await counted(path);
    expect(whole.rows.length).toBe(16);
    const blocks = await converted(path, `${name}.bpt`);
    expect(await counted(blocks)).toEqual(whole);
    for (const file of [path, blocks]) expect(await counted(file, { interval: 77_777 })).toEqual(whole);
  });

  it("has the same counts after a warm-up, and with flushes", { tags: "slow" }, async () => {
    const blocks = join(folder, `${name}.bpt`);
    for (const request of [{ warmup: 123_456 }, { flush: 10_007 }, { flush: 1_000_000_000 }])
      expect(await counted(blocks, request)).toEqual(await counted(path, request));
    expect(await counted(path, { flush: 1_000_000_000 })).toEqual(await counted(path));
  });
});
