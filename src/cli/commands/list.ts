// bplab list: what there is to simulate.
import { Argument, Command } from "@commander-js/extra-typings";
import { measuredIds, readMeasuredBodies } from "../../bodies/measured-bodies.ts";
import { mergeMapIds, mergeMapTitle } from "../../dispatch/layouts/merge-map.ts";
import { techniqueDefinition, techniqueIds } from "../../dispatch/techniques.ts";
import { UsageError } from "../../errors.ts";
import { readMachines } from "../../front-end/front-end.ts";
import { predictorDefinition, predictorIds } from "../../front-end/load-predictor.ts";
import { MACHINES } from "../../front-end/machines/machines.ts";
import { ORACLES } from "../../front-end/oracles.ts";
import { NEEDS_OCAMLC, ocamlProgramIds } from "../../guests/ocaml/lab-programs.ts";
import { programIds, programPurpose, programSource } from "../../guests/programs.ts";
import { wasmProgramIds } from "../../guests/wasm/lab-programs.ts";
import { valuesOf } from "../../models/answers.ts";
import type { PredictorDefinition } from "../../models/predictor.ts";
import type { Parameters } from "../../parameters.ts";
import { toCsv } from "../../report/csv.ts";
import { allCharts } from "../../report/drawing/find-charts.ts";
import { toJson } from "../../report/json.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Column } from "../../results/columns.ts";
import { formatOption, parseChoice } from "../options.ts";
import { machineColumns, machineSheet, machineText } from "./list-machines.ts";

const THINGS = ["programs", "techniques", "predictors", "machines", "bodies", "merge-maps", "charts"] as const;

/** Things for which a table of ids, titles and parameters is enough. */
type Thing = Exclude<(typeof THINGS)[number], "machines">;

/** Heads of the tables of things without parameters. */
const HEADS: Partial<Record<Thing, readonly string[]>> = {
  programs: ["program", "purpose"],
  bodies: ["bodies", "whose they are"],
  "merge-maps": ["merge map", "what was merged"],
  charts: ["chart", "what it shows"],
};

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly parameters: string;
  readonly source: string;
  /** Bits that hardware would need with the defaults; of predictors alone. */
  readonly storageBits?: number;
}

/** "57 KB": as people say it. */
function storage(bits: number | undefined): string {
  if (bits === undefined) return "–";
  return bits >= 8192 ? `${(bits / 8192).toFixed(1)} KB` : `${bits} bits`;
}

function describe(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(([name, parameter]) => (parameter.type === "flag" ? name : `${name}=${parameter.default}`))
    .join(":");
}

async function entries(thing: Thing): Promise<Entry[]> {
  if (thing === "programs") {
    const described = (id: string, needs = ""): Entry => ({
      id,
      title: `${programPurpose(id)}${needs}`,
      parameters: "",
      source: `traces/${programSource(id)}`,
    });
    const needing = ocamlProgramIds().map((id) => described(id, ` (${NEEDS_OCAMLC})`));
    return [...programIds().map((id) => described(id)), ...needing, ...wasmProgramIds().map((id) => described(id))];
  }
  if (thing === "bodies") {
    return measuredIds().map((id) => {
      const { title, bodies, medianBytes } = readMeasuredBodies(id);
      const size = `${bodies.length} bodies, median ${medianBytes} bytes with dispatch`;
      return { id, title: `${title}: ${size}`, parameters: "", source: `native-code/${id}.csv` };
    });
  }
  if (thing === "merge-maps") {
    return mergeMapIds().map((id) => ({ id, title: mergeMapTitle(id), parameters: "", source: `native-code/${id}.sites.csv` }));
  }
  if (thing === "charts") {
    return (await allCharts()).map(({ id, title, needs }) => ({ id, title: `${title}; needs ${needs}`, parameters: "", source: "" }));
  }
  if (thing === "techniques") return describeAll(techniqueIds(), techniqueDefinition, ({ description }) => description);
  const oracles = Object.entries(ORACLES).map(([id, { title, source }]) => ({ id, title, parameters: "", source }));
  const bitsOf = (definition: PredictorDefinition): number => definition.storageBits(valuesOf(definition));
  return [...(await describeAll(predictorIds(), predictorDefinition, ({ title }) => title, bitsOf)), ...oracles];
}

async function describeAll<T extends { readonly parameters: Parameters; readonly source: string }>(
  ids: readonly string[],
  definitionOf: (id: string) => Promise<T>,
  titleOf: (definition: T) => string,
  bitsOf?: (definition: T) => number,
): Promise<Entry[]> {
  return Promise.all(
    ids.map(async (id) => {
      const definition = await definitionOf(id);
      const described = { id, title: titleOf(definition), parameters: describe(definition.parameters), source: definition.source };
      return bitsOf === undefined ? described : { ...described, storageBits: bitsOf(definition) };
    }),
  );
}

const columns: readonly Column<Entry>[] = [
  ["id", ({ id }) => id],
  ["title", ({ title }) => title],
  ["parameters", ({ parameters }) => parameters],
  ["source", ({ source }) => source],
];
const predictorColumns: readonly Column<Entry>[] = [...columns, ["storage_bits", ({ storageBits }) => storageBits ?? ""]];

export function listCommand() {
  return new Command("list")
    .addArgument(new Argument("<what>", THINGS.join(", ")).argParser(parseChoice("thing to list", THINGS)))
    .argument("[machines...]", "with machines: only these, ids or files (./host.json)")
    .addOption(formatOption)
    .action(async (what, names, { format }) => {
      if (what === "machines") {
        const asked = await Promise.all(names.map((name) => readMachines(name)));
        const machines = names.length === 0 ? MACHINES : asked.flat().flatMap(({ machine }) => machine ?? []);
        if (format === "csv") process.stdout.write(toCsv(machineColumns, machines));
        else if (format === "json") process.stdout.write(toJson(machineColumns, machines));
        else process.stdout.write(format === "table" ? `${machineText(machines)}\n` : toDocument([machineSheet(machines)], format));
        return;
      }
      if (names.length > 0) throw new UsageError(`list ${what} takes no names, got ${names.join(" ")}: only list machines does`);
      const list = await entries(what);
      const listed = what === "predictors" ? predictorColumns : columns;
      if (format === "csv") process.stdout.write(toCsv(listed, list));
      else if (format === "json") process.stdout.write(toJson(listed, list));
      else {
        const plain = HEADS[what];
        const rows = list.map(({ id, title, parameters, storageBits }) => {
          if (what === "predictors") return [id, storage(storageBits), title, parameters];
          return plain === undefined ? [id, parameters, title] : [id, title];
        });
        const head =
          what === "predictors"
            ? ["predictor", "storage", "what it is", "parameters and defaults"]
            : (plain ?? [what.slice(0, -1), "parameters and defaults", "what it is"]);
        process.stdout.write(toDocument([{ head, rows, left: head.length }], format));
      }
    });
}
