// What names say: `btb:sets=64` is a BTB with sets=64, four ways (the default), and so on; `haswell` is a machine of 2013.
// Charts get it as fields of records. Names come from files, so only definitions of the lab's own are ever loaded.
import { techniqueDefinition, techniqueIds } from "../dispatch/techniques.ts";
import { predictorDefinition, predictorIds } from "../load-predictor.ts";
import { MACHINES } from "../machines/machines.ts";
import type { Parameters } from "../parameters.ts";
import { blankRecord, type ResultRecord, textIn } from "./records.ts";

type Fields = Record<string, string | number | boolean>;

/** Values of all parameters; what cannot be read has its default, because a file may name what no longer exists. */
function valuesOf(prefix: string, parts: readonly string[], declared: Parameters): Fields {
  const fields: Fields = {};
  for (const [name, parameter] of Object.entries(declared)) fields[`${prefix}:${name}`] = parameter.default;
  for (const part of parts) {
    const [key, text = "true"] = part.split("=", 2);
    const parameter = Object.hasOwn(declared, key) ? declared[key] : undefined;
    if (parameter === undefined) continue;
    if (parameter.type === "flag") fields[`${prefix}:${key}`] = text === "true";
    else if (parameter.type === "choice" || parameter.type === "text") fields[`${prefix}:${key}`] = text;
    else if (/^\d+$/.test(text)) fields[`${prefix}:${key}`] = Number(text);
  }
  return fields;
}

async function ofTechnique(name: string): Promise<Fields> {
  const [id, ...parts] = name.split(":");
  if (!techniqueIds().includes(id)) return {};
  return { "technique:id": id, ...valuesOf("technique", parts, (await techniqueDefinition(id)).parameters) };
}

/** The first model of a list has the say; what it does not declare is the second's. */
async function ofPredictor(name: string): Promise<Fields> {
  const machine = MACHINES.find(({ id }) => id === name);
  if (machine !== undefined)
    return { "machine:title": machine.title, ...(machine.year === undefined ? {} : { "machine:year": machine.year }) };
  const known = predictorIds();
  let fields: Fields = {};
  for (const spec of name.split("+")) {
    const [id, ...parts] = spec.split(":");
    if (known.includes(id))
      fields = { "predictor:id": id, ...valuesOf("predictor", parts, (await predictorDefinition(id)).parameters), ...fields };
  }
  return fields;
}

/** Adds to each record what its technique's and its front end's names say. */
export async function withParameters(records: readonly ResultRecord[]): Promise<ResultRecord[]> {
  const namesIn = (column: string): string[] => [...new Set(records.map((record) => textIn(record, column)))];
  const read = async (column: string, of: (name: string) => Promise<Fields>): Promise<Map<string, Fields>> =>
    new Map(await Promise.all(namesIn(column).map(async (name) => [name, await of(name)] as const)));
  const techniques = await read("technique", ofTechnique);
  const predictors = await read("predictor", ofPredictor);
  const fields = [...techniques.values(), ...predictors.values()].flatMap(Object.keys);
  const columns = records.length === 0 ? [] : Object.keys(records[0]);
  const blank = blankRecord([...new Set([...columns, ...fields])]);
  return records.map((record) =>
    Object.assign({ ...blank }, record, techniques.get(textIn(record, "technique")), predictors.get(textIn(record, "predictor"))),
  );
}
