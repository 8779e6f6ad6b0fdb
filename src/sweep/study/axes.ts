// The axes of a study's grid: everything that the study names, resolved, with the names that rows use.
import { existsSync, readFileSync } from "node:fs";
import { DEFAULT_TECHNIQUES, readTechnique, techniqueDefinition, techniqueIds } from "../../dispatch/techniques.ts";
import { UsageError } from "../../errors.ts";
import { missingContext } from "../../front-end/contexts.ts";
import { type FrontEnd, machineFiles, predictorFiles, readMachines } from "../../front-end/front-end.ts";
import { predictorDefinition, predictorIds } from "../../front-end/load-predictor.ts";
import { findProgram } from "../../guests/programs.ts";
import { isForeign } from "../../jobs/parts.ts";
import { readFrontEndsIn, type Session } from "../../jobs/session.ts";
import type { InputKind } from "../../options/option.ts";
import { flagOf, idleReason, type OptionValues, optionEntries } from "../../options/request.ts";
import { isGiven, readValue } from "../../options/value.ts";
import { type Parameters, unknownName } from "../../parameters.ts";
import { costsOn } from "../../results/cost.ts";
import { sha256Of } from "../folder/folder.ts";
import { readInputs, type StudyInput } from "./inputs.ts";
import { optionsIn } from "./option-schema.ts";
import { at, atLater, type Entry, type Specs, specsOf } from "./specs.ts";
import type { StudyFile, StudyPath } from "./study.ts";

/** From this number of points a sweep must be confirmed. */
const MANY_POINTS = 1_000_000;

export interface StudyTechnique {
  readonly name: string;
  readonly trains: boolean;
  /** Users' files in it. */
  readonly files: readonly string[];
}

export interface StudyFrontEnd {
  readonly name: string;
  readonly machine: boolean;
  /** Whether a user's file is in it. */
  readonly foreign: boolean;
  readonly files: readonly string[];
  readonly storageBits: number;
  /** Cycles lost by a misprediction if the study gives none. */
  readonly penaltyCycles: number;
}

export interface Axes {
  readonly inputs: readonly StudyInput[];
  readonly seeds: readonly number[];
  readonly techniques: readonly StudyTechnique[];
  /** Machines first, as `simulate` has them. */
  readonly frontEnds: readonly StudyFrontEnd[];
  /** Undefined: the machine's, or the assumed one. */
  readonly penalties: readonly number[] | undefined;
  readonly options: OptionValues;
  /** SHA-256 of all users' files. */
  readonly files: Readonly<Record<string, string>>;
}

/** Numbers and ranges of them, each number once. */
function numbersOf(study: StudyFile, name: "penalties" | "seeds"): number[] | undefined {
  const said = study.study[name];
  if (said === undefined) return undefined;
  const all = (Array.isArray(said) ? said : [said]).flatMap((one, i) => {
    if (typeof one === "number") return [one];
    const [first, last] = one.split("..").map(Number);
    const path = Array.isArray(said) ? [name, i] : [name];
    if (first > last) throw study.error(path, `a range goes up, got ${one}`);
    if (last - first >= MANY_POINTS) throw study.error(path, `${one} is more than ${MANY_POINTS} numbers`);
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
  return [...new Set(all)];
}

/** The users' files among the values of a technique's parameters. */
const filesOf = (technique: string): string[] =>
  technique
    .split(":")
    .slice(1)
    .flatMap((part) => part.slice(part.indexOf("=") + 1))
    .filter((value) => /[/\\.]/.test(value) && existsSync(value));

/** An entry of a study, with its expansion. */
interface Place {
  readonly path: StudyPath;
  readonly specs: Specs;
}

const countOf = (places: readonly Place[]): number => places.reduce((sum, { specs }) => sum + specs.count, 0);
const plain = (names: readonly string[]): Specs => ({ count: names.length, all: () => names });

function techniquePlaces(study: StudyFile): Promise<Place[]> {
  const declared = async (id: string): Promise<Parameters> => {
    if (!techniqueIds().includes(id)) throw unknownName("technique", id, techniqueIds());
    return (await techniqueDefinition(id)).parameters;
  };
  const entries = study.study.techniques ?? DEFAULT_TECHNIQUES.split(",");
  return Promise.all(
    entries.map(async (entry, index) => {
      const path = ["techniques", index];
      if (typeof entry === "string") return { path, specs: plain(entry.trim() === "all" ? techniqueIds() : [entry]) };
      if (Object.keys(entry).length > 1) throw study.error(path, `expected one technique, got ${Object.keys(entry).join(" and ")}`);
      return { path, specs: await specsOf(study, path, "technique", entry as Entry, declared) };
    }),
  );
}

async function techniquesAt(study: StudyFile, places: readonly Place[]): Promise<StudyTechnique[]> {
  const found = new Map<string, StudyTechnique>();
  for (const { path, specs } of places) {
    for (const spec of specs.all()) {
      const { name, trains } = await atLater(study, path, () => readTechnique(spec));
      found.set(name, { name, trains, files: filesOf(name) });
    }
  }
  return [...found.values()];
}

/** Entries that leave out a completing model; they take no parameters. */
const LEFT_OUT = ["no-return-stack", "no-direction"];

async function declaredBy(id: string): Promise<Parameters | undefined> {
  if (LEFT_OUT.includes(id)) return {};
  return predictorIds().includes(id) ? (await predictorDefinition(id)).parameters : undefined;
}

const about = (frontEnd: FrontEnd): StudyFrontEnd => ({
  name: frontEnd.name,
  machine: frontEnd.machine !== undefined,
  foreign: isForeign(frontEnd),
  files: frontEnd.machine === undefined ? predictorFiles(frontEnd.name) : machineFiles(frontEnd.name),
  storageBits: frontEnd.storageBits,
  penaltyCycles: costsOn(frontEnd.machine, {}).values.penaltyCycles,
});

function predictorPlaces(study: StudyFile): Promise<Place[]> {
  const { predictors = study.study.machines === undefined ? ["btb"] : [] } = study.study;
  return Promise.all(
    predictors.map(async (entry, index) => {
      const path = ["predictors", index];
      return {
        path,
        specs: typeof entry === "string" ? plain([entry]) : await specsOf(study, path, "predictor", entry as Entry, declaredBy),
      };
    }),
  );
}

/** @param kinds what there is of inputs: not every front end can replay all */
async function frontEndsAt(
  study: StudyFile,
  places: readonly Place[],
  session: Session,
  kinds: readonly InputKind[],
): Promise<StudyFrontEnd[]> {
  const found = new Map<string, StudyFrontEnd>();
  const add = (path: StudyPath, frontEnd: FrontEnd): void => {
    for (const kind of kinds) {
      const missing = missingContext(frontEnd, kind);
      if (missing !== undefined) throw study.error(path, kinds.length > 1 ? `${missing}: sweep programs and recordings apart` : missing);
    }
    found.set(JSON.stringify([frontEnd.name, frontEnd.machine !== undefined]), about(frontEnd));
  };
  for (const [index, id] of (study.study.machines ?? []).entries()) {
    const path = ["machines", index];
    for (const frontEnd of await atLater(study, path, () => readMachines(id))) add(path, frontEnd);
  }
  for (const { path, specs } of places) {
    for (const spec of specs.all())
      for (const frontEnd of await atLater(study, path, () => readFrontEndsIn(session, spec))) add(path, frontEnd);
  }
  return [...found.values()];
}

/** The options of a study, checked as a run would check them. @param kinds those of its inputs */
async function optionsOf(study: StudyFile, techniques: readonly StudyTechnique[], kinds: readonly InputKind[]): Promise<OptionValues> {
  const options = optionsIn(study.study);
  for (const [name, option] of optionEntries) {
    const given: unknown = options[name];
    if (!isGiven(given)) continue;
    const path: StudyPath = ["options", flagOf(name)];
    if (!option.actsOn.some((kind) => kinds.includes(kind))) throw study.error(path, idleReason(option));
    at(study, path, false, () => readValue(flagOf(name), option.value, given as never));
  }
  const { train } = options;
  if (train !== undefined && !techniques.some(({ trains }) => trains))
    throw study.error(
      ["options", "train"],
      "none of the techniques chooses its bodies by training programs (static-superinstructions does)",
    );
  for (const [i, program] of (train ?? []).entries()) await atLater(study, ["options", "train", i], () => findProgram(program));
  return options;
}

/**
 * @param many whether a million points and more are allowed
 * @throws UsageError in one line with the place in the study, for unknown, unreadable or out-of-range entries
 */
export async function readAxes(study: StudyFile, session: Session, many: boolean): Promise<Axes> {
  const inputs = await readInputs(study);
  const programs = inputs.some(({ size }) => size !== undefined);
  const recordings = inputs.some(({ size }) => size === undefined);
  if (!programs && study.study.techniques !== undefined)
    throw study.error(["techniques"], "recorded branches already come from a technique, leave it out", true);
  const techniquesAsked = programs ? await techniquePlaces(study) : [];
  const predictorsAsked = await predictorPlaces(study);
  const penalties = numbersOf(study, "penalties");
  const seeds = numbersOf(study, "seeds") ?? [0];
  const refuseMany = (techniqueCount: number, frontEndCount: number): void => {
    const runs = inputs.reduce((sum, { size }) => sum + (size === undefined ? 1 : seeds.length * techniqueCount), 0);
    const points = runs * frontEndCount * (penalties?.length ?? 1);
    if (points < MANY_POINTS || many) return;
    const [count, limit] = [points, MANY_POINTS].map((number) => number.toLocaleString("en-US"));
    throw new UsageError(
      `${study.file}: the grid has ${count} points before exclusions; confirm a grid of ${limit} points and more with --yes`,
    );
  };
  refuseMany(countOf(techniquesAsked), (study.study.machines?.length ?? 0) + countOf(predictorsAsked));
  const techniques = await techniquesAt(study, techniquesAsked);
  const kinds: InputKind[] = [...(programs ? ["programs" as const] : []), ...(recordings ? ["recordings" as const] : [])];
  const frontEnds = await frontEndsAt(study, predictorsAsked, session, kinds);
  // ranges in texts (btb:sets=64..4096) are expanded only now
  refuseMany(techniques.length, frontEnds.length);
  const options = await optionsOf(study, techniques, kinds);
  const named = [
    ...techniques.flatMap(({ files }) => files),
    ...frontEnds.flatMap(({ files }) => files),
    ...[options.bodies ?? "", ...(options.train ?? [])].filter((file) => existsSync(file)),
  ];
  const files = Object.fromEntries([...new Set(named)].map((file) => [file, sha256Of(readFileSync(file))]));
  return { inputs, seeds, techniques, frontEnds, penalties, options, files };
}
