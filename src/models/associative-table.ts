// A set-associative table with true LRU, like a branch target buffer: an address selects a set, a tag distinguishes the
// ways of a set. The ways of a set are in order of use, the most recent first, so that the common case looks at one way
// and the last one is always replaced. Each column (tags, targets, …) is an Int32Array.
//
//     set s:   first = s * ways          tag a  tag b  tag c  tag d      use c:   c a b d      a new e:   e c a b

import { hexadecimal, NONE } from "../branch.ts";
import { type InspectedEntries, MOST_ROWS } from "./inspection.ts";

/** Parameters of a table that is indexed by the branch's address. */
export const GEOMETRY = {
  sets: {
    default: 512,
    min: 1,
    max: 65536,
    powerOfTwo: true,
    unit: "sets",
    description: "sets; the low bits of the address select one",
  },
  ways: { default: 4, min: 1, max: 64, unit: "ways", description: "entries in a set, replaced in LRU order" },
  tagBits: {
    default: 32,
    min: 0,
    max: 32,
    unit: "bits",
    description: "address bits above the set index that an entry remembers; 32: all; 0: untagged (needs ways=1)",
  },
  unbounded: { type: "flag", default: false, description: "one entry for every branch address, never evicted" },
} as const;

interface Geometry {
  readonly sets: number;
  readonly ways: number;
  readonly tagBits: number;
  readonly unbounded: boolean;
}

/** Why a geometry is invalid, or undefined. */
export function checkGeometry({ sets, ways, tagBits, unbounded }: Geometry): string | undefined {
  const { sets: s, ways: w, tagBits: t } = GEOMETRY;
  if (unbounded && (sets !== s.default || ways !== w.default || tagBits !== t.default)) {
    return "unbounded excludes sets, ways and tagBits";
  }
  if (!unbounded && tagBits === 0 && ways > 1) return `tagBits=0 needs ways=1 (no tag distinguishes the ways), got ways=${ways}`;
  return undefined;
}

/**
 * Bits of a table: for every entry the tag (at most the address bits above the set index), the payload, and
 * its rank in the order of use.
 */
export function associativeBits(sets: number, ways: number, tagBits: number, payloadBits: number): number {
  return sets * ways * (Math.min(tagBits, 32 - Math.log2(sets)) + payloadBits + Math.ceil(Math.log2(ways)));
}

/** Index of the entry with this tag in the set that begins at `first`; if there is none, of the least recently used entry. */
export function findWay(tags: Int32Array, first: number, ways: number, tag: number): number {
  const last = first + ways - 1;
  let way = first;
  while (way < last && tags[way] !== tag) way++;
  return way;
}

/** Frees the front of a set: the entries from `first` up to `way` each move back by one, overwriting the one at `way`. */
export function pushBack(column: Int32Array, first: number, way: number): void {
  for (let i = way; i > first; i--) column[i] = column[i - 1];
}

/**
 * The set that begins at `first`, as `inspect` shows it.
 * @param columns further columns of an entry after its tag and target, with their titles
 */
export function inspectSet(
  { tags, targets, first, ways, tag }: Record<"tags" | "targets", Int32Array> & Record<"first" | "ways" | "tag", number>,
  columns: Readonly<Record<string, Int32Array>> = {},
): InspectedEntries {
  const shown = Array.from({ length: Math.min(ways, MOST_ROWS) }, (_, way) => first + way);
  const used = shown.findIndex((at) => tags[at] === tag && targets[at] !== NONE);
  return {
    shape: "entries",
    title: `set ${first / ways}: tag ${hexadecimal(tag)} is looked for`,
    columns: [
      { title: "way, by last use" },
      { title: "tag" },
      { title: "target", addresses: true },
      ...Object.keys(columns).map((title) => ({ title })),
    ],
    rows: shown.map((at, way) =>
      targets[at] === NONE
        ? [way, "empty", NONE, ...Object.keys(columns).map(() => "")]
        : [way, hexadecimal(tags[at]), targets[at], ...Object.values(columns).map((column) => column[at])],
    ),
    ...(used < 0 ? {} : { used }),
  };
}

/** The entry of one branch in a table without limits, as `inspect` shows it. @param values further values of the entry, by their titles */
export function inspectOwnEntry(pc: number, target: number, values: Readonly<Record<string, number>> = {}): InspectedEntries {
  const titles = Object.keys(values);
  return {
    shape: "entries",
    title: `the entry of branch ${hexadecimal(pc)}`,
    columns: [{ title: "target", addresses: true }, ...titles.map((title) => ({ title }))],
    rows: target === NONE ? [] : [[target, ...Object.values(values)]],
    ...(target === NONE ? {} : { used: 0 }),
  };
}
