// L-TAGE in 256 Kbit, winner of the second Championship Branch Prediction: TAGE, and beside it a table of loops that counts
// rounds, so that a loop's end is foreseen however long ago the last one was.
import { CONDITIONAL, INDIRECT } from "../src/branch.ts";
import { definePredictor } from "../src/predictor.ts";
import { createTage, geometricLengths, tageBits } from "../src/tage.ts";

const TABLES = 12;
const ROW_BITS = [10, 10, 11, 11, 11, 11, 10, 10, 10, 10, 9, 9];
const TAG_BITS = [7, 7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15];
const BASE_BITS = 14;

const WAYS = 4;
const LOOP_TAG_BITS = 14;
const ROUND_BITS = 14;
const SURE = 3;
const OLDEST = 255;

// Places in the small state.
const USE_LOOPS = 0; // -64 to 63; from 0 on, loops that are sure of their rounds are believed

export default definePredictor({
  title: "L-TAGE, 256 Kbit",
  source:
    "A. Seznec, The L-TAGE branch predictor, JILP 9, 2007; rules of the loops as in gem5. Departures: index and tag are cut from a " +
    "product of one 32-bit fold and the address, without a path history; an indirect branch adds one bit of its target and address " +
    "to the outcomes; no speculative rounds, because every branch trains before the next is met.",
  covers: CONDITIONAL,
  tracks: CONDITIONAL | INDIRECT,
  parameters: {
    kilobits: {
      default: 256,
      min: 16,
      max: 2048,
      powerOfTwo: true,
      unit: "Kbit",
      description: "size of its class; all tables but the loops grow and shrink with it",
    },
    loops: { default: 256, min: 4, max: 65536, powerOfTwo: true, unit: "entries", description: "loops, in sets of four" },
    minHistory: { default: 4, min: 1, max: 4000, unit: "bits", description: "history that the first tagged table sees" },
    maxHistory: {
      default: 640,
      min: 1,
      max: 4000,
      unit: "bits",
      description: "history that the last tagged table sees; the lengths between are geometric",
    },
  },
  check: ({ minHistory, maxHistory }) =>
    minHistory > maxHistory ? `minHistory must be at most maxHistory (${maxHistory}), got ${minHistory}` : undefined,
  // Of a loop: tag, rounds and rounds so far, confidence 2, age 8. 260,608 bits with the defaults. The history and four
  // small counters are left out.
  storageBits: ({ kilobits, loops }) => tageBits(sizesOf(kilobits)) + loops * (LOOP_TAG_BITS + 2 * ROUND_BITS + 2 + 8),

  create({ kilobits, loops, minHistory, maxHistory }) {
    const tage = createTage({ ...sizesOf(kilobits), lengths: geometricLengths(TABLES, minHistory, maxHistory), noRoom: "take" });
    const setBits = Math.log2(loops / WAYS);
    const tags = new Int32Array(loops).fill(-1);
    const rounds = new Int32Array(loops); // of the whole loop, its end included; 0 until its end has been seen
    const roundsSoFar = new Int32Array(loops);
    const confidences = new Int32Array(loops);
    const ages = new Int32Array(loops); // at 0 an entry may be replaced
    const state = new Int32Array(1).fill(-1);

    const setOf = (pc: number): number => (pc & (loops / WAYS - 1)) * WAYS;
    const tagOf = (pc: number): number => (pc >>> setBits) & (2 ** LOOP_TAG_BITS - 1);

    /** Where the loop that ends with this branch is, or -1. */
    function find(pc: number): number {
      const set = setOf(pc);
      const tag = tagOf(pc);
      for (let place = set; place < set + WAYS; place++) if (tags[place] === tag) return place;
      return -1;
    }

    /** Taken until the last round. */
    const answerAt = (place: number): number => (roundsSoFar[place] + 1 === rounds[place] ? 0 : 1);

    function forget(place: number): void {
      rounds[place] = 0;
      confidences[place] = 0;
    }

    function allocate(pc: number): void {
      const set = setOf(pc);
      for (let place = set; place < set + WAYS; place++) {
        if (ages[place] > 0) {
          ages[place]--;
          continue;
        }
        tags[place] = tagOf(pc);
        forget(place);
        roundsSoFar[place] = 1;
        ages[place] = OLDEST;
        return;
      }
    }

    function trainLoop(place: number, taken: number, tageAnswer: number): void {
      if (confidences[place] === SURE) {
        const answer = answerAt(place);
        if (answer !== tageAnswer)
          state[USE_LOOPS] = answer === taken ? Math.min(state[USE_LOOPS] + 1, 63) : Math.max(state[USE_LOOPS] - 1, -64);
        if (answer !== taken) {
          forget(place);
          roundsSoFar[place] = 0;
          ages[place] = 0;
          return;
        }
        if (answer !== tageAnswer && ages[place] < OLDEST) ages[place]++;
      }
      const round = (roundsSoFar[place] + 1) & (2 ** ROUND_BITS - 1);
      roundsSoFar[place] = round;
      if (round > rounds[place]) forget(place);
      if (taken !== 0) return;
      if (round === 0) forget(place);
      else if (rounds[place] === 0) rounds[place] = round;
      else if (round !== rounds[place]) forget(place);
      else if (round < 3) {
        // TAGE knows loops of one or two rounds better.
        forget(place);
        ages[place] = 0;
      } else if (confidences[place] < SURE) confidences[place]++;
      roundsSoFar[place] = 0;
    }

    return {
      predict(pc) {
        const place = state[USE_LOOPS] >= 0 ? find(pc) : -1;
        return place >= 0 && confidences[place] === SURE ? answerAt(place) : tage.predict(pc);
      },
      train(pc, _target, taken) {
        const tageAnswer = tage.train(pc, taken);
        const place = find(pc);
        if (place >= 0) trainLoop(place, taken, tageAnswer);
        else if (taken !== 0) allocate(pc);
      },
      track(pc, target, taken, kind) {
        if (kind === CONDITIONAL) tage.push(taken, 1);
        else tage.push(target ^ (target >>> 3) ^ pc, 1);
      },
    };
  },
});

function sizesOf(kilobits: number) {
  const more = Math.log2(kilobits / 256);
  return { baseBits: BASE_BITS + more, sharingBits: 2, rowBits: ROW_BITS.map((bits) => bits + more), tagBits: TAG_BITS };
}
