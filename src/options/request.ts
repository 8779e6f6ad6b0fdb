// Derived from the table of options: the types of options as users give them and as they are read, and the reading itself.
import { UsageError } from "../errors.ts";
import type { CostName } from "../front-end/machines/costs.ts";
import { INPUT_KINDS, type InputKind, type SimulationOption } from "./option.ts";
import { OPTIONS } from "./table.ts";
import { type Given, isGiven, type Read, readValue } from "./value.ts";

type Table = typeof OPTIONS;
export type OptionName = keyof Table;

/** The options of a simulation as users give them; each has a default. docs/options.md says what they do. */
export type OptionValues = { readonly [Name in keyof Table]?: Given<Table[Name]["value"]> };

/** Settings of a whole run, for all techniques and front ends; undefined if an option has no default and is not given. */
export type Settings = {
  readonly [Name in keyof Table as Table[Name] extends { readonly role: "setting" } ? Name : never]: Table[Name] extends {
    readonly default: number;
  }
    ? Read<Table[Name]["value"]>
    : Read<Table[Name]["value"]> | undefined;
};

/** Cycles of each event, and instructions per cycle; a stall only on a machine that predicts no indirect branch. */
export type CostParameters = Readonly<Record<Exclude<CostName, "indirectStallCycles">, number>> & { readonly indirectStallCycles?: number };

/** All options, in the order of the table. */
export const optionEntries: readonly (readonly [name: OptionName, option: SimulationOption])[] = Object.entries(OPTIONS) as [
  OptionName,
  SimulationOption,
][];

/** An option's name on the command line and in studies: takenBranch → taken-branch. */
export const flagOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const OF_KIND = { programs: "programs", recordings: "recorded branches" } as const satisfies Record<InputKind, string>;

/** Why an option is refused if all inputs are of other kinds. */
export function idleReason({ actsOn, idle }: SimulationOption): string {
  const others = INPUT_KINDS.filter((kind) => !actsOn.includes(kind)).map((kind) => OF_KIND[kind]);
  return idle ?? `it changes nothing where there are only ${others.join(" and ")}, leave it out`;
}

/** The default in words; undefined if there is none. */
export const otherwiseOf = (option: SimulationOption): string | undefined =>
  option.otherwise ?? ("default" in option && option.default !== undefined ? String(option.default) : undefined);

/** @throws UsageError when an option is given that acts on none of the inputs */
export function refuseIdle(values: OptionValues, kinds: readonly InputKind[]): void {
  for (const [name, option] of optionEntries) {
    if (isGiven(values[name]) && !option.actsOn.some((kind) => kinds.includes(kind)))
      throw new UsageError(`${flagOf(name)}: ${idleReason(option)}`);
  }
}

/** The given options that act on a kind of input. */
export function actingOn(kind: InputKind, values: OptionValues): OptionValues {
  return Object.fromEntries(optionEntries.filter(([, { actsOn }]) => actsOn.includes(kind)).map(([name]) => [name, values[name]]));
}

/** @throws UsageError for an option with an invalid value */
export function readSettings(values: OptionValues): Settings {
  const settings = optionEntries.flatMap(([name, option]) => {
    if (option.role !== "setting") return [];
    const given: unknown = values[name];
    return [[name, isGiven(given) ? readValue(flagOf(name), option.value, given as never) : option.default] as const];
  });
  return Object.fromEntries(settings) as Settings;
}

/** The given costs, once for each penalty. @throws UsageError for an option with an invalid value */
export function readCosts(values: OptionValues): Partial<CostParameters>[] {
  const { penalty, ...others } = values;
  const read = (given: OptionValues): Partial<CostParameters> =>
    Object.fromEntries(
      optionEntries.flatMap(([name, option]) => {
        if (option.role !== "cost" || given[name] === undefined) return [];
        return [[option.parameter, readValue(flagOf(name), option.value, given[name] as number)] as const];
      }),
    );
  const common = read(others);
  return (typeof penalty === "object" ? penalty : [penalty]).map((one) => ({ ...read({ penalty: one }), ...common }));
}
