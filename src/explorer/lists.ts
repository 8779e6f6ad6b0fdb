// What there is to choose from: programs, techniques, predictors, machines, options, with what is declared of them.
import { readFileSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";
import { measuredIds, readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { kindNames } from "../branch.ts";
import { mergeMapIds, mergeMapTitle } from "../dispatch/layouts/merge-map.ts";
import { DEFAULT_TECHNIQUES, techniqueDefinition, techniqueIds } from "../dispatch/techniques.ts";
import { predictorDefinition, predictorIds } from "../front-end/load-predictor.ts";
import { type Machine, PARTS, unfitForPrograms } from "../front-end/machines/machine.ts";
import { MACHINES } from "../front-end/machines/machines.ts";
import { ORACLES } from "../front-end/oracles.ts";
import { programIds, programPurpose, programSource } from "../guests/programs.ts";
import { wasmProgramIds } from "../guests/wasm/lab-programs.ts";
import { coversOf, valuesOf } from "../models/answers.ts";
import { flagOf, optionEntries, otherwiseOf } from "../options/request.ts";
import type { Parameters } from "../parameters.ts";
import type { ListedMachine, ListedOption, ListedPlugIn, ListedProgram, Lists } from "./protocol.ts";

const textOf = (path: string): string => readFileSync(path, "utf8");

function program(id: string): ListedProgram {
  const source = programSource(id);
  return { id, purpose: programPurpose(id), path: `traces/${source}`, text: textOf(`${ownFolder("traces")}${source}`) };
}

/** Parameters without their functions, which cannot be sent. */
const declared = (parameters: Parameters): ListedPlugIn["parameters"] => JSON.parse(JSON.stringify(parameters));

async function technique(id: string): Promise<ListedPlugIn> {
  const { title, description, source, parameters, means, choice } = await techniqueDefinition(id);
  return { id, title, description, source, parameters: declared(parameters), means, trains: choice !== undefined };
}

async function predictor(id: string): Promise<ListedPlugIn> {
  const definition = await predictorDefinition(id);
  const { title, source, parameters } = definition;
  const values = valuesOf(definition);
  const bits = definition.storageBits(values);
  return {
    id,
    title,
    description: "",
    source,
    parameters: declared(parameters),
    storageBits: Number.isFinite(bits) ? bits : null,
    covers: kindNames(coversOf(definition, values)),
  };
}

function machine(one: Machine): ListedMachine {
  const { id, title, year, frontEnd, penaltyCycles, parts, source } = one;
  return {
    id,
    title,
    year: year ?? null,
    frontEnd,
    penaltyCycles: penaltyCycles ?? null,
    parts: PARTS.map((part) => {
      const { published, confidence, approximation = "" } = parts[part];
      return { part, published, confidence, approximation };
    }),
    source,
    unfit: unfitForPrograms(one) ?? null,
    misestimated: one.misestimated ?? null,
  };
}

function option([name, one]: (typeof optionEntries)[number]): ListedOption {
  const { group, help, value, unit } = one;
  return {
    name,
    flag: flagOf(name),
    group,
    help,
    otherwise: otherwiseOf(one) ?? null,
    unit: unit ?? null,
    type: value.type,
    bounds: value.type === "number" ? { least: value.least, most: value.most, aboveLeast: value.aboveLeast, whole: value.whole } : null,
    choices: value.type === "choice" ? value.choices : null,
  };
}

export async function lists(): Promise<Lists> {
  const oracles = Object.entries(ORACLES).map(([id, { title, source, parameters }]) => ({
    id,
    title,
    description: "",
    source,
    parameters,
  }));
  return {
    version: JSON.parse(textOf(`${ownFolder(".")}package.json`)).version,
    programs: [...programIds(), ...wasmProgramIds()].map(program),
    techniques: await Promise.all(techniqueIds().map(technique)),
    defaultTechniques: DEFAULT_TECHNIQUES.split(","),
    predictors: [...(await Promise.all(predictorIds().map(predictor))), ...oracles],
    machines: MACHINES.map(machine),
    options: optionEntries.map(option),
    bodies: measuredIds().map((id) => ({ id, title: readMeasuredBodies(id).title })),
    mergeMaps: mergeMapIds().map((id) => ({ id, title: mergeMapTitle(id) })),
  };
}
