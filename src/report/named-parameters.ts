// Parameters in names: `btb:sets=64` is a BTB with sets=64, four ways (the default), and so on; `haswell` is a machine of 2013. Charts
// get them as fields of records. Names come from files, so only the lab's own definitions are ever loaded.
import { techniqueDefinition, techniqueIds } from "../dispatch/techniques.ts";
import { predictorDefinition, predictorIds } from "../front-end/load-predictor.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import { MACHINES } from "../front-end/machines/machines.ts";
import type { PredictorDefinition } from "../models/predictor.ts";
import type { Parameters } from "../parameters.ts";
import { blankRecord, numberIn, type ResultRecord, textIn } from "./result-records.ts";

type Fields = Record<string, string | number | boolean>;

/** Values of all parameters; an unreadable value gets its default, because a file may name something that no longer exists. */
function valuesOf(parts: readonly string[], declared: Parameters): Fields {
  const fields: Fields = {};
  for (const [name, parameter] of Object.entries(declared)) fields[name] = parameter.default;
  for (const part of parts) {
    const [key, text = "true"] = part.split("=", 2);
    const parameter = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (parameter === undefined) continue;
    if (parameter.type === "flag") fields[key] = text === "true";
    else if (parameter.type === "choice" || parameter.type === "text") fields[key] = text;
    else if (/^\d+$/.test(text)) fields[key] = Number(text);
  }
  return fields;
}

const prefixed = (prefix: string, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}:${name}`, value]));

async function ofTechnique({ technique }: ResultRecord): Promise<Fields> {
  const [id, ...parts] = String(technique).split(":");
  if (!techniqueIds().includes(id)) return {};
  return prefixed("technique", { id, ...valuesOf(parts, (await techniqueDefinition(id)).parameters) });
}

/** The definition of a model of the lab's own, or undefined. */
type Models = (id: string) => Promise<PredictorDefinition | undefined>;

/** Loads each model once, for one set of records. */
function createModels(): Models {
  const known = predictorIds();
  const loaded = new Map<string, Promise<PredictorDefinition>>();
  return async (id) => {
    if (!known.includes(id)) return undefined;
    const definition = loaded.get(id) ?? predictorDefinition(id);
    loaded.set(id, definition);
    return definition;
  };
}

/** The model of a machine's predictor of dispatches, if it differs from the published one. */
function assumedOf({ parts }: Machine): Fields {
  const { published, approximation } = parts.indirect;
  if (approximation === undefined) return {};
  return { "machine:assumed": `${published === "" ? "nothing is published" : published}; here: ${approximation}` };
}

/** Parameters of the first model of a list; those that it does not declare come from the second. */
async function ofPredictor(record: ResultRecord, models: Models): Promise<Fields> {
  const name = textIn(record, "predictor");
  const machine = MACHINES.find(({ id }) => id === name);
  const bits = machine === undefined ? await storageOf(record, models) : numberIn(record, "storage_bits");
  const storage: Fields = bits === undefined ? {} : { "predictor:storage_bits": bits };
  if (machine !== undefined)
    return {
      ...storage,
      "machine:title": machine.title,
      ...(machine.year === undefined ? {} : { "machine:year": machine.year }),
      ...assumedOf(machine),
    };
  let fields: Fields = {};
  for (const spec of name.split("+")) {
    const [id, ...parts] = spec.split(":");
    const model = await models(id);
    if (model !== undefined) fields = { id, ...valuesOf(parts, model.parameters), ...fields };
  }
  return { ...storage, ...prefixed("predictor", fields) };
}

/**
 * Storage in bits of the models in a front end's name: the total minus that of the return stack and the gshare that completed it.
 * Undefined if it is unbounded or unknown.
 */
async function storageOf(record: ResultRecord, models: Models): Promise<number | undefined> {
  const all = numberIn(record, "storage_bits");
  const named = textIn(record, "predictor")
    .split("+")
    .filter((spec) => !spec.startsWith("no-"))
    .join("+");
  const complete = textIn(record, "front_end");
  if (all === undefined || !`${complete}+`.startsWith(`${named}+`)) return undefined;
  let bits = all;
  for (const spec of complete.slice(named.length).split("+").slice(1)) {
    const [id, ...parts] = spec.split(":");
    const model = await models(id);
    if (model === undefined) return undefined;
    bits -= model.storageBits(valuesOf(parts, model.parameters));
  }
  return bits;
}

/** Adds to each record the parameters in the names of its technique and front end. */
export async function withParameters(records: readonly ResultRecord[]): Promise<ResultRecord[]> {
  const read = async (column: string, of: (record: ResultRecord) => Promise<Fields>): Promise<Map<string, Fields>> => {
    const named = new Map(records.map((record) => [textIn(record, column), record]));
    return new Map(await Promise.all([...named].map(async ([name, record]) => [name, await of(record)] as const)));
  };
  const techniques = await read("technique", ofTechnique);
  const models = createModels();
  const predictors = await read("predictor", (record) => ofPredictor(record, models));
  const fields = [...techniques.values(), ...predictors.values()].flatMap(Object.keys);
  const columns = records.length === 0 ? [] : Object.keys(records[0]);
  const blank = blankRecord([...new Set([...columns, ...fields])]);
  return records.map((record) =>
    Object.assign({ ...blank }, record, techniques.get(textIn(record, "technique")), predictors.get(textIn(record, "predictor"))),
  );
}
