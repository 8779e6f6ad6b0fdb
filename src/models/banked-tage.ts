// The TAGE within TAGE-SC-L. Its tagged tables come in pairs with the same history length, and all of them share two arrays of
// banks, one with short tags for the short histories, one with long tags for the long ones. Address and path decide in which
// bank a table's entry is, so that a busy table spreads over all banks; two tables never use the same bank at once:
//
//     bank of the k-th table of an array   =   (address ^ path  +  k)  mod banks
//
// The two tables of a pair use different rows and the same tag: together they are a skewed table of two ways.
//
// Rows and tags are taken from one product per pair, as in tage.ts, instead of three folds of its history: this makes TAGE-SC-L
// 1.5 times as fast; on the recorded traces it mispredicts as often in 64 KB, and up to 1.5 % more often in 8 KB.
import { afresh, afreshFromText, fixedArray } from "./afresh.ts";
import { type BankedTage, FOUND, SURE } from "./banked-tage-contract.ts";
import { type BankedLookup, type LookupArrays, type LookupMaker, lookupText } from "./banked-tage-lookup.ts";
import { BANKED_TAGE, type BankedTageSizes } from "./banked-tage-sizes.ts";
import { type BitHistory, createBitHistory } from "./bit-history.ts";
import { geometricLengths } from "./tage.ts";

export function createBankedTage(sizes: BankedTageSizes): BankedTage {
  const lengths = geometricLengths(sizes.logicalTables / 2, sizes.minHistory, sizes.maxHistory);
  const makeLookup = (arrays: LookupArrays): BankedLookup =>
    afreshFromText<LookupMaker>(Object.keys(arrays), lookupText(sizes, lengths))(...Object.values(arrays));
  return afresh(create)(sizes, lengths, createBitHistory(lengths), { ...BANKED_TAGE, ...FOUND, ...SURE }, fixedArray, makeLookup);
}

function create(
  { rowBits, baseBits, banks, tables: tableNumbers, logicalTables, usefulBits, choices: choiceCount }: BankedTageSizes,
  lengths: readonly number[],
  history: BitHistory,
  names: typeof BANKED_TAGE & typeof FOUND & typeof SURE,
  array: typeof fixedArray,
  makeLookup: (arrays: LookupArrays) => BankedLookup,
): BankedTage {
  const { SHARING_BITS, PATH_BITS, TICK_BITS } = names;
  const { HIT, OTHER, LONGEST, ALTERNATE, ANSWER, CONFIDENCE, CHOICE, LOW, HIGH } = names;

  // Indices into the small state.
  const PATH = 0;
  const TICK = 1; // failed allocations minus successful ones
  const RANDOM = 2; // a shift register as pseudo-random numbers, so that the same branches always give the same answers
  const LOOKED = 3; // the branch looked up

  const tables = array(tableNumbers);
  const zeros = Array<number>(logicalTables + 1).fill(0);
  const exists = array(zeros);
  for (const table of tableNumbers) exists[table] = 1;
  const rowMask = 2 ** rowBits - 1;
  const baseMask = 2 ** baseBits - 1;
  const pairs = lengths.length;
  const pushTwo = history.pusher(2);
  const pushThree = history.pusher(3);

  const [shortCount, longCount] = banks;
  /** Where an array's banks begin, all of them twice. */
  const banksFrom = (start: number, count: number): Int32Array =>
    array(Array.from({ length: 2 * count }, (_, k) => start + ((k % count) << rowBits)));
  const size = (shortCount + longCount) << rowBits;
  const tags = new Int16Array(size).fill(-1);
  const counters = new Int8Array(size); // -4 to 3; 0 or more means taken; -1 and 0 are weak
  const usefuls = new Uint8Array(size);
  const directions = new Uint8Array(2 ** baseBits); // the high and low bits of the base's counters, weakly not taken
  const hystereses = new Uint8Array(2 ** (baseBits - SHARING_BITS)).fill(1);
  const choices = array(Array<number>(choiceCount).fill(0)); // -16 to 15; if 0 or more, the alternate is used instead of a weak entry
  const state = array([0, 0, 0x1f123bb5, 0]);

  const found = array([0, 0, 0, 0, 0, 0, 0]);
  const places = array(zeros); // entries of the branch looked up, by table: HIT's and OTHER's, all after `fill`
  const pairTags = array(zeros); // after `fill`
  const { find, fill } = makeLookup({
    ...history.arrays,
    path: state,
    tags,
    shortBanks: banksFrom(0, shortCount),
    longBanks: banksFrom(shortCount << rowBits, longCount),
    found,
    places,
    pairTags,
  });

  function random(): number {
    let x = state[RANDOM];
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    state[RANDOM] = x;
    return x;
  }

  const baseOf = (pc: number): number => (pc ^ (pc >>> 2)) & baseMask;
  const baseCounter = (pc: number): number => (directions[baseOf(pc)] << 1) | hystereses[baseOf(pc) >> SHARING_BITS];
  const isBaseSure = (counter: number): boolean => counter === 0 || counter === 3;
  const isWeak = (place: number): boolean => counters[place] === 0 || counters[place] === -1;
  /** From 0 for a weak counter to 3 for a saturated one. */
  const strengthOf = (counter: number): number => (counter >= 0 ? counter : -1 - counter);

  function move(place: number, taken: number): void {
    if (taken !== 0) {
      if (counters[place] < 3) counters[place]++;
    } else if (counters[place] > -4) counters[place]--;
  }

  function moveBase(pc: number, taken: number): void {
    const counter = baseCounter(pc);
    const moved = taken !== 0 ? Math.min(counter + 1, 3) : Math.max(counter - 1, 0);
    directions[baseOf(pc)] = moved >> 1;
    hystereses[baseOf(pc) >> SHARING_BITS] = moved & 1;
  }

  /** Replaces the entry of `table` for the branch looked up; a useful or confident entry only loses some of that. */
  function take(table: number, taken: number): boolean {
    const place = places[table];
    if (usefuls[place] !== 0) {
      if (usefulBits === 2) {
        if (usefuls[place] !== 1 || !isWeak(place)) state[TICK]++;
        else if ((random() & 7) === 0) usefuls[place] = 0;
      }
      state[TICK]++;
      return false;
    }
    if (usefulBits === 1 && strengthOf(counters[place]) > 1) {
      counters[place] += counters[place] > 0 ? -1 : 1;
      return false;
    }
    if (usefulBits === 2 && (random() & 31) === 0) usefuls[place] = 1; // sometimes protected from the beginning
    tags[place] = pairTags[(table - 1) >> 1];
    counters[place] = taken !== 0 ? 0 : -1;
    state[TICK] -= usefulBits === 2 ? 5 : 2;
    return true;
  }

  /** Allocates up to two entries in pairs with longer histories, from the next pair or, one time in four, the one after it. */
  function allocate(taken: number, after: number, made?: (table: number) => void): void {
    fill(state[LOOKED]);
    const skipped = (random() & 127) < 32 ? 1 : 0;
    let wanted = 2;
    const way = random() & 1;
    for (let pair = ((after + 1) >> 1) + skipped; pair < pairs && wanted > 0; pair++) {
      const first = 2 * pair + 1 + way;
      const second = 2 * pair + 2 - way;
      const table = exists[first] !== 0 && take(first, taken) ? first : exists[second] !== 0 && take(second, taken) ? second : 0;
      if (table > 0) {
        made?.(table);
        wanted--;
        pair++; // not in neighbouring pairs
      }
    }
    if (state[TICK] < 0) state[TICK] = 0;
    if (state[TICK] < 2 ** TICK_BITS) return;
    state[TICK] = 0;
    for (let place = 0; place < usefuls.length; place++) if (usefuls[place] > 0) usefuls[place]--;
  }

  function learn(pc: number, taken: number, judges: boolean): void {
    const hit = places[found[HIT]];
    const other = found[OTHER] > 0 ? places[found[OTHER]] : -1;
    const right = found[LONGEST] === taken;
    if (isWeak(hit)) {
      if (!right) {
        // The entry may soon be replaced, so the next shorter match learns as well.
        if (other < 0) moveBase(pc, taken);
        else {
          const wasWeak = isWeak(other);
          move(other, taken);
          if (usefulBits === 2 && (wasWeak || isWeak(other))) usefuls[other] = 0;
        }
      }
      if (usefulBits === 2) usefuls[hit] = 0;
    }
    move(hit, taken);
    if (isWeak(hit)) usefuls[hit] = 0; // its prediction has just changed
    if (!right || !judges) return;
    if (found[ALTERNATE] === taken && other >= 0 && strengthOf(counters[other]) === 3 && usefuls[hit] === 1) usefuls[hit] = 0;
    if (found[ALTERNATE] !== taken && usefuls[hit] < 2 ** usefulBits - 1) usefuls[hit]++;
  }

  function look(pc: number): void {
    state[LOOKED] = pc;
    find(pc);
    const base = baseCounter(pc);
    const hit = found[HIT];
    const other = found[OTHER];
    found[ALTERNATE] = other > 0 ? (counters[places[other]] >= 0 ? 1 : 0) : base >> 1;
    if (hit === 0) {
      found[LONGEST] = found[ALTERNATE];
      found[ANSWER] = found[ALTERNATE];
      found[CONFIDENCE] = isBaseSure(base) ? HIGH : LOW;
      return;
    }
    const counter = counters[places[hit]];
    const isAlternateSure = other > 0 ? !isWeak(places[other]) : isBaseSure(base);
    found[LONGEST] = counter >= 0 ? 1 : 0;
    found[CONFIDENCE] = strengthOf(counter);
    choose(isAlternateSure);
  }

  function choose(isAlternateSure: boolean): void {
    found[CHOICE] = (((found[HIT] - 1) >> 3) << 1) + (isAlternateSure ? 1 : 0);
    found[ANSWER] = found[CONFIDENCE] === LOW && choices[found[CHOICE]] >= 0 ? found[ALTERNATE] : found[LONGEST];
  }

  function learnChoice(taken: number): void {
    if (found[LONGEST] === found[ALTERNATE]) return;
    const choice = found[CHOICE];
    if (found[ALTERNATE] === taken) choices[choice] = Math.min(choices[choice] + 1, 15);
    else choices[choice] = Math.max(choices[choice] - 1, -16);
  }

  const protect = (): void => {
    usefuls[places[found[HIT]]] = Math.min(usefuls[places[found[HIT]]] + 1, 2 ** usefulBits - 1);
  };

  return {
    found,
    steps: { choose, learnChoice, allocate, learn, learnBase: moveBase, protect },
    path: () => state[PATH],
    look,

    train(pc, taken, given) {
      const hit = found[HIT];
      let wanted = found[ANSWER] !== taken && hit < logicalTables;
      if (hit > 0 && found[CONFIDENCE] === LOW) {
        if (found[LONGEST] === taken) wanted = false;
        learnChoice(taken);
      }
      if (wanted && (given !== taken || (random() & 31) === 0)) allocate(taken, hit);
      if (hit > 0) learn(pc, taken, true);
      else moveBase(pc, taken);
    },

    push(pc, taken, bits) {
      const mixed = pc ^ (pc >>> 2) ^ taken;
      let address = pc ^ (pc >>> 2) ^ (pc >>> 4);
      let path = state[PATH];
      let pushed = 0;
      for (let k = 0; k < bits; k++) {
        pushed = (pushed << 1) | ((mixed >>> k) & 1);
        path = (path << 1) ^ (address & 127);
        address >>>= 1;
      }
      state[PATH] = path & (2 ** PATH_BITS - 1);
      if (bits === 2) pushTwo(pushed);
      else pushThree(pushed);
      return pushed;
    },
    histories: [history.arrays.ring, history.arrays.bits, state.subarray(PATH, PATH + 1)],

    inspect(pc) {
      look(pc);
      fill(pc);
      const [hit, other] = [found[HIT], found[OTHER]];
      const answering = hit > 0 && found[CONFIDENCE] === LOW && choices[found[CHOICE]] >= 0 ? other : hit;
      const role = (table: number): string =>
        table === answering ? "answers" : table === hit ? "longest match" : table === other ? "next match" : "";
      const rows = [["base", role(0), 0, "", baseOf(pc), "no tag", `${baseCounter(pc)} of 3`, ""]];
      let used = 0;
      for (const table of tables) {
        if (table < other) continue;
        if (table === answering) used = rows.length;
        const place = places[table];
        const pair = (table - 1) >> 1;
        const tag = tags[place] < 0 ? "empty" : tags[place] === pairTags[pair] ? "matches" : "another's";
        const useful = `${usefuls[place]} of ${2 ** usefulBits - 1}`;
        rows.push([`T${table}`, role(table), lengths[pair], place >> rowBits, place & rowMask, tag, `${counters[place] + 4} of 7`, useful]);
      }
      return [
        { shape: "bits", title: "the newest bits of the history", bits: history.newest(30) },
        {
          shape: "entries",
          title:
            "the base, and the tagged tables that are looked at: down to the next match after the longest, which answers if that one is weak and such entries are not trusted",
          columns: ["table", "", "history bits", "bank", "row", "tag", "counter", "useful"].map((title) => ({ title })),
          rows,
          used,
        },
      ];
    },
  };
}
