// simulate --sequences: what techniques chose by training programs, instead of a simulation.
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { toCsv } from "../report/csv.ts";
import { toJson } from "../report/json.ts";
import { toDocument } from "../report/tables/document.ts";
import { sequenceColumns, sequenceParts } from "../report/tables/sequences.ts";
import type { SimulateRequest } from "../simulate/request.ts";
import { chosenSequences } from "../simulate/sequences.ts";
import type { Format } from "./options.ts";
import type { OutputTarget } from "./write-output.ts";

/** Options on which a choice depends, and those that say how it is shown. */
const ACTING = [
  "sequences",
  "technique",
  "train",
  "size",
  "maxInstructions",
  "as",
  "stdin",
  "memory",
  "cell",
  "jobs",
  "cache",
  "format",
  "header",
  "output",
];

/** @throws UsageError for an option that does not act on what is chosen */
export function checkSequences(command: CommandUnknownOpts): void {
  const idle = command.options.find((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === "cli" && !ACTING.includes(name);
  });
  if (idle !== undefined) throw new UsageError(`${idle.long}: --sequences simulates nothing, leave one of the two out`);
}

export async function writeSequences(request: SimulateRequest, format: Format, output: OutputTarget): Promise<void> {
  const rows = await chosenSequences(request);
  if (format === "csv") output.write(toCsv(sequenceColumns, rows));
  else if (format === "json") output.write(toJson(sequenceColumns, rows));
  else output.write(toDocument(sequenceParts(rows), format, output.terminal));
}
