// Bi-mode: two gshare tables, one for branches that are mostly taken and one for the others, so that branches which share a
// counter mostly agree. A bimodal table says which of the two a branch belongs to.
import { CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

export default definePredictor({
  title: "Bi-mode",
  source:
    "C.-C. Lee, I.-C. K. Chen and T. N. Mudge, The bi-mode branch predictor, MICRO 1997. Only the counter that was chosen learns; the " +
    "choice does not where it was wrong but the chosen counter right. Where counters start, and the size, are ours. With entries=8192:choices=8192:" +
    "historyBits=13:history=all:start=zero it mispredicts on recorded traces as often as gem5's BiModeBP without a shift of addresses.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    entries: {
      default: 65536,
      min: 1,
      max: 2 ** 22,
      powerOfTwo: true,
      unit: "counters",
      description: "counters of each of the two tables",
    },
    choices: {
      default: 65536,
      min: 1,
      max: 2 ** 22,
      powerOfTwo: true,
      unit: "counters",
      description: "counters that choose; the low bits of the address select one",
    },
    historyBits: { default: 16, min: 0, max: 24, unit: "bits", description: "outcomes in the history, at most log2(entries)" },
    history: DIRECTION_PARAMETERS.history,
    start: {
      type: "choice",
      choices: ["leaning", "zero"],
      default: "leaning",
      description: "where counters start: weakly, those of the two tables as the table leans, those that choose not taken; or at 0",
    },
  },
  check: ({ entries, historyBits }) =>
    2 ** historyBits > entries ? `historyBits must be at most log2(entries) (${Math.log2(entries)}), got ${historyBits}` : undefined,
  storageBits: ({ entries, choices, historyBits }) => 2 * (2 * entries + choices) + historyBits,
  create({ entries, choices, historyBits, start }) {
    const counters = new Int8Array(2 * entries); // those that lean to not taken come first
    const choosers = new Int8Array(choices);
    if (start === "leaning") {
      counters.fill(1, 0, entries).fill(2, entries);
      choosers.fill(1);
    }
    const outcomes = fixedArray([0]);
    const historyMask = 2 ** historyBits - 1;
    const chosen = (pc: number): number => choosers[pc & (choices - 1)] >> 1;
    const placeOf = (pc: number): number => chosen(pc) * entries + ((pc ^ outcomes[0]) & (entries - 1));

    function move(table: Int8Array, place: number, taken: number): void {
      const counter = table[place];
      if (taken !== 0) {
        if (counter < 3) table[place] = counter + 1;
      } else if (counter > 0) table[place] = counter - 1;
    }

    return {
      predict: (pc) => counters[placeOf(pc)] >> 1,
      train(pc, _target, taken) {
        const place = placeOf(pc);
        const right = counters[place] >> 1 === taken;
        if (chosen(pc) === taken || !right) move(choosers, pc & (choices - 1), taken);
        move(counters, place, taken);
      },
      track(_pc, _target, taken) {
        outcomes[0] = ((outcomes[0] << 1) | taken) & historyMask;
      },
      histories: [outcomes],
    };
  },
});
