// bplab list: what there is to simulate.
import { Argument, Command } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { readMachines } from "../../front-end/front-end.ts";
import { MACHINES } from "../../front-end/machines/machines.ts";
import { unknownName } from "../../parameters.ts";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Sheet } from "../../report/tables/sheet.ts";
import type { Column } from "../../results/columns.ts";
import { type Format, formatOption, parseChoice } from "../options.ts";
import { thisTerminal } from "../terminal.ts";
import { type Entry, KINDS, type Kind } from "./list/kinds.ts";
import { machineColumns, machineSheet, machineText } from "./list/machines.ts";
import { parametersParts } from "./list/parameters-sheet.ts";
import { MEASURED_ON } from "./list/speeds.ts";

type KindName = keyof typeof KINDS;
const OVERVIEW_HEADS = ["bplab list …", "how many", "what they are"] as const;
/** What may be listed. */
export const LISTED = [...(Object.keys(KINDS) as KindName[]), "machines"] as const;

/** "57 KB": as people say it. */
function storage(bits: number | undefined): string {
  if (bits === undefined) return "–";
  return bits >= 8192 ? `${(bits / 8192).toFixed(1)} KB` : `${bits} bits`;
}

const columns: readonly Column<Entry>[] = [
  ["id", ({ id }) => id],
  ["title", ({ title }) => title],
  ["parameters", ({ parameters }) => parameters],
  ["source", ({ source }) => source],
];
const predictorColumns: readonly Column<Entry>[] = [
  ...columns,
  ["storage_bits", ({ storageBits }) => storageBits ?? ""],
  ["million_predictions_per_second", ({ millionsPerSecond }) => millionsPerSecond ?? ""],
  ["speed_measured_on", ({ millionsPerSecond }) => (millionsPerSecond === undefined ? "" : MEASURED_ON)],
];

/** The columns of a table for people. */
function sheetOf(what: KindName, entries: readonly Entry[]): Sheet {
  const kind: Kind = KINDS[what];
  const [idHead, titleHead] = kind.heads;
  const parameters = "parameters and defaults";
  if (what === "predictors")
    return {
      head: [idHead, "storage", "M/s", titleHead, parameters],
      rows: entries.map((entry) => [
        entry.id,
        storage(entry.storageBits),
        String(entry.millionsPerSecond ?? "–"),
        entry.title,
        entry.parameters,
      ]),
      left: 5,
      drops: [parameters],
    };
  if (kind.describe === undefined) return { head: kind.heads, rows: entries.map(({ id, title }) => [id, title]), left: 2 };
  return {
    head: [idHead, parameters, titleHead],
    rows: entries.map((entry) => [entry.id, entry.parameters, entry.title]),
    left: 3,
    drops: [parameters],
  };
}

interface Overview {
  readonly what: string;
  readonly count: number;
  readonly about: string;
}

const overviewColumns: readonly Column<Overview>[] = [
  ["what", ({ what }) => what],
  ["count", ({ count }) => count],
  ["about", ({ about }) => about],
];

/** Every kind with its number of things: what bplab list shows if nothing is named. */
async function overview(): Promise<Overview[]> {
  const kinds = await Promise.all(
    Object.entries(KINDS).map(async ([what, { about, entries }]) => ({ what, count: (await entries()).length, about })),
  );
  return [...kinds, { what: "machines", count: MACHINES.length, about: "front ends of real processors, for --machine" }];
}

/** Writes rows in the format asked for. */
function write<T>(rows: readonly T[], of: readonly Column<T>[], format: Format, sheet: (rows: readonly T[]) => Sheet): void {
  if (format === "csv") process.stdout.write(toCsv(of, rows));
  else if (format === "json") process.stdout.write(toJson(of, rows));
  else process.stdout.write(toDocument([sheet(rows)], format, thisTerminal()));
}

async function listMachines(names: readonly string[], format: Format): Promise<void> {
  const asked = await Promise.all(names.map((name) => readMachines(name)));
  const machines = names.length === 0 ? MACHINES : asked.flat().flatMap(({ machine }) => machine ?? []);
  if (format === "table") process.stdout.write(`${machineText(machines, thisTerminal()?.columns)}\n`);
  else write(machines, machineColumns, format, machineSheet);
}

/** Techniques or predictors by their ids, each with its parameters. */
async function listParameters(what: KindName, names: readonly string[], format: Format): Promise<void> {
  const kind: Kind = KINDS[what];
  const { describe } = kind;
  if (describe === undefined) throw new UsageError(`list ${what} takes no names, got ${names.join(" ")}: leave them out`);
  const entries = await kind.entries();
  const ids = entries.map(({ id }) => id);
  for (const name of names) if (!ids.includes(name)) throw unknownName(what.slice(0, -1), name, ids);
  const named = names.flatMap((name) => entries.find(({ id }) => id === name) ?? []);
  if (format === "csv" || format === "json") {
    write(named, what === "predictors" ? predictorColumns : columns, format, (rows) => sheetOf(what, rows));
    return;
  }
  const parts = await Promise.all(
    named.map(async (entry) =>
      // oracles have no definition
      parametersParts(entry.id, entry.parameters === "" ? { ...entry, parameters: {} } : await describe(entry.id)),
    ),
  );
  process.stdout.write(toDocument(parts.flat(), format, thisTerminal()));
}

export function listCommand() {
  return new Command("list")
    .addArgument(
      new Argument("[what]", `${LISTED.join(", ")}; default: how many there are of each`).argParser(parseChoice("thing to list", LISTED)),
    )
    .argument("[names...]", "techniques or predictors: each parameter with its range; machines: only these, ids or files (./host.json)")
    .addOption(formatOption)
    .action(async (what, names, { format }) => {
      if (what === undefined)
        write(await overview(), overviewColumns, format, (rows) => ({
          head: OVERVIEW_HEADS,
          rows: rows.map((row) => [row.what, String(row.count), row.about]),
          left: 3,
        }));
      else if (what === "machines") await listMachines(names, format);
      else if (names.length > 0) await listParameters(what, names, format);
      else {
        write(await KINDS[what].entries(), what === "predictors" ? predictorColumns : columns, format, (rows) => sheetOf(what, rows));
        if (what === "predictors" && format === "table") process.stdout.write(`\nM/s: million predictions a second. ${MEASURED_ON}.\n`);
      }
    });
}
