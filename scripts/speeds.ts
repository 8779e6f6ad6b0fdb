// Measures how many branches a second each of our predictors predicts, and writes src/cli/commands/list/speeds.ts, which `bplab list
// predictors` shows. Each runs in a process of its own over a recording of an interpreter, by user time: `npm run speeds`.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { CONDITIONAL } from "../src/branch.ts";
import { predictorDefinition, predictorIds } from "../src/front-end/load-predictor.ts";
import { valuesOf } from "../src/models/answers.ts";
import { declaredBy, kindSets } from "../src/models/predictor.ts";
import { readTrace } from "./references.ts";

const FILE = fileURLToPath(new URL("../../src/cli/commands/list/speeds.ts", import.meta.url));
const TRACE = "ocamlrun-kb";
const PASSES = 4;

/**
 * Millions of predictions in a second of user time, after one pass over the recording; 0 for a model that is told more than an
 * address, or that predicts so few branches that the others are what takes time.
 */
async function millionsPerSecond(id: string): Promise<number> {
  const definition = await predictorDefinition(id);
  const values = valuesOf(definition);
  if (declaredBy(definition, values).length > 0) return 0;
  const { covers, tracks } = kindSets(definition, values);
  const model = definition.create(values);
  const { count, pcs, targets, taken, kinds, statics } = readTrace(TRACE);
  let missed = 0;
  let predictions = 0;
  const pass = (): void => {
    for (let i = 0; i < count; i++) {
      const kind = kinds[i];
      if (kind & covers) {
        predictions++;
        if (model.predict(pcs[i], statics[i]) !== (kind === CONDITIONAL ? taken[i] : targets[i])) missed++;
        model.train(pcs[i], targets[i], taken[i]);
      }
      if (kind & tracks) model.track?.(pcs[i], targets[i], taken[i], kind, pcs[i]);
    }
  };
  pass();
  predictions = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < PASSES; i++) pass();
  const { user } = process.cpuUsage(before);
  if (missed < 0) throw new Error("no branch was counted");
  return predictions * 20 < count * PASSES ? 0 : predictions / user;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, self, one] = process.argv;
  if (one !== undefined) process.stdout.write(String(await millionsPerSecond(one)));
  else {
    const rows = predictorIds().flatMap((id) => {
      const speed = Number(execFileSync(process.execPath, [self, id], { encoding: "utf8" }));
      return speed > 0 ? [`  ${/^[a-z]+$/.test(id) ? id : JSON.stringify(id)}: ${Number(speed.toPrecision(2))},`] : [];
    });
    const date = new Date().toISOString().slice(0, 10);
    const where = `${cpus()[0].model}, Node.js ${process.versions.node}, ${date}, load average ${loadavg()[0].toFixed(0)}`;
    const text = `// How fast our predictors are. Written by scripts/speeds.ts: millions of predictions in a second of user time, with their training and tracking.
export const MEASURED_ON = ${JSON.stringify(`${where}; defaults, over a recording of ocamlrun`)};

export const MILLIONS_PER_SECOND: Readonly<Record<string, number>> = {
${rows.join("\n")}
};
`;
    writeFileSync(FILE, text);
  }
}
