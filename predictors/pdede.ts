// PDede: a branch target buffer whose targets are cut into parts. Most branches stay within their page of 4 KB: their entries hold
// 12 bits, the place within the page. The others also hold pointers to the page's number and to the region's, which are kept once,
// in small tables of their own, for all branches that go there.
//
//     target   | region (high bits) | page (16 bits) | place in the page (12 bits) |
//                       │                  │                      │
//     kept in    region table        page table          the branch's entry

import { ALL_KINDS, INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";

const PLACE_BITS = 12;
const PAGE_BITS = 16;
const PLACE = 2 ** PLACE_BITS - 1;
const PAGE = 2 ** PAGE_BITS - 1;

/** Number of the entry that holds a value in a small table with LRU replacement; a new one replaces the oldest. */
function createDirectory(sets: number, ways: number) {
  const values = new Int32Array(sets * ways).fill(NONE);
  const used = new Float64Array(sets * ways);
  const clock = new Float64Array([1]);
  const touch = (at: number): void => {
    used[at] = clock[0]++;
  };
  return {
    values,
    touch,
    claim(value: number): number {
      const first = (value & (sets - 1)) * ways;
      let oldest = first;
      for (let at = first; at < first + ways; at++) {
        if (values[at] === value) return at;
        if (used[at] < used[oldest]) oldest = at;
      }
      values[oldest] = value;
      touch(oldest);
      return oldest;
    },
  };
}

export default definePredictor({
  title: "PDede, targets cut into page and region",
  source:
    "N. K. Soundararajan and others, PDede: Partitioned, deduplicated, delta branch target buffer, MICRO 2021 (through the simulator " +
    "published with A storage-effective BTB organization for servers, HPCA 2023, with which it shares sizes; its additional small table is " +
    "left out). An entry whose pointer's page has been replaced gives the new page: a wrong target, as in hardware. A page pointer is " +
    "refreshed when its branch executes. Returns take up entries, but one without an entry is not counted as a bubble.",
  covers: INDIRECT,
  fetches: ALL_KINDS & ~RETURN,
  tracks: RETURN,
  parameters: {
    sets: { default: 512, min: 1, max: 65536, powerOfTwo: true, unit: "sets", description: "sets; the low bits of the address select one" },
    ways: { default: 6, min: 2, max: 64, unit: "ways", description: "entries in a set; half of them, rounded down, may leave their page" },
    tagBits: { default: 12, min: 1, max: 32, unit: "bits", description: "address bits above the set index that an entry remembers" },
    pageSets: { default: 32, min: 1, max: 4096, powerOfTwo: true, unit: "sets", description: "sets of the table of pages" },
    pageWays: { default: 16, min: 1, max: 64, powerOfTwo: true, unit: "ways", description: "pages in each of them" },
    regions: { default: 4, min: 1, max: 64, powerOfTwo: true, unit: "entries", description: "entries of the table of regions" },
    skipBits: { default: 0, min: 0, max: 4, unit: "bits", description: "lowest bits of all addresses, which are always 0" },
  },
  storageBits({ sets, ways, tagBits, pageSets, pageWays, regions }) {
    const far = Math.floor(ways / 2);
    // tag, kind (2 bits), rank, whether it stays in its page, and where in it
    const near = Math.min(tagBits, 32 - Math.log2(sets)) + 2 + Math.ceil(Math.log2(ways)) + 1 + PLACE_BITS;
    const pointers = Math.log2(pageSets * pageWays) + Math.log2(regions);
    return (
      sets * (ways * near + far * pointers) +
      pageSets * pageWays * (PAGE_BITS + Math.log2(pageWays)) +
      regions * (32 - PLACE_BITS - PAGE_BITS + Math.log2(regions))
    );
  },
  create({ sets, ways, tagBits, pageSets, pageWays, regions, skipBits }) {
    const far = Math.floor(ways / 2);
    const setBits = Math.log2(sets);
    const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
    const tags = new Int32Array(sets * ways);
    const places = new Int32Array(sets * ways).fill(NONE);
    const pagePointers = new Int32Array(sets * ways).fill(NONE); // NONE: the branch's own page
    const regionPointers = new Int32Array(sets * ways);
    const used = new Float64Array(sets * ways);
    const clock = new Float64Array([1]);
    const pages = createDirectory(pageSets, pageWays);
    const areas = createDirectory(1, regions);
    const scratch = fixedArray([0]);

    const tagOf = (pc: number): number => ((pc >>> skipBits) >>> setBits) & tagMask;
    /** Place of a branch's entry, or -1; `scratch` has the first place of its set. */
    function find(pc: number): number {
      const first = ((pc >>> skipBits) & (sets - 1)) * ways;
      scratch[0] = first;
      const tag = tagOf(pc);
      for (let at = first; at < first + ways; at++) if (places[at] !== NONE && tags[at] === tag) return at;
      return -1;
    }
    function enter(pc: number, target: number, away: boolean): void {
      let at = find(pc);
      const first = scratch[0];
      // an entry in a way without pointers is given up when its branch leaves its page
      if (at >= first + far && away) {
        places[at] = NONE;
        used[at] = 0;
        at = -1;
      }
      if (at < 0) {
        at = first;
        for (let other = first; other < first + (away ? far : ways); other++) if (used[other] < used[at]) at = other;
      }
      tags[at] = tagOf(pc);
      places[at] = target & PLACE;
      used[at] = clock[0]++;
      pagePointers[at] = NONE;
      if (!away) return;
      pagePointers[at] = pages.claim((target >>> PLACE_BITS) & PAGE);
      regionPointers[at] = areas.claim(target >>> (PLACE_BITS + PAGE_BITS));
      pages.touch(pagePointers[at]);
      areas.touch(regionPointers[at]);
    }
    return {
      predict(pc) {
        const at = find(pc);
        if (at < 0) return NONE;
        if (pagePointers[at] === NONE) return (pc & ~PLACE) | places[at];
        const area = areas.values[regionPointers[at]] << (PLACE_BITS + PAGE_BITS);
        return area | (pages.values[pagePointers[at]] << PLACE_BITS) | places[at];
      },
      train: (pc, target) => enter(pc, target, pc >>> PLACE_BITS !== target >>> PLACE_BITS),
      track: (pc, target) => enter(pc, target, false),
      finish: () => ({ pages_held: pages.values.reduce((sum, page) => sum + (page === NONE ? 0 : 1), 0) }),
    };
  },
});
