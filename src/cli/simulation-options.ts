// The options of simulations (options/table.ts) as flags of commands. They are apart from the other flags, because the table
// needs guests and recordings, which take time to load.
import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { GROUPS, type SimulationOption } from "../options/option.ts";
import { flagOf, type OptionName, type OptionValues, optionEntries, otherwiseOf } from "../options/request.ts";
import { OPTIONS } from "../options/table.ts";
import { type OptionValue, readValue } from "../options/value.ts";
import { layoutSeedsOption } from "./layout-seeds.ts";
import { parseChoice, parseNumber, parseSpec } from "./options.ts";

/** Reads a value as users write it. */
function parserOf(flag: string, value: OptionValue): (text: string) => unknown {
  switch (value.type) {
    case "number":
      return (text) => readValue(`--${flag}`, value, parseNumber(flag)(text));
    case "spec":
      return parseSpec(flag, value.example);
    case "choice":
      return parseChoice(flag, value.choices);
    case "names":
      return (text) => text.split(",");
    default:
      return (text) => text;
  }
}

type Kebab<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : Name;
type Usage<Name extends OptionName> = (typeof OPTIONS)[Name] extends { readonly argument: infer Argument extends string }
  ? `--${Kebab<Name>} ${Argument}`
  : `--${Kebab<Name>}`;

/** One option as a flag of a command; without a default. */
export function simulationOption<Name extends OptionName>(
  name: Name,
): Option<Usage<Name>, undefined, undefined, NonNullable<OptionValues[Name]>>;
export function simulationOption(name: OptionName): Option {
  const option: SimulationOption = OPTIONS[name];
  const flag = flagOf(name);
  const otherwise = otherwiseOf(option);
  const made = new Option(
    option.argument === undefined ? `--${flag}` : `--${flag} ${option.argument}`,
    `${option.help}${otherwise === undefined ? "" : ` (default: ${otherwise})`}`,
  );
  return option.value.type === "flag" ? made : made.argParser(parserOf(flag, option.value));
}

/** `--max-instructions` of commands that take programs only. */
export function programLimitOption() {
  const option = simulationOption("maxInstructions");
  option.description = "stop after the first n virtual instructions (default: 250 million)";
  return option;
}

/** Adds all of them to a command, under the headings of their groups. */
export function addSimulationOptions(command: CommandUnknownOpts): void {
  for (const group of GROUPS)
    for (const [name, option] of optionEntries)
      if (option.group === group)
        command.addOption((name === "layoutSeed" ? layoutSeedsOption() : simulationOption(name)).helpGroup(`${group}:`));
}

/** Those of a command's flags that are options of simulations, and the layout seeds, which may be several. */
export function optionValuesIn(flags: Readonly<Record<string, unknown>>): {
  readonly values: OptionValues;
  readonly seeds: readonly number[] | undefined;
} {
  const { layoutSeed: _, ...values } = Object.fromEntries(optionEntries.map(([name]) => [name, flags[name]]));
  return { values, seeds: flags.layoutSeed as readonly number[] | undefined };
}
