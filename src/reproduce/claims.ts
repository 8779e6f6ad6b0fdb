// Finds claims by file name: claims/c17-one-dispatch-branch.ts is C17.
import { choiceRule, functionRule, objectRule, plugInsIn, textRule } from "../files/plug-ins.ts";
import { unknownName } from "../parameters.ts";
import { type Claim, type ClaimSource, EVIDENCE, SOURCES, VERDICTS } from "./claim.ts";

/** A claim with its id. */
export interface NamedClaim extends Claim {
  readonly id: string;
}

const ours = plugInsIn<Claim>("src/reproduce/claims", {
  kind: "claim",
  typed: "made by defineClaim({ … })",
  see: 'CONTRIBUTING.md, "Add a claim"',
  fields: {
    title: textRule,
    quote: textRule,
    source: choiceRule(Object.keys(SOURCES)),
    place: textRule,
    evidence: choiceRule(Object.keys(EVIDENCE)),
    method: textRule,
    experiments: objectRule,
    expected: objectRule,
    expectedVerdict: choiceRule(VERDICTS),
    judge: functionRule("from rows to a finding"),
  },
});
const FILE = /^c(\d+)(\w?)-/;

/** Files of all claims by id, in the order of their numbers: C1, C2, …, C16, C16b, … */
function claimFiles(): Map<string, string> {
  const found = ours.ids().flatMap((file) => {
    const [, number, letter] = FILE.exec(file) ?? [];
    return number === undefined ? [] : [{ file, number: Number(number), letter }];
  });
  found.sort((a, b) => a.number - b.number || (a.letter < b.letter ? -1 : 1));
  return new Map(found.map(({ file, number, letter }) => [`C${number}${letter}`, file]));
}

/** The ids of all claims, in the order of their numbers. */
export const claimIds = (): string[] => [...claimFiles().keys()];

/**
 * Claims by id, in the order of their numbers; all of them if none is named.
 * @param source only those of one source
 * @throws UsageError for an unknown id or source
 */
export async function findClaims(ids: readonly string[], source?: string): Promise<NamedClaim[]> {
  const files = claimFiles();
  const known = [...files.keys()];
  if (source !== undefined && !Object.hasOwn(SOURCES, source)) throw unknownName("source", source, Object.keys(SOURCES));
  for (const id of ids) if (!known.includes(canonical(id))) throw unknownName("claim", id, known);
  const wanted = new Set(ids.map(canonical));
  const claims = await Promise.all(
    [...files]
      .filter(([id]) => wanted.size === 0 || wanted.has(id))
      .map(async ([id, file]): Promise<NamedClaim> => ({ id, ...(await ours.load(file)) })),
  );
  return claims.filter((claim) => source === undefined || claim.source === (source as ClaimSource));
}

/** Normalises an id: "c16B" → "C16b". */
const canonical = (id: string): string =>
  id.trim().replace(/^c(\d+)(\w?)$/i, (_, number: string, letter: string) => `C${number}${letter.toLowerCase()}`);
