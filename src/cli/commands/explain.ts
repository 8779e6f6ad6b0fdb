// bplab explain: a small loop, or a stretch of a program, dispatch by dispatch.
import { Command } from "@commander-js/extra-typings";
import { hexadecimal } from "../../branch.ts";
import { UsageError } from "../../errors.ts";
import { predictorFiles } from "../../front-end/front-end.ts";
import { namesProgram, SIZES, type Size } from "../../guests/programs.ts";
import { watchedTasks } from "../../jobs/watched.ts";
import { counted, whole } from "../../numbers.ts";
import { toCsv } from "../../report/csv.ts";
import { stepsPage } from "../../report/pages/steps-page.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { DocumentPart } from "../../report/tables/sheet.ts";
import type { Column } from "../../results/columns.ts";
import { explain } from "../../workbench/explain.ts";
import { explainProgram, MOST_DISPATCHES } from "../../workbench/explain-program.ts";
import { changesBy, type ExplainedStep, type Explanation, type ProgramExplanation } from "../../workbench/explanation.ts";
import { thisCommand } from "../command-line.ts";
import { type Format, formatOption, parseChoice, parseCount } from "../options.ts";
import { splitAtDashes, withGiven } from "../program-words.ts";
import { thisTerminal } from "../terminal.ts";
import { openPage } from "../write-output.ts";

/** Dispatches of a program to show by default. */
const DISPATCHES = 100;

const stepColumns: readonly Column<ExplainedStep>[] = [
  ["site", ({ site }) => site],
  ["site_address", ({ siteAddress }) => hexadecimal(siteAddress)],
  ["predicted", ({ predicted }) => predicted],
  ["target", ({ target }) => target],
  ["hit", ({ hit }) => (hit ? "hit" : "miss")],
];
const loopColumns: readonly Column<Explanation["dispatches"][number]>[] = [["iteration", ({ iteration }) => iteration], ...stepColumns];
const programColumns: readonly Column<ProgramExplanation["dispatches"][number]>[] = [
  ["dispatch", ({ dispatch }) => dispatch],
  ["virtual_address", ({ virtualAddress }) => virtualAddress],
  ["opcode", ({ opcode }) => opcode],
  ...stepColumns,
];

/** What to add to a front end that leaves a loop's dispatches without prediction. */
function missingModel(dispatchKinds: string, predictor: string): string {
  const [what, model] = dispatchKinds.includes("indirect")
    ? ["Predictors of directions, such as tage, do not say where an indirect branch goes: add one that does", "btb"]
    : dispatchKinds.includes("conditional")
      ? ["Add a predictor of directions", "gshare"]
      : ["Add a predictor of returns", "return-stack"];
  return `${what}, as in --predictor=${predictor}+${model}.`;
}

/** A step's cells of the table, but for the first. */
const cellsOf = (explanation: Explanation | ProgramExplanation, step: ExplainedStep): string[] => [
  `${step.site} ${hexadecimal(step.siteAddress)}`,
  step.predicted ?? "nothing",
  step.target,
  step.hit ? "hit" : "MISS",
  changesBy(explanation, step),
];
const HEAD = ["branch site", "predicted", "real target", "", "the predictor now says"];

function loopParts(explanation: Explanation): DocumentPart[] {
  const {
    loop,
    technique,
    predictor,
    frontEnd,
    dispatches,
    dispatchesPerIteration,
    missesPerIteration,
    steadyFrom,
    period,
    direct,
    notModelled,
    covers,
    dispatchKinds,
  } = explanation;
  const rows = dispatches.map((dispatch) => [String(dispatch.iteration), ...cellsOf(explanation, dispatch)]);
  const misses = Number(missesPerIteration.toFixed(4));
  const times = period === 1 ? "every iteration" : `every ${period} iterations`;
  const title = `${loop}: ${technique}, ${predictor}${frontEnd === predictor ? "" : ` (front end: ${frontEnd})`}`;
  return [
    { title, head: ["iteration", ...HEAD], rows, left: 6 },
    [
      `From iteration ${steadyFrom} on the pattern repeats ${times}: ${misses} of ${dispatchesPerIteration} dispatches mispredicted per iteration.`,
      ...(direct > 0 ? [`${direct} of the dispatches are direct calls, which are always right and not listed.`] : []),
      ...(notModelled > 0
        ? [
            `${counted(notModelled, "dispatch", "dispatches")} not modelled by this front end: neither hit nor miss.`,
            `What it predicts is ${covers}; this loop dispatches by ${dispatchKinds}. ${missingModel(dispatchKinds, predictor)}`,
          ]
        : []),
    ].join(" "),
  ];
}

function programParts(explanation: ProgramExplanation): DocumentPart[] {
  const { program, technique, predictor, frontEnd, dispatches, earlier } = explanation;
  const rows = dispatches.map((step) => [
    String(step.dispatch),
    step.opcode === null ? "entry" : `${step.opcode} at ${step.virtualAddress}`,
    ...cellsOf(explanation, step),
  ]);
  const missed = dispatches.filter(({ hit }) => !hit).length;
  return [
    {
      title: `${program}: ${technique}, ${predictor}${frontEnd === predictor ? "" : ` (front end: ${frontEnd})`}`,
      head: ["dispatch", "virtual instruction", ...HEAD],
      rows,
      left: 7,
    },
    [
      `${missed} of ${counted(dispatches.length, "dispatch", "dispatches")} mispredicted.`,
      ...(earlier.dispatches === 0
        ? []
        : [`Of the ${whole(earlier.dispatches)} before, which trained the predictor: ${whole(earlier.mispredictions)}.`]),
      "Direct branches, which go one way, are not listed.",
    ].join(" "),
  ];
}

/** In a worker where it runs a user's code, which may not return. */
async function safely<T>(predictor: string, here: () => Promise<T>, there: (tasks: ReturnType<typeof watchedTasks>) => Promise<T>) {
  if (predictorFiles(predictor).length === 0) return here();
  const tasks = watchedTasks(predictor);
  try {
    return await there(tasks);
  } finally {
    await tasks.close();
  }
}

interface Given {
  readonly technique: string;
  readonly predictor: string;
  readonly from?: number;
  readonly dispatches?: number;
  readonly size?: Size;
}

function explainLoop(loop: string, { technique, predictor, ...forPrograms }: Given): Promise<Explanation> {
  const [unused] = Object.entries(forPrograms).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (unused !== undefined)
    throw new UsageError(`--${unused} acts on programs, and "${loop}" is a loop of words: leave it out, or name a program (bplab list)`);
  return safely(
    predictor,
    () => explain(loop, technique, predictor),
    (tasks) => tasks.run("explanation", [loop, technique, predictor]),
  );
}

function explainWindow(program: string, { technique, predictor, from = 1, dispatches = DISPATCHES, size = "test" }: Given) {
  if (dispatches > MOST_DISPATCHES) throw new UsageError(`--dispatches must be at most ${MOST_DISPATCHES}, got ${dispatches}`);
  const window = { size, from, dispatches };
  return safely(
    predictor,
    () => explainProgram(program, technique, predictor, window),
    (tasks) => tasks.run("program explanation", [program, technique, predictor, window]),
  );
}

function written(explanation: Explanation | ProgramExplanation, format: Format): string {
  if (format === "json") return `${JSON.stringify(explanation, null, 2)}\n`;
  if ("loop" in explanation)
    return format === "csv" ? toCsv(loopColumns, explanation.dispatches) : toDocument(loopParts(explanation), format, thisTerminal());
  return format === "csv" ? toCsv(programColumns, explanation.dispatches) : toDocument(programParts(explanation), format, thisTerminal());
}

export function explainCommand() {
  return new Command("explain")
    .argument("<input>", 'virtual instructions, the last one jumping back to the first: "A B A GOTO"; or a program (bplab list)')
    .argument(
      "[words...]",
      "after --, the program's words; or, alone, a command line of java or of one of the JDK's tools: -- java -cp classes Main",
    )
    .option("--technique <id>", "one dispatch technique", "switch")
    .option("--predictor <id>", "one front end", "btb")
    .option("--from <n>", "of a program: the first dispatch to show, of those that are predicted (default: 1)", parseCount("from"))
    .option(
      "--dispatches <n>",
      `of a program: how many to show, at most ${MOST_DISPATCHES} (default: ${DISPATCHES})`,
      parseCount("dispatches"),
    )
    .option("--size <size>", "of a program: test or full (default: test)", parseChoice("size", SIZES))
    .addOption(formatOption)
    .option("--report <file>", "write a page there to step through, which works offline: .html")
    .action(async (name, words, { format, report, ...given }) => {
      const operands = [name, ...words];
      const { inputs } = splitAtDashes(operands);
      if (inputs.length > 1)
        throw new UsageError(`${inputs[1]}: expected one input, got more (a loop is one word in quotes, a program's words go after --)`);
      const [input] = withGiven(operands, {});
      const page = openPage(report);
      const explanation = await (namesProgram(input) ? explainWindow(input, given) : explainLoop(input, given));
      page?.write(stepsPage(explanation, thisCommand()));
      process.stdout.write(written(explanation, format));
    });
}
