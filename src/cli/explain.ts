// bplab explain: a small loop, dispatch by dispatch.
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { type Explanation, explain } from "../explain.ts";
import type { Column } from "../report/columns.ts";
import { toCsv } from "../report/csv.ts";
import { toDocument } from "../report/document.ts";
import type { Part } from "../report/sheet.ts";
import { stepsPage } from "../report/steps-page.ts";
import { thisCommand } from "./command-line.ts";
import { formatOption } from "./options.ts";
import { openOutput } from "./write-output.ts";

const columns: readonly Column<Explanation["dispatches"][number]>[] = [
  ["iteration", ({ iteration }) => iteration],
  ["site", ({ site }) => site],
  ["site_address", ({ siteAddress }) => `0x${(siteAddress >>> 0).toString(16)}`],
  ["predicted", ({ predicted }) => predicted],
  ["target", ({ target }) => target],
  ["hit", ({ hit }) => (hit ? "hit" : "miss")],
];

/** What the predictor says of sites otherwise than before: "A: B → GOTO". */
function changes({ sites }: Explanation, before: readonly (string | null)[], after: readonly (string | null)[]): string {
  const several = (owner: string): boolean => sites.filter((site) => site.owner === owner).length > 1;
  return sites
    .flatMap(({ owner, address }, i) => {
      if (before[i] === after[i]) return [];
      const name = several(owner) ? `${owner} 0x${(address >>> 0).toString(16)}` : owner;
      return `${name}: ${before[i] ?? "nothing"} → ${after[i] ?? "nothing"}`;
    })
    .join(", ");
}

function toParts(explanation: Explanation): Part[] {
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
  } = explanation;
  const rows = dispatches.map(({ iteration, site, siteAddress, predicted, target, hit, before, after }) => [
    String(iteration),
    `${site} 0x${(siteAddress >>> 0).toString(16)}`,
    predicted ?? "nothing",
    target,
    hit ? "hit" : "MISS",
    changes(explanation, before, after),
  ]);
  const misses = Number(missesPerIteration.toFixed(4));
  const times = period === 1 ? "every iteration" : `every ${period} iterations`;
  const title = `${loop}: ${technique}, ${predictor}${frontEnd === predictor ? "" : ` (front end: ${frontEnd})`}`;
  return [
    { title, head: ["iteration", "branch site", "predicted", "real target", "", "the predictor now says"], rows, left: 6 },
    [
      `From iteration ${steadyFrom} on the pattern repeats ${times}: ${misses} of ${dispatchesPerIteration} dispatches mispredicted per iteration.`,
      ...(direct > 0 ? [`${direct} of the dispatches are direct calls, which are always right and not listed.`] : []),
      ...(notModelled > 0 ? [`${notModelled} of the dispatches are not modelled by this front end: neither hit nor miss.`] : []),
    ].join(" "),
  ];
}

export function explainCommand() {
  return new Command("explain")
    .description("show a loop of virtual instructions dispatch by dispatch, until the pattern repeats")
    .argument("<loop>", 'virtual instructions, the last one jumping back to the first: "A B A GOTO"')
    .option("--technique <id>", "one dispatch technique", "switch")
    .option("--predictor <id>", "one front end", "btb")
    .addOption(formatOption)
    .option("--report <file>", "write a page there to step through, which works offline: .html")
    .action(async (loop, { technique, predictor, format, report }) => {
      if (report !== undefined && !report.endsWith(".html"))
        throw new UsageError(`--report must be a file that ends in .html, got ${report}`);
      const page = report === undefined ? undefined : openOutput(report);
      const explanation = await explain(loop, technique, predictor);
      page?.write(stepsPage(explanation, thisCommand()));
      if (format === "json") process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
      else if (format === "csv") process.stdout.write(toCsv(columns, explanation.dispatches));
      else process.stdout.write(toDocument(toParts(explanation), format));
    });
}
