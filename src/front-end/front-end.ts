// A front end: a list of predictors. Each kind of branch goes to the first model in the list that covers it. A list that
// covers no returns or no conditionals is completed by a return stack and a default direction predictor, unless
// `+no-return-stack` or `+no-direction` leaves them out.
import { CONDITIONAL, INDIRECT_JUMP, KINDS, RETURN } from "../branch.ts";
import { UsageError } from "../errors.ts";
import { checkOwnNames, expandSpec, fileAtStart, type LoadedPredictor, loadPredictor, type OwnDefinitions } from "./load-predictor.ts";
import type { Machine } from "./machines/machine.ts";
import { loadOracle, ORACLES } from "./oracles.ts";

const COMPLETION = [
  { kind: RETURN, id: "return-stack", without: "no-return-stack" },
  { kind: CONDITIONAL, id: "gshare", without: "no-direction" },
] as const;

export interface FrontEnd {
  /** As the user wrote it, in canonical form: "btb:sets=128". */
  readonly name: string;
  /** The whole list, completed: "btb:sets=128+return-stack+gshare". */
  readonly fullName: string;
  readonly models: readonly LoadedPredictor[];
  /** Kind → index of the model that predicts it. */
  readonly ownerOf: ReadonlyMap<number, number>;
  /** Kinds that some model predicts. */
  readonly covers: number;
  /** Index of the model that holds entries for branches that other models may predict, and the kinds that it holds. */
  readonly fetcher: number | undefined;
  readonly fetches: number;
  /** Levels of that buffer. */
  readonly levels: number;
  /** Index of the model whose quick first predictions the others override. */
  readonly first: number | undefined;
  /** The kinds that this model predicts first, or the first of several levels of the buffer. */
  readonly answersFirst: number;
  /** Kind → index of the model that is used if the kind's own model predicts nothing. */
  readonly spareOf: ReadonlyMap<number, number>;
  readonly storageBits: number;
  /** The machine that it represents; then `name` is the machine's id. */
  readonly machine: Machine | undefined;
}

/** Matches paths of machine files, not ids. */
const MACHINE_FILE = /[/\\]|\.json$/;

/** Names every machine of the lab. */
export const ALL_MACHINES = "all";

/**
 * Reads machines separated by commas, ids or files: `haswell,./host.json`, or `all`. A front end has the name that was given.
 * @throws UsageError for an unknown one, one given twice, or an invalid file
 */
export async function readMachines(text: string): Promise<FrontEnd[]> {
  // loaded only when needed: ten files
  const { findMachine, MACHINES } = await import("./machines/machines.ts");
  const machines: Machine[] = [];
  for (const name of splitSpecs(text, ",")) {
    // the schema of machine files needs a library
    if (name === ALL_MACHINES) machines.push(...MACHINES);
    else if (MACHINE_FILE.test(name)) machines.push((await import("./machines/machine-file.ts")).readMachineFile(name));
    else machines.push(findMachine(name));
  }
  const twice = machines.find(({ id }, i) => machines.slice(0, i).some((before) => before.id === id));
  if (twice !== undefined) throw new UsageError(`machine ${twice.id} is given twice`);
  return Promise.all(machines.map(async (machine) => ({ ...(await frontEndOf(machine)), name: machine.id, machine })));
}

/** The front end of a machine; for an invalid list of predictors the message names the file. */
async function frontEndOf({ id, frontEnd }: Machine): Promise<FrontEnd> {
  try {
    return await readFrontEnd(frontEnd);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`machine ${id}: frontEnd: ${error.message}`);
    throw error;
  }
}

/**
 * Reads front ends separated by commas: `btb:sets=128+gshare,two-level`. One with ranges, `btb:sets=64..4096`, is many.
 * @param definitions of a program that uses the library, by the names that it gives them
 * @throws UsageError for unknown ids or parameters, a model that has nothing left to cover, a front end given twice
 */
export async function readFrontEnds(text: string, definitions: OwnDefinitions = {}): Promise<FrontEnd[]> {
  checkOwnNames(definitions, Object.keys(ORACLES));
  const frontEnds: FrontEnd[] = [];
  for (const part of splitSpecs(text, ",")) {
    for (const spec of await expandFrontEnd(part, definitions)) {
      const frontEnd = await readFrontEnd(spec, definitions);
      if (frontEnds.some(({ name }) => name === frontEnd.name)) throw new UsageError(`predictor ${frontEnd.name} is given twice`);
      frontEnds.push(frontEnd);
    }
  }
  return frontEnds;
}

/** More front ends than this are taken for a mistake. */
const MOST_FRONT_ENDS = 1000;

/** A front end for each point of the ranges in one. */
async function expandFrontEnd(text: string, definitions: OwnDefinitions): Promise<string[]> {
  let specs = [""];
  for (const part of splitSpecs(text, "+")) {
    const points = await expandSpec(part, { ...definitions, ...ORACLES });
    if (specs.length * points.length > MOST_FRONT_ENDS) throw new UsageError(`${text} is more than ${MOST_FRONT_ENDS} front ends`);
    specs = specs.flatMap((spec) => points.map((point) => (spec === "" ? point : `${spec}+${point}`)));
  }
  return specs;
}

/** The user's file that a machine is read from, if any. */
export const machineFiles = (name: string): string[] => (MACHINE_FILE.test(name) ? [name] : []);

/** Existing users' files in a list of front ends. */
export function predictorFiles(text: string): string[] {
  const models = splitSpecs(text, ",").flatMap((part) => splitSpecs(part, "+"));
  return models.flatMap((model) => fileAtStart(model) ?? []);
}

/** Splits at a separator, but not inside the path of a file that exists: a path may contain what separates predictors. */
function splitSpecs(text: string, separator: "," | "+"): string[] {
  const pieces = text.split(separator);
  const specs: string[] = [];
  while (pieces.length > 0) {
    let count = pieces.length;
    for (; count > 1; count--) {
      const file = fileAtStart(pieces.slice(0, count).join(separator).trimStart());
      // the path must reach into the last piece
      if (file !== undefined && file.split(separator).length === count) break;
    }
    specs.push(pieces.splice(0, count).join(separator).trim());
  }
  return specs;
}

async function readFrontEnd(text: string, definitions: OwnDefinitions = {}): Promise<FrontEnd> {
  const left = new Set<string>();
  const loaded: LoadedPredictor[] = [];
  const named: string[] = [];
  for (const part of splitSpecs(text, "+")) {
    if (COMPLETION.some(({ without }) => without === part)) {
      if (left.has(part)) throw new UsageError(`${part} in "${text}" is given twice`);
      left.add(part);
      named.push(part);
      continue;
    }
    const model = (await loadOracle(part)) ?? (await loadPredictor(part, Object.keys(ORACLES), definitions));
    named.push(model.name);
    loaded.push(model);
  }
  if (loaded.length === 0) throw new UsageError(`no predictor in "${text}": name one, as in btb or btb+gshare`);
  const ownerOf = new Map<number, number>();
  let covers = 0;
  const join = (model: LoadedPredictor, index: number): void => {
    const fresh = model.covers & ~covers;
    const before = loaded.slice(0, index);
    const fetches = model.fetches !== 0 && !before.some((other) => other.fetches !== 0);
    const answersFirst = model.answersFirst !== 0 && !before.some((other) => other.answersFirst !== 0 || other.levels > 1);
    if (fresh === 0 && !fetches && !answersFirst)
      throw new UsageError(`${model.name} in "${text}" has nothing to predict: the predictors before it cover the same kinds of branches`);
    for (const [kind] of KINDS) if (fresh & kind) ownerOf.set(kind, index);
    covers |= model.covers;
  };
  loaded.forEach(join);
  for (const { kind, id, without } of COMPLETION) {
    if (covers & kind || left.has(without)) continue;
    const model = await loadPredictor(id);
    join(model, loaded.length);
    loaded.push(model);
  }
  if (covers === 0) throw new UsageError(`no predictor in "${text}" but one that others override: add one, as in btb+gshare`);
  const fetcher = loaded.findIndex(({ fetches }) => fetches !== 0);
  const first = loaded.findIndex(({ answersFirst }) => answersFirst !== 0);
  const levels = loaded[fetcher]?.levels ?? 1;
  if (first >= 0 && levels > 1)
    throw new UsageError(`${loaded[first].name} in "${text}" is one level too many: ${loaded[fetcher].name} has its own first level`);
  return {
    name: named.join("+"),
    fullName: loaded.map(({ name }) => name).join("+"),
    models: loaded,
    ownerOf,
    covers,
    fetcher: fetcher < 0 ? undefined : fetcher,
    fetches: loaded[fetcher]?.fetches ?? 0,
    first: first < 0 ? undefined : first,
    levels,
    answersFirst: loaded[first]?.answersFirst ?? (levels > 1 ? loaded[fetcher].fetches : 0),
    spareOf: sparesOf(loaded, ownerOf, text),
    storageBits: loaded.reduce((sum, { storageBits }) => sum + storageBits, 0),
    machine: undefined,
  };
}

/** @throws UsageError where a model passes branches on and no model predicts indirect jumps */
function sparesOf(models: readonly LoadedPredictor[], ownerOf: ReadonlyMap<number, number>, text: string): Map<number, number> {
  const spares = new Map<number, number>();
  for (const [kind, owner] of ownerOf) {
    if ((models[owner].passesOn & kind) === 0) continue;
    const spare = ownerOf.get(INDIRECT_JUMP);
    if (spare === undefined || spare === owner) {
      throw new UsageError(`${models[owner].name} in "${text}" has nothing to fall back on: no predictor of indirect jumps, such as btb`);
    }
    spares.set(kind, spare);
  }
  return spares;
}
