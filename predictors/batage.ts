// BATAGE: a TAGE whose entries count both outcomes. Two counters say how sure an entry is: the surest of all that know the
// branch answers, not the one with the longest history; so nothing has to be learned about new entries, and no useful bits are kept.
//
//     | tag | not taken, 3 bits | taken, 3 bits |     wrong so often, it is guessed: (1 + the smaller) / (2 + both)
import { ALL_KINDS, CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { createFoldedHistory, FOLD_BITS } from "../src/models/history.ts";
import { definePredictor } from "../src/models/predictor.ts";

// Of the base, which has no tags, and the fifteen tagged tables.
const LENGTHS = [0, 4, 5, 7, 9, 13, 17, 23, 32, 43, 58, 78, 105, 141, 191, 257];
const TAG_BITS = [0, 7, 7, 8, 8, 9, 11, 11, 12, 12, 12, 13, 13, 17, 17, 17];
const ROW_BITS = [14, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9, 9, 9];
const TABLES = LENGTHS.length;

const HIGH = 2; // how sure an entry is: LOW 0, medium 1, HIGH

const SKIPPED = 3; // at most
const MOST_THROTTLE = 2 ** 19;

// Places in the small state.
const RANDOM = 0; // a shift register, so that the same branches always give the same answers
const THROTTLE = 1; // how often allocation is left out, from 0 to MOST_THROTTLE for nine times in ten
const PROVIDER = 2; // found by the last lookup: the table that answers
const ANSWER = 3;

export default definePredictor({
  title: "BATAGE, 41 KB",
  source:
    "P. Michaud, An alternative TAGE-like conditional branch predictor, ACM TACO 15(3), 2018. Sizes, and the rules of allocation, are " +
    "MBPlib's (its batage_64KB, whose entries are 41 KB). Departures: row and tag are taken from a product of one 31-bit fold and the address; " +
    "another pseudo-random sequence; nothing matches an entry never written.",
  covers: CONDITIONAL,
  tracks: ALL_KINDS,
  parameters: {},
  storageBits: () => ROW_BITS.reduce((sum, bits, i) => sum + 2 ** bits * (TAG_BITS[i] + 6), 0),
  create() {
    const history = createFoldedHistory(FOLD_BITS, LENGTHS);
    const starts = fixedArray(ROW_BITS.map((_, i) => ROW_BITS.slice(0, i).reduce((sum, bits) => sum + 2 ** bits, 0)));
    const rowShifts = fixedArray(ROW_BITS.map((bits) => 32 - bits));
    const tagShifts = fixedArray(TAG_BITS.map((bits, i) => 32 - ROW_BITS[i] - bits));
    const tagMasks = fixedArray(TAG_BITS.map((bits) => 2 ** bits - 1));
    const size = ROW_BITS.reduce((sum, bits) => sum + 2 ** bits, 0);
    const tags = new Int32Array(size).fill(-1).fill(0, 0, 2 ** ROW_BITS[0]);
    const nots = new Uint8Array(size);
    const takens = new Uint8Array(size);
    const places = fixedArray(Array<number>(TABLES).fill(0)); // of the branch looked up
    const wanted = fixedArray(Array<number>(TABLES).fill(0)); // its tags
    const state = fixedArray([0x1f123bb5, 0, 0, 0]);

    function random(): number {
      let x = state[RANDOM];
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      state[RANDOM] = x;
      return x >>> 1;
    }

    /** How sure the entry is: 0, 1 where it is wrong a third of the time, or 2 where less. */
    function sureness(place: number): number {
      const margin = 2 + nots[place] + takens[place] - 3 * (1 + Math.min(nots[place], takens[place]));
      return margin > 0 ? HIGH : margin === 0 ? 1 : 0;
    }
    const hits = (table: number): boolean => tags[places[table]] === wanted[table];

    function learn(place: number, taken: number): void {
      const [own, other] = taken !== 0 ? [takens, nots] : [nots, takens];
      if (own[place] < 7) own[place]++;
      else if (other[place] > 0) other[place]--;
    }
    /** Makes an entry less sure. */
    function decay(place: number): void {
      if (takens[place] > nots[place]) takens[place]--;
      else if (nots[place] > takens[place]) nots[place]--;
    }

    function look(pc: number): void {
      const spread = Math.imul(pc, 0x85ebca6b);
      places[0] = (pc ^ (pc >>> 14)) & (2 ** ROW_BITS[0] - 1);
      let surest = sureness(places[0]);
      state[PROVIDER] = 0;
      state[ANSWER] = takens[places[0]] > nots[places[0]] ? 1 : 0;
      for (let table = 1; table < TABLES; table++) {
        const key = Math.imul(history.fold(table) ^ spread, 0x9e3779b1);
        const place = starts[table] + (key >>> rowShifts[table]);
        places[table] = place;
        wanted[table] = (key >>> tagShifts[table]) & tagMasks[table];
        if (!hits(table) || takens[place] === nots[place]) continue;
        const sure = sureness(place);
        if (sure < surest) continue;
        surest = sure;
        state[PROVIDER] = table;
        state[ANSWER] = takens[place] > nots[place] ? 1 : 0;
      }
    }

    /** Takes the first entry that is not sure, some tables after the last hit; those that are sure on the way may decay. */
    function allocate(taken: number, lastHit: number): void {
      if (random() % 10 < Math.floor((state[THROTTLE] * 10) / (MOST_THROTTLE + 1))) return;
      let protectedOnes = 0;
      for (let table = lastHit + 1 + (random() % SKIPPED); table < TABLES; table++) {
        const place = places[table];
        if (sureness(place) === HIGH) {
          const guessedWrong = 1 + Math.min(nots[place], takens[place]);
          if (6 * guessedWrong >= 2 + nots[place] + takens[place]) protectedOnes++;
          if (random() % 4 === 0) decay(place);
          continue;
        }
        tags[place] = wanted[table];
        takens[place] = taken;
        nots[place] = 1 - taken;
        state[THROTTLE] = Math.max(0, Math.min(state[THROTTLE] + 3 - 4 * protectedOnes, MOST_THROTTLE));
        return;
      }
    }

    return {
      predict(pc) {
        look(pc);
        return state[ANSWER];
      },
      train(pc, _target, taken) {
        look(pc);
        const provider = state[PROVIDER];
        const place = places[provider];
        let lastHit = provider;
        for (let table = provider + 1; table < TABLES; table++) {
          if (!hits(table)) continue;
          lastHit = table;
          learn(places[table], taken); // it has the longer history, and was not sure enough
        }
        let alternate = 0;
        for (let table = 1; table < provider; table++) if (hits(table)) alternate = table;
        const other = places[alternate];
        const sure = sureness(place);
        const otherRight = takens[other] !== nots[other] && (takens[other] > nots[other] ? 1 : 0) === taken;
        if (provider > 0 && sure === HIGH && sureness(other) === HIGH && otherRight)
          decay(place); // it is not needed
        else learn(place, taken);
        if (provider > 0 && sure !== HIGH) learn(other, taken);
        if (state[ANSWER] !== taken) allocate(taken, lastHit);
      },
      track(_pc, _target, taken) {
        history.push(taken, 1);
      },
      histories: history.arrays,
    };
  },
});
