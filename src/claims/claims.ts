// Finds claims by file name: c17.ts is C17.
import { readdirSync } from "node:fs";
import { unknown } from "../parameters.ts";
import { type Claim, SOURCES, type Source } from "./claim.ts";

/** A claim with its id. */
export interface NamedClaim extends Claim {
  readonly id: string;
}

const FILE = /^c(\d+)(\w?)\.js$/;

/** The ids of all claims, in order: C1, C2, …, C16, C16b, … */
export function claimIds(): string[] {
  return readdirSync(new URL(".", import.meta.url))
    .flatMap((file) => {
      const [, number, letter] = FILE.exec(file) ?? [];
      return number === undefined ? [] : [{ number: Number(number), letter }];
    })
    .sort((a, b) => a.number - b.number || (a.letter < b.letter ? -1 : 1))
    .map(({ number, letter }) => `C${number}${letter}`);
}

/**
 * Claims by id, in the order of their numbers; all of them if none is named.
 * @param source only those of one source
 * @throws UsageError for an unknown id or source
 */
export async function findClaims(ids: readonly string[], source?: string): Promise<NamedClaim[]> {
  const known = claimIds();
  if (source !== undefined && !Object.hasOwn(SOURCES, source)) throw unknown("source", source, Object.keys(SOURCES));
  for (const id of ids) if (!known.includes(canonical(id))) throw unknown("claim", id, known);
  const wanted = new Set(ids.map(canonical));
  const claims = await Promise.all(
    known
      .filter((id) => wanted.size === 0 || wanted.has(id))
      .map(async (id): Promise<NamedClaim> => ({ id, ...(await import(`./${id.toLowerCase()}.js`)).default })),
  );
  return claims.filter((claim) => source === undefined || claim.source === (source as Source));
}

/** "c16B" as ids are written. */
const canonical = (id: string): string =>
  id.trim().replace(/^c(\d+)(\w?)$/i, (_, number: string, letter: string) => `C${number}${letter.toLowerCase()}`);
