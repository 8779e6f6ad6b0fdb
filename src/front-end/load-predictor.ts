// Finds predictors by file name: the lab's own in predictors/, a user's anywhere. Every instance comes from a module
// loaded afresh, because V8 shares type feedback between all closures of a function: a second instance of the same plug-in
// cost a quarter of the speed in a prototype (178 → 135 million branches a second), a fifth one in a shared loop more.
import { existsSync, readdirSync, statSync } from "#platform/fs";
import { basename, dirname, extname, resolve } from "#platform/path";
import { importPlugIn, importUsersModule } from "#platform/plug-ins";
import { messageInUserCode, messageOf, UsageError } from "../errors.ts";
import { checkDefinition, plugInsIn } from "../files/plug-ins.ts";
import { printingToStderrMeanwhile, quietly } from "../files/user-output.ts";
import { sharingCode } from "../models/afresh.ts";
import {
  type Context,
  declaredBy,
  type KindSet,
  kindSets,
  levelsOf,
  type Predictor,
  type PredictorDefinition,
} from "../models/predictor.ts";
import { expandRanges, type Parameters, readParameters, unknownName } from "../parameters.ts";
import { PREDICTOR, probe } from "./predictor-shape.ts";

const FOLDER = "predictors";
const ours = plugInsIn<PredictorDefinition>(FOLDER, PREDICTOR);

/** A predictor with its parameters, ready to make instances. */
export interface LoadedPredictor {
  /** As users write it, with the parameters that differ from defaults. */
  readonly name: string;
  readonly tracks: number;
  readonly storageBits: number;
  /** Whether it is a user's file: then its predictions are checked while it runs. */
  readonly foreign: boolean;
  /**
   * Loads a fresh module of its own, and returns what makes instances from it.
   * @param brief whether the instances see so little that they share the code of all others like them; never a user's
   */
  load(brief?: boolean): Promise<() => Predictor>;
  /** The kinds of branches that it predicts. */
  readonly covers: number;
  /** The kinds of branches that have an entry in it, whichever model predicts them. */
  readonly fetches: number;
  /** The kinds for which it gives a first prediction that other models override. */
  readonly answersFirst: number;
  /** Levels of the buffer. */
  readonly levels: number;
  /** The kinds that it passes on to the indirect predictor if it predicts nothing. */
  readonly passesOn: number;
  /** What it is told of branches beside their addresses. */
  readonly declares: readonly Context[];
  /** Set for an oracle that sees every outcome: it is not asked. */
  readonly seesOutcomes?: true;
}

/** The ids of the lab's own predictors, sorted. */
export const predictorIds = ours.ids;

/** A definition of the lab's own, for lists. */
export const predictorDefinition = ours.load;

/** A path, to the colon before its parameters; it may contain what separates predictors only if it exists. */
const LIKE_A_FILE = /^[^:]*[/\\][^:]*|^[^:]*\.[cm]?[jt]s(?=:|$)/;

/** The longest path at the start of a specification that is a file: what follows it is nothing, `:`, `+` or `,`. */
export function fileAtStart(spec: string): string | undefined {
  const ends = [...spec.matchAll(/[:+,]|$/g)].map(({ index }) => index).reverse();
  return ends
    .map((end) => spec.slice(0, end))
    .find((path) => /[/\\]|\.[cm]?[jt]s$/.test(path) && existsSync(path) && statSync(path).isFile());
}

/** The definition in a user's file, loaded afresh. */
async function importUsers(path: string): Promise<PredictorDefinition> {
  const module = await printingToStderrMeanwhile(() => importUsersModule(path));
  // a CommonJS file is its exports
  return ("default" in module || !("create" in module) ? (module as { default?: unknown }).default : module) as PredictorDefinition;
}

/**
 * The definition of one of the lab's own models, or of a user's file.
 * @throws UsageError when there is none, or the file is unusable
 */
export async function findDefinition(idOrFile: string): Promise<PredictorDefinition> {
  const known = predictorIds();
  const file = fileAtStart(idOrFile) ?? LIKE_A_FILE.exec(idOrFile)?.[0];
  if (file === undefined) {
    if (!known.includes(idOrFile)) throw unknownName("predictor", idOrFile, known);
    return predictorDefinition(idOrFile);
  }
  checkFile(resolve(file), file);
  const owner = `predictor ${file}`;
  const definition = await importUsers(resolve(file)).catch((error) => {
    throw new UsageError(`${owner}: cannot load it: ${messageOf(error)}`);
  });
  checkDefinition(owner, definition, PREDICTOR);
  return definition;
}

/** A definition with whatever parameters: what it is given is checked against them. */
type AnyDefinition = Omit<PredictorDefinition<never>, "parameters"> & { readonly parameters: Parameters };

/** Definitions that a program of the user's gives as objects, by the names that it gives them. */
export type OwnDefinitions = Readonly<Record<string, AnyDefinition>>;

/** @throws UsageError for a name that is not an id, or that one of the lab's own has */
export function checkOwnNames(definitions: OwnDefinitions, taken: readonly string[]): void {
  for (const name of Object.keys(definitions)) {
    if (!/^[\w][\w-]*$/.test(name))
      throw new UsageError(`definitions: a name is letters, digits and minus signs, got ${JSON.stringify(name)}`);
    if ([...predictorIds(), ...taken].includes(name))
      throw new UsageError(`definitions: ${name} is a predictor of the lab's own: take another name`);
  }
}

/**
 * Expands the ranges of a specification: `btb:sets=64..256` gives three.
 * @throws UsageError for an invalid range
 */
export async function expandSpec(
  spec: string,
  definitions: Readonly<Record<string, Pick<AnyDefinition, "parameters">>> = {},
): Promise<string[]> {
  const { id, parts } = splitSpec(spec);
  if (!parts.some((part) => part.includes(".."))) return [spec];
  const { parameters } = Object.hasOwn(definitions, id) ? definitions[id] : await findDefinition(id);
  return expandRanges(`predictor ${id}`, parts, parameters).map((list) => [id, ...list].join(":"));
}

/** The id or file at the start of a specification, and the parameters after it. */
function splitSpec(spec: string): { readonly file: string | undefined; readonly id: string; readonly parts: readonly string[] } {
  const file = fileAtStart(spec) ?? LIKE_A_FILE.exec(spec)?.[0];
  const id = file ?? spec.split(":")[0];
  return { file, id, parts: spec.slice(id.length).split(":").slice(1) };
}

/**
 * Loads `id:parameter=value` or `./file.ts:parameter=value`.
 * @param alsoKnown   further names that a message about an unknown one lists
 * @param definitions of the user's program: their names are known, too
 * @throws UsageError when there is no such predictor, its file is unusable, or its parameters are wrong
 */
export async function loadPredictor(
  spec: string,
  alsoKnown: readonly string[] = [],
  definitions: OwnDefinitions = {},
): Promise<LoadedPredictor> {
  const { file, id, parts } = splitSpec(spec);
  const own = Object.hasOwn(definitions, id) ? (definitions[id] as PredictorDefinition) : undefined;
  const foreign = file !== undefined || own !== undefined;
  const known = predictorIds();
  if (!foreign && !known.includes(id)) throw unknownName("predictor", id, [...Object.keys(definitions), ...known, ...alsoKnown]);
  const path = resolve(id);
  /** Its definition. @param fresh whether its module must not be shared with other instances: 2000 front ends read from fresh modules
   * took 105 MB and three times as long */
  const definitionOf = async (fresh: boolean): Promise<PredictorDefinition> =>
    own ?? (foreign ? importUsers(path) : ((await importPlugIn(FOLDER, id, fresh)) as PredictorDefinition));
  const owner = `predictor ${id}`;
  if (file !== undefined) checkFile(path, id);
  let definition: PredictorDefinition;
  try {
    definition = await definitionOf(false);
  } catch (error) {
    throw new UsageError(`${owner}: cannot load it: ${messageOf(error)}`);
  }
  checkDefinition(owner, definition, PREDICTOR);
  const { values, name } = readParameters(owner, id, parts, definition.parameters);
  let sets: Record<KindSet, number>;
  let storageBits: number;
  let declares: readonly Context[];
  let levels: number;
  try {
    [sets, storageBits, declares, levels] = quietly(() => {
      const trouble = definition.check?.(values);
      if (trouble !== undefined) throw new UsageError(`${owner}: ${trouble}`);
      const kinds = kindSets(definition, values);
      const bits = definition.storageBits(values);
      if (!(bits >= 0)) throw new UsageError(`${owner}: storageBits must return a number of bits or Infinity, got ${bits}`);
      const contexts = declaredBy(definition, values);
      const buffered = levelsOf(definition, values);
      if (foreign) probe(owner, definition.create(values), kinds, contexts, buffered);
      return [kinds, bits, contexts, buffered];
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${owner}: ${messageInUserCode(error)}`);
  }
  return {
    name,
    ...sets,
    storageBits,
    declares,
    levels,
    foreign,
    async load(brief) {
      if (brief && !foreign) return () => sharingCode(() => definition.create(values));
      const fresh = await definitionOf(true);
      return () => fresh.create(values);
    },
  };
}

function checkFile(path: string, shown: string): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) throw new UsageError(`predictor ${shown}: it is a folder, expected a file`);
    return;
  }
  const folder = dirname(path);
  if (!existsSync(folder)) throw new UsageError(`no such predictor file: ${shown} (folder ${folder} does not exist)`);
  const near = readdirSync(folder).filter((name) => basename(name, extname(name)) === basename(path, extname(path)));
  throw new UsageError(`no such predictor file: ${shown}${near.length > 0 ? `; did you mean ${near[0]}?` : ""}`);
}
