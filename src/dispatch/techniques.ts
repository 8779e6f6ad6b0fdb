// Finds dispatch techniques by file name in techniques/.
import { UsageError } from "../errors.ts";
import { choiceRule, functionRule, optional, parametersRule, plugInsIn, textRule } from "../files/plug-ins.ts";
import { expandRanges, readParameters, unknownName } from "../parameters.ts";
import type { TraceView } from "../trace/view.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type BodyChoice, type LayoutContext, MEANS, type NativeCode, type TechniqueDefinition } from "./native-code.ts";
import { NO_PROFILE } from "./profile.ts";

const ours = plugInsIn<TechniqueDefinition>("src/dispatch/techniques", {
  kind: "technique",
  typed: "made by defineTechnique({ … })",
  see: 'CONTRIBUTING.md, "Add a technique"',
  fields: {
    title: textRule,
    description: textRule,
    means: choiceRule(MEANS),
    source: textRule,
    parameters: parametersRule,
    check: optional(functionRule("of the parameters")),
    choice: optional(functionRule("from a program and a profile to additional bodies")),
    view: optional(functionRule("of a program and the parameters")),
    layout: functionRule("from a program to native code"),
  },
});

export interface Technique {
  /** As users write it, with the parameters that differ from defaults. */
  readonly name: string;
  /** Whether its layout depends on a profile of training programs. */
  readonly trains: boolean;
  /** The bodies that it chooses by one; undefined if it chooses none. */
  readonly choice: (program: VirtualProgram, context: LayoutContext) => BodyChoice | undefined;
  /** The technique's view of a trace, if it has one. */
  readonly view: (program: VirtualProgram) => TraceView | undefined;
  /** @param program after the view, if there is one */
  readonly layout: (program: VirtualProgram, context?: LayoutContext) => NativeCode;
}

/** Bodies in the order of the opcode table, without training. */
const PLAIN: LayoutContext = { layoutSeed: 0, profile: NO_PROFILE };

/** The ids of all techniques, sorted. */
export const techniqueIds = ours.ids;

export const techniqueDefinition = ours.load;

/**
 * Reads `id:parameter=value`.
 * @throws UsageError for unknown ids or parameters
 */
export async function readTechnique(spec: string): Promise<Technique> {
  const [id, ...parts] = spec.trim().split(":");
  const known = techniqueIds();
  if (!known.includes(id)) throw unknownName("technique", id, known);
  const definition = await techniqueDefinition(id);
  const { name, values } = readParameters(`technique ${id}`, id, parts, definition.parameters);
  const trouble = definition.check?.(values);
  if (trouble !== undefined) throw new UsageError(`technique ${id}: ${trouble}`);
  return {
    name,
    trains: definition.choice !== undefined,
    choice: (program, context) => definition.choice?.(program, values, context),
    view: (program) => definition.view?.(program, values),
    layout: (program, context = PLAIN) => definition.layout(program, values, context),
  };
}

/** The default techniques: one of each family that differs in its branches. */
export const DEFAULT_TECHNIQUES =
  "switch,call-threading,direct-threading,subroutine-threading,context-threading,dynamic-replication,across-basic-blocks";

/** A technique for each point of the ranges in one: `unrolled-switch:copies=2..4` is three. */
async function expandTechnique(spec: string): Promise<string[]> {
  const [id, ...parts] = spec.trim().split(":");
  if (!parts.some((part) => part.includes("..")) || !techniqueIds().includes(id)) return [spec];
  const { parameters } = await techniqueDefinition(id);
  return expandRanges(`technique ${id}`, parts, parameters).map((list) => [id, ...list].join(":"));
}

/** Reads techniques separated by commas, with ranges, or `all`. @throws UsageError as above, or when one is given twice */
export async function readTechniques(text: string): Promise<Technique[]> {
  const techniques: Technique[] = [];
  const specs = text.trim() === "all" ? techniqueIds() : (await Promise.all(text.split(",").map(expandTechnique))).flat();
  for (const spec of specs) {
    const technique = await readTechnique(spec);
    if (techniques.some(({ name }) => name === technique.name)) throw new UsageError(`technique ${technique.name} is given twice`);
    techniques.push(technique);
  }
  return techniques;
}
