// A loop predictor, shared by several models: it counts how many times a branch goes one way before it goes the other, and
// once the count has been the same several times, predicts the end, however long the loop is.
import { afresh, fixedArray } from "./afresh.ts";

export interface LoopTableSizes {
  readonly sets: number;
  readonly ways: number;
  readonly tagBits: number;
  /** Bits of a count, of which an entry has two: iterations of the whole loop, and of this run so far. */
  readonly countBits: number;
  /**
   * Which branches are loops, and which entry a new loop replaces.
   *
   * `"first"`, `"turn"`: a loop branch is taken until its end, as in L-TAGE; every taken branch without an entry tries all ways
   * in order, beginning with the first, or with each in turn.
   * `"chance"`: a loop branch goes either way until its end, as in TAGE-SC-L; a mispredicted branch tries one random way, one
   * time in four. The set of an address differs from way to way.
   */
  readonly newcomers: "first" | "turn" | "chance";
}

interface Rules {
  readonly confidenceBits: number;
  readonly ageBits: number;
  readonly firstAge: number;
  readonly firstCount: number;
}

const RULES = {
  taken: { confidenceBits: 2, ageBits: 8, firstAge: 255, firstCount: 1 },
  eitherWay: { confidenceBits: 4, ageBits: 4, firstAge: 7, firstCount: 0 },
};

const rulesOf = ({ newcomers }: LoopTableSizes): Rules => (newcomers === "chance" ? RULES.eitherWay : RULES.taken);

/** Tag, two counts, confidence, age and, if loops may go either way, the direction. Trust is left out. */
export function loopTableBits(sizes: LoopTableSizes): number {
  const { confidenceBits, ageBits } = rulesOf(sizes);
  const wayBits = sizes.newcomers === "chance" ? 1 : 0;
  return sizes.sets * sizes.ways * (sizes.tagBits + 2 * sizes.countBits + confidenceBits + ageBits + wayBits);
}

export interface LoopTable {
  /** 1 or 0; or -1 if no entry is confident about this branch, or loops are not trusted now. Changes nothing that a later prediction depends on. */
  predict(pc: number): number;
  /**
   * Learns an outcome.
   * @param other the prediction without loops
   * @param given the final prediction
   */
  train(pc: number, taken: number, other: number, given: number): void;
}

export function createLoopTable(sizes: LoopTableSizes): LoopTable {
  return afresh(create)(sizes, rulesOf(sizes), fixedArray);
}

function create(
  { sets, ways, tagBits, countBits, newcomers }: LoopTableSizes,
  { confidenceBits, ageBits, firstAge, firstCount }: Rules,
  array: typeof fixedArray,
): LoopTable {
  // Indices into the small state.
  const TRUST = 0; // -64 to 63; if 0 or more, confident loops are used
  const TURN = 1;
  const RANDOM = 2; // a shift register as pseudo-random numbers, so that the same branches always give the same answers
  const FOUND = 3; // index of the loop found by the last lookup, or -1 ...
  const FOUND_PC = 4; // ... and the branch that was looked up
  const FRESH = 5; // 1 as long as nothing has changed since

  const eitherWay = newcomers === "chance";
  const surest = 2 ** confidenceBits - 1;
  const oldest = 2 ** ageBits - 1; // an entry of age 0 may be replaced
  const setBits = Math.log2(sets);
  const setMask = sets - 1;
  const tagMask = 2 ** tagBits - 1;
  const countMask = 2 ** countBits - 1;

  const all = (value: number): Int32Array => array(Array<number>(sets * ways).fill(value));
  const tags = all(-1);
  const lengths = all(0); // iterations from one end to the next, the end included; 0: not known yet
  const counts = all(0); // iterations in this run so far
  const confidences = all(0);
  const ages = all(0);
  const directions = all(1); // direction of the branch until the end
  const state = array([-1, 0, 0x2545f491, 0, 0, 0]);

  function random(): number {
    let x = state[RANDOM];
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    state[RANDOM] = x;
    return x;
  }

  function placeOf(pc: number, way: number): number {
    const high = pc >>> setBits;
    const set = eitherWay ? pc ^ (pc >>> 2) ^ ((high & setMask) >>> way) : pc;
    return (set & setMask) * ways + way;
  }

  function tagOf(pc: number): number {
    const high = pc >>> setBits;
    return (eitherWay ? high ^ (high >>> tagBits) : high) & tagMask;
  }

  /** Index of the loop that ends with this branch, or -1. */
  function find(pc: number): number {
    const tag = tagOf(pc);
    for (let way = 0; way < ways; way++) {
      const place = placeOf(pc, way);
      if (tags[place] === tag) return place;
    }
    return -1;
  }

  /** Confident after enough ends; if loops may go either way, also after enough iterations. */
  function isSure(place: number): boolean {
    return confidences[place] === surest || (eitherWay && confidences[place] * lengths[place] > 128);
  }

  const answerAt = (place: number): number => (counts[place] + 1 === lengths[place] ? 1 - directions[place] : directions[place]);

  /** Forgets the length; the entry goes on counting. */
  function forget(place: number): void {
    lengths[place] = 0;
    confidences[place] = 0;
  }

  function allocate(pc: number, taken: number): void {
    let first = 0;
    if (newcomers === "turn") {
      state[TURN] = (state[TURN] + 1) & (ways - 1);
      first = state[TURN];
    } else if (eitherWay) {
      const chance = random();
      if ((chance & 3) !== 0) return;
      first = (chance >>> 2) & (ways - 1);
    }
    for (let k = 0; k < (eitherWay ? 1 : ways); k++) {
      const place = placeOf(pc, (first + k) & (ways - 1));
      if (ages[place] > 0) {
        ages[place]--;
        continue;
      }
      tags[place] = tagOf(pc);
      forget(place);
      counts[place] = firstCount;
      ages[place] = firstAge;
      if (eitherWay) directions[place] = 1 - taken; // a mispredicted branch is most often the end of the loop
      return;
    }
  }

  function learn(place: number, taken: number, other: number, given: number): void {
    if (isSure(place)) {
      const answer = answerAt(place);
      if (answer !== given) state[TRUST] = answer === taken ? Math.min(state[TRUST] + 1, 63) : Math.max(state[TRUST] - 1, -64);
      if (answer !== taken) {
        forget(place);
        counts[place] = 0;
        ages[place] = 0;
        return;
      }
      if ((answer !== other || (eitherWay && (random() & 7) === 0)) && ages[place] < oldest) ages[place]++;
    }
    const count = (counts[place] + 1) & countMask;
    counts[place] = count;
    if (count > lengths[place]) forget(place);
    if (taken === directions[place]) return;
    counts[place] = 0;
    if (lengths[place] === 0) lengths[place] = count;
    else if (lengths[place] !== count) forget(place);
    else if (count < 3) {
      forget(place); // any history predicts so short a loop
      ages[place] = 0;
      if (eitherWay) directions[place] = taken;
    } else if (confidences[place] < surest) confidences[place]++;
  }

  return {
    predict(pc) {
      if (state[TRUST] < 0) return -1;
      const place = find(pc);
      state[FOUND] = place;
      state[FOUND_PC] = pc;
      state[FRESH] = 1;
      return place >= 0 && isSure(place) ? answerAt(place) : -1;
    },
    train(pc, taken, other, given) {
      const place = state[FRESH] !== 0 && state[FOUND_PC] === pc ? state[FOUND] : find(pc);
      state[FRESH] = 0;
      if (place >= 0) learn(place, taken, other, given);
      else if (eitherWay ? given !== taken : taken !== 0) allocate(pc, taken);
    },
  };
}
