// The table in docs/predictors.md that compares our predictors with other implementations: the mispredictions of both on the recorded
// traces. `npm run references` writes it; test/predictors/references.test.ts computes it again and compares. The other
// implementations' counts are data, with their sources: they were built and run outside of this repository.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type RecordedBranches, readSbbt } from "../bench/read-sbbt.ts";
import { CONDITIONAL, DIRECT, NONE } from "../src/branch.ts";
import { predictorDefinition } from "../src/front-end/load-predictor.ts";
import { kindSets } from "../src/models/predictor.ts";
import { readParameters } from "../src/parameters.ts";

const ROOT = new URL("../../", import.meta.url);
const DOCUMENT = fileURLToPath(new URL("docs/predictors.md", ROOT));

export interface Reference {
  /** Its own name for it. */
  readonly reference: string;
  readonly source: string;
  /** Ours, with parameters. */
  readonly spec: string;
  /** Its mispredictions, by trace. */
  readonly counts: Readonly<Record<string, number>>;
  /** Set if what is counted are taken direct branches that a branch target buffer does not hold with their target. */
  readonly of?: "buffer";
  /** Allowed difference of ours: a share plus a number; without it none. */
  readonly within?: readonly [share: number, more: number];
  /** The reason for the difference. */
  readonly differs?: string;
}

export const references = (): readonly Reference[] =>
  JSON.parse(readFileSync(new URL("test/data/truth/references.json", ROOT), "utf8")) as readonly Reference[];

export const readTrace = (name: string): RecordedBranches => readSbbt(fileURLToPath(new URL(`test/data/truth/${name}.sbbt.gz`, ROOT)));

/** A model with the parameters of a specification. */
async function modelOf(spec: string) {
  const [id, ...parts] = spec.split(":");
  const definition = await predictorDefinition(id);
  const { values } = readParameters(id, id, parts, definition.parameters);
  return { ...kindSets(definition, values), model: definition.create(values) };
}

/** Taken direct branches that a buffer does not hold with their target. */
async function absences(spec: string, { count, pcs, targets, taken, kinds }: RecordedBranches): Promise<number> {
  const { fetches, tracks, model } = await modelOf(spec);
  let absent = 0;
  for (let i = 0; i < count; i++) {
    if (taken[i] === 0) continue;
    if (kinds[i] & fetches) {
      if (kinds[i] & DIRECT && model.predict(pcs[i], NONE) !== targets[i]) absent++;
      model.train(pcs[i], targets[i], 1);
    }
    if (kinds[i] & tracks) model.track?.(pcs[i], targets[i], 1, kinds[i], pcs[i]);
  }
  return absent;
}

/** What is counted of ours beside a reference. */
export const counted = ({ spec, of }: Pick<Reference, "spec" | "of">, trace: RecordedBranches): Promise<number> =>
  of === "buffer" ? absences(spec, trace) : mispredictions(spec, trace);

/** Mispredicted branches of the kinds that a predictor of directions or of targets covers. */
async function mispredictions(spec: string, trace: RecordedBranches): Promise<number> {
  const { covers, tracks, model } = await modelOf(spec);
  const { pcs, targets, taken, kinds, statics } = trace;
  let misses = 0;
  for (let i = 0; i < trace.count; i++) {
    if (kinds[i] & covers) {
      if (model.predict(pcs[i], statics[i]) !== (kinds[i] === CONDITIONAL ? taken[i] : targets[i])) misses++;
      model.train(pcs[i], targets[i], taken[i]);
    }
    if (kinds[i] & tracks) model.track?.(pcs[i], targets[i], taken[i], kinds[i], pcs[i]);
  }
  return misses;
}

/** One row of the table; `ours` by trace. */
export function rowOf({ reference, source, spec, counts, differs }: Reference, ours: Readonly<Record<string, number>>): string {
  const cells = Object.keys(counts).map((name) =>
    ours[name] === counts[name] ? `${counts[name]}` : `${counts[name]}, ours ${ours[name]}`,
  );
  return `| ${source.split(/[ ,]/)[0].replace("A.", "Seznec").replace("D.", "Jiménez")}: \`${reference}\` | \`${spec}\` | ${cells.join(" | ")} | ${differs ?? ""} |`;
}

async function table(): Promise<string> {
  const rows = references();
  const names = Object.keys(rows[0].counts);
  const traces = new Map(names.map((name) => [name, readTrace(name)]));
  const lines = [`| theirs | ours | ${names.join(" | ")} | differs in |`, `|---|---|${"--:|".repeat(names.length)}---|`];
  for (const row of rows) {
    const ours: Record<string, number> = {};
    for (const [name, trace] of traces) ours[name] = await counted(row, trace);
    lines.push(rowOf(row, ours));
  }
  return lines.join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const between = /(<!-- references -->\n)[\s\S]*?(<!-- \/references -->)/;
  const part = await table();
  const text = readFileSync(DOCUMENT, "utf8");
  writeFileSync(
    DOCUMENT,
    text.replace(between, (_, before: string, after: string) => `${before}${part}\n${after}`),
  );
}
