// bplab info: summarises a file of recorded branches.
import { basename } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { counted, whole } from "../../numbers.ts";
import { readRecording } from "../../recordings/find-recording.ts";
import { type KindSummary, type RecordingSummary, type SiteSummary, summariseRecording } from "../../recordings/summary.ts";
import { toCsv } from "../../report/csv.ts";
import { fixed } from "../../report/tables/cells.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { DocumentPart } from "../../report/tables/sheet.ts";
import { type Column, roundedRatio } from "../../results/columns.ts";
import { formatOption, parsePerSite } from "../options.ts";
import { thisTerminal } from "../terminal.ts";

const BUSIEST = 10;

/** A row with its file. */
type Of<T> = T & { readonly recording: string };

const kindColumns: readonly Column<Of<KindSummary>>[] = [
  ["recording", ({ recording }) => recording],
  ["kind", ({ kind }) => kind],
  ["sites", ({ sites }) => sites],
  ["branches", ({ branches }) => branches],
  ["taken", ({ taken }) => taken],
  ["targets_per_site", ({ targetsPerSite }) => roundedRatio(targetsPerSite, 1)],
  ["targets_per_branch", ({ targetsPerBranch }) => roundedRatio(targetsPerBranch, 1)],
  ["most_targets", ({ mostTargets }) => mostTargets],
];

const siteColumns: readonly Column<Of<SiteSummary>>[] = [
  ["recording", ({ recording }) => recording],
  ["site", ({ site }) => site],
  ["kind", ({ kind }) => kind],
  ["owner", ({ owner }) => owner],
  ["branches", ({ branches }) => branches],
  ["taken", ({ taken }) => taken],
  ["targets", ({ targets }) => targets],
];

const objectsOf = <T>(columns: readonly Column<T>[], rows: readonly T[]) =>
  rows.map((row) => Object.fromEntries(columns.map(([name, value]) => [name, value(row)])));

function toParts(file: string, summary: RecordingSummary, sites: readonly SiteSummary[]): DocumentPart[] {
  const { branches, instructions, format, sha256, provenance = {}, modules, proposal, notes } = summary;
  const files = [...new Set(modules.map(({ path }) => basename(path)))];
  return [
    {
      title: file,
      head: ["what", "value"],
      rows: [
        ["format", format],
        ["sha256", sha256],
        ["branches", whole(branches)],
        ["instructions", `${whole(instructions)}, ${fixed(roundedRatio(instructions, branches), 2)} a branch`],
        ...Object.entries(provenance),
      ],
      left: 2,
    },
    {
      title: "Kinds",
      head: ["kind", "sites", "branches", "of all", "taken", "targets a site", "targets a branch", "most targets"],
      rows: summary.kinds.map((kind) => [
        kind.kind,
        whole(kind.sites),
        whole(kind.branches),
        fixed(roundedRatio(kind.branches, branches, 100), 1, " %"),
        fixed(roundedRatio(kind.taken, kind.branches, 100), 1, " %"),
        fixed(kind.targetsPerSite, 2),
        fixed(kind.targetsPerBranch, 2),
        whole(kind.mostTargets),
      ]),
      left: 1,
    },
    {
      title: "Busiest sites",
      head: ["site", "kind", "owner", "branches", "of all", "taken", "targets"],
      rows: sites.map((site) => [
        site.site,
        site.kind,
        site.owner,
        whole(site.branches),
        fixed(roundedRatio(site.branches, branches, 100), 1, " %"),
        fixed(roundedRatio(site.taken, site.branches, 100), 1, " %"),
        whole(site.targets),
      ]),
      left: 3,
    },
    [
      "Targets: distinct addresses that a site goes to when taken; the mean over sites, and over executed branches.",
      ...(proposal === undefined
        ? []
        : [
            `Looks like an interpreter's dispatch: ${proposal.text}, ${counted(proposal.sites, "site")}, ${fixed(100 * proposal.share, 0)} % of indirect branches.`,
          ]),
      ...(files.length === 0 ? [] : [`Names from ${files.join(", ")}.`]),
      ...notes,
    ].join(" "),
  ];
}

export function infoCommand() {
  return new Command("info")
    .argument("<file>", "a file of recorded branches")
    .addOption(formatOption)
    .addOption(
      new Option("--per-site [n]", `show the n busiest sites (${BUSIEST}); csv then holds these, and not the kinds`).argParser(
        parsePerSite,
      ),
    )
    .action(async (file, { format, perSite }) => {
      const summary = await summariseRecording(await readRecording(file));
      const ofFile = <T>(rows: readonly T[]): Of<T>[] => rows.map((row) => ({ ...row, recording: file }));
      const sites = summary.sites.slice(0, typeof perSite === "number" ? perSite : BUSIEST);
      if (format === "csv") {
        process.stdout.write(perSite === undefined ? toCsv(kindColumns, ofFile(summary.kinds)) : toCsv(siteColumns, ofFile(sites)));
        return;
      }
      if (format !== "json") {
        process.stdout.write(toDocument(toParts(file, summary, sites), format, thisTerminal()));
        return;
      }
      const { branches, instructions, sha256, provenance = {}, modules, proposal, notes } = summary;
      const object = {
        recording: file,
        format: summary.format,
        sha256,
        branches,
        instructions,
        provenance,
        kinds: objectsOf(kindColumns.slice(1), ofFile(summary.kinds)),
        sites: objectsOf(siteColumns.slice(1), ofFile(sites)),
        modules: modules.map(({ path, buildId, symbols }) => ({ path, build_id: buildId, symbols: symbols.length })),
        dispatch_proposal: proposal ?? null,
        notes,
      };
      process.stdout.write(`${JSON.stringify(object, null, 2)}\n`);
    });
}
