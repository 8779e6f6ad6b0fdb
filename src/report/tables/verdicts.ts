// What became of claims: columns for CSV and JSON, a sheet for papers, paragraphs for people.
import { counted } from "../../numbers.ts";
import { type Expectation, SOURCES } from "../../reproduce/claim.ts";
import type { Outcome } from "../../reproduce/reproduce.ts";
import type { Column } from "../../results/columns.ts";
import type { Sheet } from "./sheet.ts";
import { wrapped } from "./text-table.ts";

const CONFIDENCE = {
  primary: "read in the source",
  secondary: "read in a secondary source",
  memory: "from memory, or computed",
} as const;

/** Whether a claim came out as its authors here expect. */
export const asExpected = ({ claim, finding }: Outcome): boolean => finding.verdict === claim.expectedVerdict;

export const verdictColumns: readonly Column<Outcome>[] = [
  ["claim", ({ claim }) => claim.id],
  ["title", ({ claim }) => claim.title],
  ["quote", ({ claim }) => claim.quote],
  ["source", ({ claim }) => claim.source],
  ["place", ({ claim }) => claim.place],
  ["method", ({ claim }) => claim.method],
  ["expected", ({ claim }) => claim.expected.what],
  ["expected_from", ({ claim }) => claim.expected.from],
  ["confidence", ({ claim }) => claim.expected.confidence],
  ["measured", ({ finding }) => finding.measured],
  ["verdict", ({ finding }) => finding.verdict],
  ["expected_verdict", ({ claim }) => claim.expectedVerdict],
  ["ocaml_published", ({ claim }) => claim.onOcaml?.published?.what ?? null],
  ["ocaml_published_from", ({ claim }) => claim.onOcaml?.published?.from ?? null],
  ["ocaml_confidence", ({ claim }) => claim.onOcaml?.published?.confidence ?? null],
  ["ocaml_measured", ({ onOcaml }) => onOcaml?.measured ?? null],
];

/** What is to be expected, on whose word. */
export const expectation = ({ what, from, confidence }: Expectation): string => `${what} (${from}; ${CONFIDENCE[confidence]})`;

/** What the same says on OCaml programs, beside what is published of these; undefined where a claim has no such part. */
export function ocamlText({ claim, onOcaml }: Outcome): string | undefined {
  if (onOcaml === undefined) return undefined;
  const published = claim.onOcaml?.published;
  return published === undefined ? onOcaml.measured : `${onOcaml.measured}; published: ${expectation(published)}`;
}

export function verdictSheet(outcomes: readonly Outcome[]): Sheet {
  return {
    head: ["claim", "what it says", "source", "expected", "measured", "verdict"],
    rows: outcomes.map(({ claim, finding }) => [
      claim.id,
      claim.title,
      `${claim.source}, ${claim.place}`,
      claim.expected.what,
      finding.measured,
      finding.verdict,
    ]),
    left: 6,
  };
}

/** A paragraph for each claim, and how many came out in which way. */
export function verdictText(outcomes: readonly Outcome[]): string {
  const paragraphs = outcomes.map((outcome) => {
    const { claim, finding } = outcome;
    const surprise = asExpected(outcome) ? "" : `  (not as expected: ${claim.expectedVerdict})`;
    const ocaml = ocamlText(outcome);
    const lines = [
      ["says", `“${claim.quote}” (${SOURCES[claim.source]}, ${claim.place})`],
      ["tested", claim.method],
      ["expected", expectation(claim.expected)],
      ["measured", finding.measured],
      ...(ocaml === undefined ? [] : [["on OCaml", ocaml]]),
    ];
    return [
      `${claim.id}  ${claim.title}`,
      ...lines.map(([name, text]) => `      ${name.padEnd(10)}${wrapped(text, 16)}`),
      `      verdict   ${finding.verdict.toUpperCase()}${surprise}`,
    ].join("\n");
  });
  const counts = new Map<string, number>();
  for (const { finding } of outcomes) counts.set(finding.verdict, (counts.get(finding.verdict) ?? 0) + 1);
  const summary = `${counted(outcomes.length, "claim")}: ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ")}.`;
  return `${[...paragraphs, summary].join("\n\n")}\n`;
}
