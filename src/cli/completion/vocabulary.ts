// What may follow on a command line: commands, their options, and the ids that options and operands take.
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { measuredIds } from "../../bodies/measured-bodies.ts";
import { techniqueIds } from "../../dispatch/techniques.ts";
import { ALL_MACHINES } from "../../front-end/front-end.ts";
import { predictorIds } from "../../front-end/load-predictor.ts";
import { MACHINES } from "../../front-end/machines/machines.ts";
import { ORACLES } from "../../front-end/oracles.ts";
import { namedProgramIds } from "../../guests/named-programs.ts";
import { programIds, SIZES } from "../../guests/programs.ts";
import { chartIds } from "../../report/drawing/find-charts.ts";
import { PROGRAM_COLUMN_IDS } from "../../report/tables/program-columns.ts";
import { WIDE_COLUMNS } from "../../report/tables/wide.ts";
import { SOURCES } from "../../reproduce/claim.ts";
import { claimIds } from "../../reproduce/claims.ts";
import { LISTED } from "../commands/list.ts";
import { FORMATS } from "../options.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;

interface KnownOption {
  /** "--technique" */
  readonly flag: string;
  readonly description: string;
  /** Whether a value follows it: after "=", or as the next word. */
  readonly takesValue: boolean;
  /** Known values, of which several may be separated by commas; none where files or numbers are expected. */
  readonly values: readonly string[];
}

export interface KnownCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly KnownOption[];
  /** Known operands; files may follow as well. */
  readonly operands: readonly string[];
}

const techniques = (): string[] => ["all", ...techniqueIds()];
const programs = (): string[] => [...programIds(), ...namedProgramIds()];
const predictors = (): string[] => [...predictorIds(), ...Object.keys(ORACLES)];

/** Values of options, by their names; those of one command alone with its name before. */
const VALUES: Readonly<Record<string, () => readonly string[]>> = {
  "--technique": techniques,
  "--now": techniqueIds,
  "--train": programs,
  "--predictor": predictors,
  "--machine": () => [ALL_MACHINES, ...MACHINES.map(({ id }) => id)],
  "--bodies": measuredIds,
  "--format": () => FORMATS,
  "--size": () => SIZES,
  "--source": () => Object.keys(SOURCES),
  "--columns": () => PROGRAM_COLUMN_IDS,
  "--sort": () => PROGRAM_COLUMN_IDS,
  "--wide": () => WIDE_COLUMNS,
  "report --chart": chartIds,
};

const OPERANDS: Readonly<Record<string, () => readonly string[]>> = {
  simulate: programs,
  advise: programs,
  validate: programs,
  time: programs,
  trace: programs,
  run: programs,
  reproduce: claimIds,
  check: predictors,
  list: () => LISTED,
  new: () => ["predictor"],
  cache: () => ["clear"],
  completion: () => SHELLS,
};

/** @param commands complete ones */
export function vocabularyOf(commands: readonly CommandUnknownOpts[]): KnownCommand[] {
  return commands.map((command) => {
    const name = command.name();
    const options = command.options.flatMap(({ long, description, required, optional }): KnownOption[] => {
      if (typeof long !== "string") return [];
      const values = VALUES[`${name} ${long}`] ?? VALUES[long] ?? (() => []);
      return [{ flag: long, description, takesValue: required || optional, values: required || optional ? values() : [] }];
    });
    const subcommands = command.commands.map((sub) => sub.name());
    return {
      name,
      description: command.description(),
      options: [...options, { flag: "--help", description: "help for this command", takesValue: false, values: [] }],
      operands: [...subcommands, ...(OPERANDS[name]?.() ?? [])],
    };
  });
}
