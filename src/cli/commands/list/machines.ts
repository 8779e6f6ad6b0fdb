// The machines as bplab list shows them: for people the models of each machine and where they differ from what is published;
// for programs everything.
import { COSTS, type CostFigure, type CostName } from "../../../front-end/machines/costs.ts";
import { type Machine, PARTS, unfitForPrograms } from "../../../front-end/machines/machine.ts";
import type { Sheet } from "../../../report/tables/sheet.ts";
import { wrapped } from "../../../report/tables/text-table.ts";
import type { Column } from "../../../results/columns.ts";

export const machineColumns: readonly Column<Machine>[] = [
  ["id", ({ id }) => id],
  ["title", ({ title }) => title],
  ["year", ({ year }) => year ?? null],
  ["front_end", ({ frontEnd }) => frontEnd],
  ["penalty_cycles", ({ penaltyCycles }) => penaltyCycles ?? null],
  ["indirect_stall_cycles", ({ indirectStallCycles }) => indirectStallCycles ?? null],
  ...PARTS.flatMap((part): Column<Machine>[] => [
    [`${part}_published`, ({ parts }) => parts[part].published],
    [`${part}_confidence`, ({ parts }) => parts[part].confidence],
    [`${part}_approximation`, ({ parts }) => parts[part].approximation ?? null],
  ]),
  [
    "costs",
    (machine) =>
      figures(machine)
        .map(({ name, text, source }) => `${name} ${text}: ${source}`)
        .join("; "),
  ],
  ["buffer_levels", (machine) => levels(machine).join("; ")],
  ["unfit_for_programs", (machine) => unfitForPrograms(machine) ?? null],
  ["source", ({ source }) => source],
];

/** A machine's costs besides its penalty, in words. */
function figures({ costs = {} }: Machine): { readonly name: CostName; readonly text: string; readonly source: string }[] {
  return (Object.entries(costs) as [CostName, CostFigure][]).map(([name, { value, low, high, basis, source }]) => {
    const spread = low === undefined && high === undefined ? "" : ` (${low ?? value} to ${high ?? value})`;
    return { name, text: `${value}${spread} ${basis}`, source };
  });
}

const levels = ({ levels = [] }: Machine): string[] =>
  levels.map(({ entries, cycles, basis }) => `${entries} branches${cycles === undefined ? "" : ` at ${cycles} cycles each`} (${basis})`);

/** The machines in a table: each part with what is published and how sure that is. */
export function machineSheet(machines: readonly Machine[]): Sheet {
  const rows = machines.map(({ id, title, year, frontEnd, penaltyCycles, parts }) => [
    id,
    `${title}${year === undefined ? "" : `, ${year}`}`,
    ...PARTS.map((part) => (parts[part].published === "" ? "not published" : `${parts[part].published} (${parts[part].confidence})`)),
    frontEnd,
    String(penaltyCycles ?? "–"),
  ]);
  return { head: ["machine", "what it is", ...PARTS, "front end here", "penalty here"], rows, left: 3 + PARTS.length };
}

/** A paragraph for each machine, as wide as the terminal: what it is, its models, and where these fall short of what is published. */
export function machineText(machines: readonly Machine[], terminalColumns = Number.POSITIVE_INFINITY): string {
  const width = Math.max(...machines.map(({ id }) => id.length)) + 2;
  const paragraphs = machines.map((machine) => {
    const { id, title, year, frontEnd, penaltyCycles, indirectStallCycles, parts } = machine;
    const facts = [
      title,
      ...(year === undefined ? [] : [year]),
      ...(penaltyCycles === undefined ? [] : [`${penaltyCycles} cycles a misprediction`]),
      ...(indirectStallCycles === undefined ? [] : [`${indirectStallCycles} cycles an indirect branch`]),
    ];
    const { approximation } = parts.indirect;
    const others = PARTS.filter((part) => part !== "indirect" && parts[part].approximation !== undefined);
    const remembered = PARTS.filter((part) => parts[part].confidence === "memory");
    const doubts = [
      ...(others.length === 0 ? [] : [`${approximation === undefined ? "" : "also "}approximated: ${others.join(", ")}`]),
      ...(remembered.length === 0
        ? []
        : [remembered.length === PARTS.length ? "all from memory" : `from memory: ${remembered.join(", ")}`]),
    ];
    const lines = [
      frontEnd,
      ...(approximation === undefined ? [] : [`indirect branches: ${approximation}`]),
      ...(doubts.length === 0 ? [] : [doubts.join("; ")]),
      ...(machine.levels === undefined ? [] : [`buffer: ${levels(machine).join(", then ")}`]),
      ...figures(machine).map(({ name, text }) => `${text}: ${COSTS[name]}`),
      ...[unfitForPrograms(machine)].flatMap((why) => (why === undefined ? [] : [`unfit for programs: ${why}`])),
      ...[machine.misestimated].flatMap((form) => (form === undefined ? [] : [`${form.technique}: ${form.why}`])),
    ];
    return [
      `${id.padEnd(width)}${wrapped(facts.join(", "), width, terminalColumns)}`,
      ...lines.map((line) => `  ${wrapped(line, 4, terminalColumns)}`),
    ].join("\n");
  });
  return `${paragraphs.join("\n\n")}\n\nWhat is published of each part, how sure that is, and every approximation: --format=csv or --format=json.`;
}
