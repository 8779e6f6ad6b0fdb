// The lookup of the TAGE within TAGE-SC-L (banked-tage.ts), written out as text: every table with its own constants, one load for a
// fold of the history, and one for where a bank begins, instead of a comparison that depends on address and path. CPython, pairs in
// turns: `tage-cbp5` 138 and 141 ns a branch became 70 and 90.
import { FOUND } from "./banked-tage-contract.ts";
import { BANKED_TAGE, type BankedTageSizes } from "./banked-tage-sizes.ts";
import { BEGIN_FOLDS, foldText } from "./bit-history.ts";

/** What the text reads and writes, by name. */
export interface LookupArrays {
  readonly ring: Int32Array;
  readonly bits: Int32Array;
  readonly path: Int32Array;
  readonly tags: Int16Array;
  /** Where the k-th bank of an array begins, all of them twice, so that counting may go on after the last. */
  readonly shortBanks: Int32Array;
  readonly longBanks: Int32Array;
  readonly found: Int32Array;
  /** By table, its entry for the branch looked up. */
  readonly places: Int32Array;
  readonly pairTags: Int32Array;
}

export interface BankedLookup {
  /** Finds the two matching tables with the longest histories, and their places. */
  find(pc: number): void;
  /** Fills the places of all tables and the tags of all pairs. */
  fill(pc: number): void;
}

export type LookupMaker = (...arrays: LookupArrays[keyof LookupArrays][]) => BankedLookup;

/** A pair's path, cut in pieces as long as a row number and mixed. */
function pathText(first: number, length: number, rowBits: number): string {
  const path = `(whole & ${2 ** Math.min(length, BANKED_TAGE.PATH_BITS) - 1})`;
  const rowMask = 2 ** rowBits - 1;
  const by = first < rowBits ? first : 0;
  if (by === 0) return `${path} ^ ${path} >>> ${rowBits}`;
  const turn = (bits: string): string => `(((${bits}) << ${by} & ${rowMask}) ^ (${bits}) >>> ${rowBits - by})`;
  return turn(`${path} & ${rowMask} ^ ${turn(`${path} >>> ${rowBits}`)}`);
}

/** The text of a function that makes both functions of the arrays. */
export function lookupText(sizes: BankedTageSizes, lengths: readonly number[]): string {
  const { rowBits, banks, tables, firstLong } = sizes;
  const longest = Math.max(...lengths);
  const rowMask = 2 ** rowBits - 1;
  const shortTables = tables.filter((table) => table < firstLong).length;
  const pathMask = (table: number): number => 2 ** Math.min(lengths[(table - 1) >> 1], BANKED_TAGE.PATH_BITS) - 1;
  const begin = `${BEGIN_FOLDS}
  const whole = path[0];
  const shortBank = ((pc ^ whole & ${pathMask(1)}) >>> 0) % ${banks[0]}, longBank = ((pc ^ whole & ${pathMask(firstLong)}) >>> 0) % ${banks[1]};
  let fold = 0, key = 0, row = 0, tag = 0, place = 0;`;

  const pairText = (pair: number): string => {
    const first = 2 * pair + 1;
    const tagBits = BANKED_TAGE.TAG_BITS[first < firstLong ? 0 : 1];
    return `fold = ${foldText(lengths[pair], longest)};
  key = Math.imul(fold ^ fold >>> 15, 0x9e3779b1);
  row = (pc ^ pc >>> ${Math.abs(rowBits - first) + 1} ^ key >>> ${32 - rowBits} ^ ${pathText(first, lengths[pair], rowBits)}) & ${rowMask};
  tag = (pc ^ key >>> ${32 - rowBits - tagBits}) & ${2 ** tagBits - 1};`;
  };
  /** All tables from the longest history on, `each` after the place of one is known. */
  const walk = (each: (table: number) => string, eachPair: (pair: number) => string): string => {
    const lines: string[] = [];
    let pair = -1;
    for (let k = tables.length - 1; k >= 0; k--) {
      const table = tables[k];
      if ((table - 1) >> 1 !== pair) {
        pair = (table - 1) >> 1;
        lines.push(pairText(pair), eachPair(pair));
      }
      const bank = table < firstLong ? `shortBanks[shortBank + ${k}]` : `longBanks[longBank + ${k - shortTables}]`;
      lines.push(`place = ${bank} + ${(table & 1) !== 0 ? "row" : `(row ^ tag & ${rowMask})`};`, each(table));
    }
    return lines.join("\n  ");
  };
  const match = (table: number): string => `if (tags[place] === tag) {
    places[${table}] = place;
    if (hit > 0) {
      found[${FOUND.HIT}] = hit;
      found[${FOUND.OTHER}] = ${table};
      return;
    }
    hit = ${table};
  }`;
  return `return {
find(pc) {
  ${begin}
  let hit = 0;
  ${walk(match, () => "")}
  found[${FOUND.HIT}] = hit;
  found[${FOUND.OTHER}] = 0;
},
fill(pc) {
  ${begin}
  ${walk(
    (table) => `places[${table}] = place;`,
    (pair) => `pairTags[${pair}] = tag;`,
  )}
} };`;
}
