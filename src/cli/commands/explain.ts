// bplab explain: a small loop, dispatch by dispatch.
import { Command } from "@commander-js/extra-typings";
import { hexadecimal } from "../../branch.ts";
import { predictorFiles } from "../../front-end/front-end.ts";
import { programIds } from "../../guests/programs.ts";
import { watchedTasks } from "../../jobs/watched.ts";
import { counted } from "../../numbers.ts";
import { toCsv } from "../../report/csv.ts";
import { stepsPage } from "../../report/pages/steps-page.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { DocumentPart } from "../../report/tables/sheet.ts";
import type { Column } from "../../results/columns.ts";
import { changesBy, type Explanation, explain } from "../../workbench/explain.ts";
import { thisCommand } from "../command-line.ts";
import { formatOption } from "../options.ts";
import { thisTerminal } from "../terminal.ts";
import { openPage } from "../write-output.ts";

const columns: readonly Column<Explanation["dispatches"][number]>[] = [
  ["iteration", ({ iteration }) => iteration],
  ["site", ({ site }) => site],
  ["site_address", ({ siteAddress }) => hexadecimal(siteAddress)],
  ["predicted", ({ predicted }) => predicted],
  ["target", ({ target }) => target],
  ["hit", ({ hit }) => (hit ? "hit" : "miss")],
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

function toParts(explanation: Explanation): DocumentPart[] {
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
  const rows = dispatches.map((dispatch) => [
    String(dispatch.iteration),
    `${dispatch.site} ${hexadecimal(dispatch.siteAddress)}`,
    dispatch.predicted ?? "nothing",
    dispatch.target,
    dispatch.hit ? "hit" : "MISS",
    changesBy(explanation, dispatch),
  ]);
  const misses = Number(missesPerIteration.toFixed(4));
  const times = period === 1 ? "every iteration" : `every ${period} iterations`;
  const title = `${loop}: ${technique}, ${predictor}${frontEnd === predictor ? "" : ` (front end: ${frontEnd})`}`;
  return [
    { title, head: ["iteration", "branch site", "predicted", "real target", "", "the predictor now says"], rows, left: 6 },
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

/** In a worker where it runs a user's code, which may not return. */
async function explainSafely(...asked: Parameters<typeof explain>): Promise<Explanation> {
  const [, , predictor] = asked;
  if (predictorFiles(predictor).length === 0) return explain(...asked);
  const tasks = watchedTasks(predictor);
  try {
    return await tasks.run("explanation", asked);
  } finally {
    await tasks.close();
  }
}

export function explainCommand() {
  return new Command("explain")
    .argument("<loop>", 'virtual instructions, the last one jumping back to the first: "A B A GOTO"')
    .option("--technique <id>", "one dispatch technique", "switch")
    .option("--predictor <id>", "one front end", "btb")
    .addOption(formatOption)
    .option("--report <file>", "write a page there to step through, which works offline: .html")
    .action(async (loop, { technique, predictor, format, report }) => {
      const page = openPage(report);
      const explanation = await explainSafely(loop, technique, predictor);
      if (programIds().includes(loop.trim()))
        process.stderr.write(
          `explain takes a loop of words, and here it is the one word ${loop.trim()}; a program has that name: bplab simulate ${loop.trim()} --per-site\n`,
        );
      page?.write(stepsPage(explanation, thisCommand()));
      if (format === "json") process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
      else if (format === "csv") process.stdout.write(toCsv(columns, explanation.dispatches));
      else process.stdout.write(toDocument(toParts(explanation), format, thisTerminal()));
    });
}
