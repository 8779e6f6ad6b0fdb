// What became of claims: columns for CSV and JSON, a sheet for papers, paragraphs for people.
import { counted } from "../../numbers.ts";
import { EVIDENCE, type EvidenceKind, type Expectation, SOURCES } from "../../reproduce/claim.ts";
import { OTHER_LANGUAGES, otherLanguages } from "../../reproduce/other-programs.ts";
import type { Outcome } from "../../reproduce/reproduce.ts";
import type { LaidOutOutcome, UnderLayout } from "../../reproduce/under-layouts.ts";
import type { Column } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { CONFIDENCE } from "./confidence.ts";
import type { Sheet } from "./sheet.ts";
import { wrapped } from "./text-table.ts";

/** Whether a claim came out as its authors here expect; of what compilers and clocks decide, nothing is expected. */
export const asExpected = ({ claim, finding }: Outcome): boolean =>
  finding.evidence !== undefined || finding.verdict === claim.expectedVerdict;

/** What a verdict rests on. */
export const evidenceOf = ({ claim, finding }: Outcome): EvidenceKind => finding.evidence ?? claim.evidence;

export const verdictColumns: readonly Column<LaidOutOutcome>[] = [
  ["claim", ({ claim }) => claim.id],
  ["title", ({ claim }) => claim.title],
  ["quote", ({ claim }) => claim.quote],
  ["source", ({ claim }) => claim.source],
  ["place", ({ claim }) => claim.place],
  ["evidence", evidenceOf],
  ["would_decide", ({ claim, finding }) => (finding.evidence === undefined ? (claim.wouldDecide ?? null) : null)],
  ["method", ({ claim }) => claim.method],
  ["expected", ({ claim }) => claim.expected.what],
  ["expected_from", ({ claim }) => claim.expected.from],
  ["confidence", ({ claim }) => claim.expected.confidence],
  ["measured", ({ finding }) => finding.measured],
  ["verdict", ({ finding }) => finding.verdict],
  ["expected_verdict", ({ claim }) => claim.expectedVerdict],
  ["layout_verdicts", ({ layouts }) => (layouts.length === 0 ? null : layouts.map(seededVerdict).join("; "))],
  ...otherLanguages.flatMap((language): Column<LaidOutOutcome>[] => [
    [`${language}_published`, ({ claim }) => claim.on?.[language]?.published?.what ?? null],
    [`${language}_published_from`, ({ claim }) => claim.on?.[language]?.published?.from ?? null],
    [`${language}_confidence`, ({ claim }) => claim.on?.[language]?.published?.confidence ?? null],
    [`${language}_measured`, ({ on }) => on[language]?.measured ?? null],
    [`${language}_verdict`, ({ on }) => on[language]?.verdict ?? null],
    [`${language}_unjudged`, ({ claim }) => claim.on?.[language]?.unjudged ?? null],
  ]),
];

const seededVerdict = ({ layoutSeed, verdict }: UnderLayout): string => `${layoutSeed}: ${verdict}`;

/** Whether the verdict is the same under every layout; where it is not, what was measured there. Undefined without layouts. */
function layoutsText({ finding, layouts }: LaidOutOutcome): string | undefined {
  if (layouts.length === 0) return undefined;
  const others = layouts.filter(({ verdict }) => verdict !== finding.verdict);
  const same = `${finding.verdict} under ${layouts.length - others.length} of ${layouts.length} layout seeds`;
  return [same, ...others.map((layout) => `${seededVerdict(layout)} (${layout.measured})`)].join("; ");
}

/** What is to be expected, on whose word. */
export const expectation = ({ what, from, confidence }: Expectation): string => `${what} (${from}; ${CONFIDENCE[confidence]})`;

const WOULD_DECIDE = {
  clock: "a processor's clock would decide: bplab time",
  compiler: "compilers would decide: bplab reproduce --compilers",
} as const;
const ASKED_BY_TIME = "a processor's clock would decide: bplab reproduce --time";
const ASKED_BY_MACHINE = "a processor's clock would decide: bplab calibrate, then bplab reproduce --machine=./host.json";

/** What a verdict rests on, and what would decide it. */
export function evidenceText(outcome: Outcome): string {
  const { claim, finding } = outcome;
  const { wouldDecide, byClock, byMachine } = claim;
  const evidence = evidenceOf(outcome);
  const said = `${evidence} (${EVIDENCE[evidence]})`;
  if (wouldDecide === undefined || finding.evidence !== undefined) return said;
  return `${said}; ${byClock !== undefined ? ASKED_BY_TIME : byMachine !== undefined ? ASKED_BY_MACHINE : WOULD_DECIDE[wouldDecide]}`;
}

/** Outcomes in two parts, each with how many came out in which way: laws that the lab implements, and what could have come out otherwise. */
export function countedApart(
  outcomes: readonly Outcome[],
): { readonly what: string; readonly verdicts: [verdict: string, count: number][] }[] {
  const [laws, others] = [true, false].map((law) => outcomes.filter((outcome) => (evidenceOf(outcome) === "law") === law));
  const parts = [
    {
      what: `${counted(laws.length, "law")} that the lab implements, which ${laws.length === 1 ? "is no reproduction" : "are no reproductions"}`,
      part: laws,
    },
    { what: counted(others.length, laws.length === 0 ? "claim" : "other claim"), part: others },
  ];
  return parts
    .filter(({ part }) => part.length > 0)
    .map(({ what, part }) => ({
      what,
      verdicts: [...groupBy(part, ({ finding }) => finding.verdict)].map(([verdict, { length }]) => [verdict, length]),
    }));
}

/** What the same comes to on programs in other languages: the language's name, and the result beside what is published. */
export function otherTexts({ claim, on }: Outcome): { readonly title: string; readonly text: string }[] {
  return otherLanguages.flatMap((language) => {
    const found = on[language];
    if (found === undefined) return [];
    const { published, unjudged } = claim.on?.[language] ?? {};
    const parts = [
      `${found.verdict === undefined ? "" : `${found.verdict}: `}${found.measured}`,
      ...(published === undefined ? [] : [`published: ${expectation(published)}`]),
      ...(unjudged === undefined ? [] : [`not judged: ${unjudged}`]),
    ];
    return [{ title: OTHER_LANGUAGES[language], text: parts.join("; ") }];
  });
}

export function verdictSheet(outcomes: readonly Outcome[]): Sheet {
  return {
    head: ["claim", "what it says", "source", "evidence", "expected", "measured", "verdict"],
    rows: outcomes.map((outcome) => {
      const { claim, finding } = outcome;
      return [
        claim.id,
        claim.title,
        `${claim.source}, ${claim.place}`,
        evidenceOf(outcome),
        claim.expected.what,
        finding.measured,
        finding.verdict,
      ];
    }),
    left: 7,
  };
}

/** A paragraph for each claim, at most so many characters wide, and how many came out in which way, laws apart. */
export function verdictText(outcomes: readonly LaidOutOutcome[], columns?: number): string {
  const paragraphs = outcomes.map((outcome) => {
    const { claim, finding } = outcome;
    const surprise = asExpected(outcome) ? "" : `  (not as expected: ${claim.expectedVerdict})`;
    const layouts = layoutsText(outcome);
    const lines = [
      ["says", `“${claim.quote}” (${SOURCES[claim.source]}, ${claim.place})`],
      ["tested", claim.method],
      ["evidence", evidenceText(outcome)],
      ["expected", expectation(claim.expected)],
      ["measured", finding.measured],
      ...otherTexts(outcome).map(({ title, text }) => [`on ${title}`, text]),
      ...(layouts === undefined ? [] : [["layouts", layouts]]),
    ];
    return [
      `${claim.id}  ${claim.title}`,
      ...lines.map(([name, text]) => `      ${name.padEnd(10)}${wrapped(text, 16, columns)}`),
      `      verdict   ${finding.verdict.toUpperCase()}${surprise}`,
    ].join("\n");
  });
  const summary = countedApart(outcomes).map(
    ({ what, verdicts }) => `${what}: ${verdicts.map(([verdict, count]) => `${count} ${verdict}`).join(", ")}.`,
  );
  return `${[...paragraphs, summary.join("\n")].join("\n\n")}\n`;
}
