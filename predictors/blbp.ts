// BLBP, bit-level perceptrons: every bit of a target is predicted by a perceptron of its own, as if it were the direction of a
// conditional branch, and of the targets that the branch is known to have, the one with the most similar bits answers.
//
//     history ──► 12 perceptrons:   +9  -4  +31  0 ...        similarity of a target: the sum over its bits,
//     targets of the branch:         1   0   1   1 ...        added where the bit is 1, subtracted where it is 0
//                                    0   0   1   0 ...
import { CONDITIONAL, INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { createFoldedHistory } from "../src/models/history.ts";
import { definePredictor } from "../src/models/predictor.ts";

const BITS = 12; // of a hashed target, each with its perceptron
const TABLES = 8; // of weights in a perceptron
const ROW_BITS = 10; // the second table has half as many
/** Ages of the newest and the oldest outcome that a table sees; the first table has local histories instead. */
const INTERVALS = [[], [0, 13], [1, 33], [23, 49], [44, 85], [77, 149], [159, 270], [252, 630]];
const NEWEST = 2 ** 14 - 1; // the second table's interval
/** What a weight counts by its magnitude, and each table's coefficient. */
const TRANSFER = [2, 4, 6, 8, 11, 14, 18, 24];
const COEFFICIENTS = [1.3, 1.6, 1.6, 1.5, 1.4, 1.3, 1.1, 1.0];
const WEIGHTS = 16; // values of a weight of four bits: sign and magnitude, with a zero of each sign

const LOCAL_HISTORIES = 256;
const LOCAL_BITS = 10;
const LOCAL_TARGET_BIT = 3; // the bit of a hashed target that enters a local history

const TAG_BITS = 8;
const REGION_BITS = 7;
const REGIONS = 2 ** REGION_BITS;
const OFFSET_BITS = 20;
const NO_REGION = 0x1a4; // what a region that was never written holds
const OLDEST = 3; // of two bits that order the replacement

// Indices into the small state.
const RANDOM = 0; // a counter in place of random numbers
const RECENT = 1; // the newest 14 bits of the history
const FRESH = 2; // whether the last lookup still holds ...
const FOUND_PC = 3; // ... and the branch that was looked up
const COUNT = 4; // of its targets
const ANSWER = 5; // the entry that answers, or NONE

/** Nine bits in reverse order, as a loop over them, the lowest first, pushes them into a history. */
const REVERSED = Int32Array.from({ length: 512 }, (_, bits) => {
  let reversed = 0;
  for (let k = 0; k < 9; k++) reversed = (reversed << 1) | ((bits >> k) & 1);
  return reversed;
});

/** What a weight adds to a sum, by table and weight from -8 to 7: a weight below 0 has the magnitude -1 - weight. */
const CONTRIBUTIONS = COEFFICIENTS.flatMap((coefficient) =>
  Array.from({ length: WEIGHTS }, (_, i) => {
    const weight = i - WEIGHTS / 2;
    return Math.trunc((weight < 0 ? -TRANSFER[-1 - weight] : TRANSFER[weight]) * coefficient);
  }),
);

/** Thomas Wang's hash of 32 bits. */
function hash(address: number): number {
  let key = ~address + (address << 15);
  key ^= key >>> 12;
  key += key << 2;
  key ^= key >>> 4;
  key = Math.imul(key, 34129);
  return key ^ (key >>> 16);
}

/** The bits that the perceptrons predict. */
const bitsOf = (target: number): number => (target << 2) ^ (target >>> 1) ^ (target >>> 6);

export default definePredictor({
  title: "BLBP, bit-level perceptrons, 64 KB",
  source:
    "E. Garza, S. Mirbagher-Ajorpaz, T. A. Khan and D. A. Jiménez, Bit-level perceptron prediction for indirect branches, ISCA 2019; " +
    "sizes, hashes and order of updates after the authors' code for ChampSim, with which it mispredicts exactly as often on recorded traces. " +
    "As there, 9 bits of a target and 3 of the address enter the history for an indirect branch, the outcome for a conditional, 6 bits of the address " +
    "for a return; an entry that was never written matches a branch whose tag is 0. Only indirect branches advance the counter that " +
    "stands for random numbers.",
  covers: INDIRECT,
  tracks: INDIRECT | CONDITIONAL | RETURN,
  parameters: {
    sets: { default: 64, min: 1, max: 4096, powerOfTwo: true, unit: "sets", description: "sets of the buffer of targets" },
    ways: {
      default: 64,
      min: 2,
      max: 64,
      powerOfTwo: true,
      unit: "ways",
      description: "entries in a set, one for each target of a branch",
    },
  },
  // Weights; entries with tag, region, offset and two bits for replacement; regions; local histories and the history.
  storageBits: ({ sets, ways }) =>
    BITS * 4 * (TABLES - 0.5) * 2 ** ROW_BITS +
    sets * ways * (TAG_BITS + REGION_BITS + OFFSET_BITS + 2) +
    REGIONS * (32 - OFFSET_BITS) +
    LOCAL_HISTORIES * LOCAL_BITS +
    INTERVALS[TABLES - 1][1] +
    1,

  create({ sets, ways }) {
    const history = createFoldedHistory(
      ROW_BITS,
      INTERVALS.slice(2).flatMap(([newest, oldest]) => [newest, oldest + 1]),
    );
    const turns = fixedArray(INTERVALS.map(([newest = 0]) => newest % ROW_BITS));
    const contributions = fixedArray(CONTRIBUTIONS);
    const weights = new Int8Array(TABLES * 2 ** ROW_BITS * BITS); // by table, row and bit
    const thresholds = fixedArray(Array<number>(BITS).fill(1));
    const locals = new Int32Array(LOCAL_HISTORIES);
    const setBits = Math.log2(sets);
    const tags = new Uint8Array(sets * ways);
    const ages = new Uint8Array(sets * ways).fill(OLDEST);
    const offsets = new Int32Array(sets * ways);
    const pointers = new Uint8Array(sets * ways);
    const regions = new Int32Array(REGIONS).fill(NO_REGION);

    const state = fixedArray([0xdeadb10c | 0, 0, 0, 0, 0, NONE]);
    const rows = fixedArray(Array<number>(TABLES).fill(0)); // of the branch looked up: start of each table's weights ...
    const sums = fixedArray(Array<number>(BITS).fill(0)); // ... the perceptrons' outputs ...
    const found = new Int32Array(ways); // ... its entries ...
    const foundBits = new Int32Array(ways); // ... and their hashed targets
    const partial = fixedArray(Array<number>((BITS / 4) * 16).fill(0));

    const targetAt = (place: number): number => (regions[pointers[place]] << OFFSET_BITS) | offsets[place];
    const localOf = (pc: number): number => hash(pc) & (LOCAL_HISTORIES - 1);

    /** The newest bits of a table's interval come first in its fold. */
    function foldOf(table: number): number {
      if (table === 1) return (state[RECENT] & 511) ^ (state[RECENT] >>> 9);
      const folded = history.fold(2 * table - 3) ^ history.fold(2 * table - 4);
      return (folded >>> turns[table]) | (folded << (ROW_BITS - turns[table]));
    }

    function sumUp(pc: number): void {
      sums.fill(0);
      for (let table = 0; table < TABLES; table++) {
        const index = table === 0 ? locals[localOf(pc)] ^ pc : (pc >>> 1) ^ foldOf(table);
        const row = ((table << ROW_BITS) + (index & (table === 1 ? 511 : 1023))) * BITS;
        rows[table] = row;
        const zero = table * WEIGHTS + WEIGHTS / 2;
        for (let k = 0; k < BITS; k++) sums[k] += contributions[zero + weights[row + k]];
      }
    }

    /** Finds the entries of a branch. */
    function collect(pc: number): number {
      const key = hash(pc >>> 1);
      const first = (key & (sets - 1)) * ways;
      const tag = (key >>> setBits) & (2 ** TAG_BITS - 1);
      let count = 0;
      for (let place = first; place < first + ways; place++) {
        if (tags[place] !== tag) continue;
        found[count] = place;
        foundBits[count++] = bitsOf(targetAt(place));
      }
      state[COUNT] = count;
      return count;
    }

    /** The bits in which the collected targets differ; of two targets at most five, of three eight, from one that the address chooses. */
    function telling(pc: number): number {
      const count = state[COUNT];
      let differing = 0;
      for (let i = 1; i < count; i++) differing |= foundBits[i] ^ foundBits[0];
      differing &= 2 ** BITS - 1;
      if (count !== 2 && count !== 3) return differing;
      let left = count === 2 ? 5 : 8;
      let which = 0;
      let k = (pc >>> 4) % BITS;
      for (let i = 0; i < BITS && left > 0; i++) {
        if ((differing >>> k) & 1) {
          which |= 1 << k;
          left--;
        }
        k = k === BITS - 1 ? 0 : k + 1;
      }
      return which;
    }

    function look(pc: number): void {
      if (state[FRESH] !== 0 && state[FOUND_PC] === pc) return;
      sumUp(pc);
      const count = collect(pc);
      state[FRESH] = 1;
      state[FOUND_PC] = pc;
      state[ANSWER] = count === 0 ? NONE : found[0];
      if (count < 2) return;
      // What the bits that are 1 add up to, by every value of four neighbouring bits. (Bits that are 0 need not be subtracted:
      // then all similarities are half of what they were, and differ by a constant.)
      const which = telling(pc);
      for (let k = 0; k < BITS; k++) {
        const own = 1 << (k & 3);
        const sum = (which >>> k) & 1 ? sums[k] : 0;
        const start = (k >> 2) << 4;
        for (let values = 0; values < own; values++) partial[start + own + values] = partial[start + values] + sum;
      }
      let best = -0x80000000;
      for (let i = 0; i < count; i++) {
        const bits = foundBits[i];
        const similarity = partial[bits & 15] + partial[16 + ((bits >>> 4) & 15)] + partial[32 + ((bits >>> 8) & 15)];
        if (similarity <= best) continue;
        best = similarity;
        state[ANSWER] = found[i];
      }
    }

    /** An entry to replace: the oldest, beginning somewhere; if none is old enough, all age. */
    function victim(first: number): number {
      for (;;) {
        const start = state[RANDOM];
        state[RANDOM] += 17;
        for (let i = 0; i < ways; i++) {
          const place = first + ((start + i) & (ways - 1));
          if (ages[place] === OLDEST) return place;
        }
        for (let place = first; place < first + ways; place++) ages[place]++;
      }
    }

    /** A pointer to the region of a target, which is entered if need be. */
    function pointerTo(region: number): number {
      let pointer = 0;
      while (pointer < REGIONS && regions[pointer] !== region && regions[pointer] !== NO_REGION) pointer++;
      if (pointer === REGIONS) pointer = state[RANDOM]++ & (REGIONS - 1);
      regions[pointer] = region;
      return pointer;
    }

    /** Makes a target, which is not among the collected, one of the branch's. */
    function enter(pc: number, target: number): void {
      const key = hash(pc >>> 1);
      const first = (key & (sets - 1)) * ways;
      let place = first;
      while (place < first + ways && (tags[place] !== 0 || targetAt(place) !== 0)) place++;
      if (place === first + ways) {
        place = victim(first);
        ages[place] = OLDEST - 1;
      }
      tags[place] = key >>> setBits;
      pointers[place] = pointerTo(target >>> OFFSET_BITS);
      offsets[place] = target & (2 ** OFFSET_BITS - 1);
      collect(pc);
    }

    function knownPlace(target: number): number {
      for (let i = 0; i < state[COUNT]; i++) if (targetAt(found[i]) === target) return found[i];
      return NONE;
    }

    /** Moves the weights of one bit towards its value, if its output was wrong or not clear. */
    function learnBit(k: number, bit: number): void {
      const clear = Math.abs(sums[k]);
      const right = sums[k] >= 0 === (bit !== 0);
      if (!right) thresholds[k]++;
      else if (clear < thresholds[k]) thresholds[k]--;
      if (right && clear >= thresholds[k]) return;
      for (let table = 0; table < TABLES; table++) {
        const place = rows[table] + k;
        if (bit !== 0) {
          if (weights[place] < 7) weights[place]++;
        } else if (weights[place] > -8) weights[place]--;
      }
    }

    return {
      predict(pc) {
        look(pc);
        return state[ANSWER] === NONE ? NONE : targetAt(state[ANSWER]);
      },
      train(pc, target) {
        look(pc);
        state[FRESH] = 0;
        state[RANDOM]++;
        const known = knownPlace(target);
        if (known === NONE) enter(pc, target);
        else ages[known] = 0;
        if (state[COUNT] < 2) return;
        const bits = bitsOf(target);
        const which = telling(pc);
        for (let k = 0; k < BITS; k++) if ((which >>> k) & 1) learnBit(k, (bits >>> k) & 1);
        const local = localOf(pc);
        locals[local] = ((locals[local] << 1) | ((bits >>> LOCAL_TARGET_BIT) & 1)) & (2 ** LOCAL_BITS - 1);
      },
      track(pc, target, taken, kind) {
        state[FRESH] = 0;
        let count = 1;
        let bits = taken ^ ((pc & 7) === 0 ? 1 : 0);
        if (kind === RETURN) {
          count = 6;
          bits = REVERSED[~pc & 63] >>> 3;
        } else if (kind !== CONDITIONAL) {
          count = 12;
          bits = (REVERSED[~target & 511] << 3) | (REVERSED[(~pc >>> 1) & 7] >>> 6);
        }
        history.push(bits, count);
        state[RECENT] = ((state[RECENT] << count) | bits) & NEWEST;
      },
      histories: [...history.arrays, state.subarray(RECENT, RECENT + 1)],
      inspect(pc) {
        look(pc);
        const known = Array.from({ length: state[COUNT] }, (_, i) => i);
        const which = known.length < 2 ? 0 : telling(pc);
        const similarity = (bits: number): number =>
          sums.reduce((all, sum, k) => all + ((which >>> k) & 1 ? ((bits >>> k) & 1 ? sum : -sum) : 0), 0);
        return [
          { shape: "bits", title: "the newest bits of the history: targets, addresses and outcomes", bits: history.newest(30) },
          {
            shape: "entries",
            title: "a perceptron for each bit of a hashed target; those count that tell the known targets apart",
            columns: [{ title: "bit" }, { title: "output" }, { title: "counts" }],
            rows: Array.from(sums, (sum, k) => [k, sum, (which >>> k) & 1 ? "yes" : ""]),
          },
          {
            shape: "entries",
            title: "the known targets: the most similar one answers, of equal ones the first",
            columns: [{ title: "target", addresses: true }, { title: "hashed bits" }, { title: "similarity" }],
            rows: known.map((i) => [
              targetAt(found[i]),
              (foundBits[i] & (2 ** BITS - 1)).toString(2).padStart(BITS, "0"),
              similarity(foundBits[i]),
            ]),
            ...(known.length > 0 && { used: found.indexOf(state[ANSWER]) }),
          },
        ];
      },
    };
  },
});
