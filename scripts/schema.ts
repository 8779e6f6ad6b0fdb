// schema/study.schema.json: the JSON Schema of studies, by which editors complete and check them. The structure is the schema that
// by which `bplab sweep` itself reads studies; ids and parameters, which it leaves open, are added for completion.
// `npm run schema` writes it; a test makes it again and compares.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { techniqueDefinition, techniqueIds } from "../src/dispatch/techniques.ts";
import { predictorDefinition } from "../src/front-end/load-predictor.ts";
import { MACHINES } from "../src/front-end/machines/machines.ts";
import { ORACLES } from "../src/front-end/oracles.ts";
import { predictorIds, programIds } from "../src/index.ts";
import type { Parameters } from "../src/parameters.ts";
import { studySchema } from "../src/sweep/study/study-schema.ts";

const FILE = fileURLToPath(new URL("../../schema/study.schema.json", import.meta.url));

type Schema = Record<string, unknown>;

/** The part of a schema at a path. */
function within(schema: Schema, ...path: readonly (string | number)[]): Schema {
  let found: unknown = schema;
  for (const step of path) found = (found as Record<string | number, unknown>)[step];
  return found as Schema;
}

/** Any text; editors offer the known ones. */
const texts = (known: readonly string[]): Schema => ({ anyOf: [{ enum: known }, { type: "string" }] });

/** Ids as keys, with their parameters. */
function models(definitions: readonly (readonly [id: string, title: string, parameters: Parameters])[]): Schema {
  const properties = definitions.map(([id, title, parameters]) => {
    const own = Object.entries(parameters).map(([name, parameter]) => {
      const unit = "unit" in parameter && parameter.unit !== undefined ? ` (${parameter.unit})` : "";
      return [name, { description: `${parameter.description}${unit}; default: ${parameter.default}`, ...VALUES }];
    });
    return [id, { description: title, type: ["object", "null"], properties: Object.fromEntries(own), additionalProperties: false }];
  });
  return Object.fromEntries(properties);
}

/** Values of parameters, defined once. */
const VALUES = { $ref: "#/$defs/values" };

/** The schema as a text. */
export async function studyJsonSchema(): Promise<string> {
  const schema = z.toJSONSchema(studySchema, { io: "input" }) as Schema;
  const techniques = await Promise.all(
    techniqueIds().map(async (id) => {
      const { description, parameters } = await techniqueDefinition(id);
      return [id, description, parameters] as const;
    }),
  );
  const predictors = await Promise.all(
    predictorIds().map(async (id) => {
      const { title, parameters } = await predictorDefinition(id);
      return [id, title, parameters] as const;
    }),
  );
  const oracles = Object.entries(ORACLES).map(([id, { title, parameters }]) => [id, title, parameters] as const);
  const lists = [
    ["techniques", techniques],
    ["predictors", [...predictors, ...oracles]],
  ] as const;
  for (const [name, definitions] of lists) {
    const items = within(schema, "properties", name, "items");
    const [, mapping] = items.anyOf as Schema[];
    const parameters = within(mapping, "additionalProperties", "anyOf", 0);
    schema.$defs = { values: parameters.additionalProperties };
    parameters.additionalProperties = VALUES;
    items.anyOf = [texts(definitions.map(([id]) => id)), { ...mapping, properties: models(definitions) }];
  }
  within(schema, "properties", "machines").items = texts(MACHINES.map(({ id }) => id));
  const inputs = within(schema, "properties", "inputs", "items");
  inputs.anyOf = [texts(["all", ...programIds()]), ...(inputs.anyOf as Schema[]).slice(1)];
  return `${JSON.stringify({ title: "A study of bplab", ...schema }, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, await studyJsonSchema());
}
