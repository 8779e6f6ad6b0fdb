// gshare: the address of a conditional xor the outcomes of the last conditionals selects a two-bit counter, so that
// a branch has a counter for every history. A history longer than an index is folded: cut into pieces as wide as an
// index, which are xored together.
//
//     entries=16, historyBits=6, align=low      align=high
//
//     index     3 2 1 0                         3 2 1 0
//     outcomes  3 2 1 0  <- newest              1 0                    the oldest is aligned with the highest bit
//             ^     5 4                       ^ 5 4 3 2

import { ALL_KINDS, CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import type { Inspection } from "../src/models/inspection.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";

export default definePredictor({
  title: "gshare",
  source:
    "S. McFarling, Combining branch predictors, DEC WRL TN-36, 1993. Counters start at 1, weakly not taken. " +
    "Counts agree exactly with two other implementations on recorded traces; history=all is for comparison with simulators that shift " +
    "every branch in. MBPlib's is history=all:align=high:address=folded:initial=2.",
  covers: CONDITIONAL,
  tracks: ({ history }) => (history === "all" ? ALL_KINDS : CONDITIONAL),
  parameters: {
    entries: {
      default: 65536,
      min: 1,
      max: 2 ** 24,
      powerOfTwo: true,
      unit: "counters",
      description: "two-bit counters",
    },
    historyBits: {
      default: 16,
      min: 0,
      max: 64,
      unit: "bits",
      description: "outcomes in the history; more than the log2(entries) bits of an index are folded",
    },
    history: {
      type: "choice",
      choices: ["conditional", "all"],
      default: "conditional",
      description: "whose outcomes enter the history: those of conditionals, or of every branch (all others are taken)",
    },
    align: {
      type: "choice",
      choices: ["low", "high"],
      default: "low",
      description: "alignment of history and address: the newest outcome with the lowest address bit, or the oldest with the highest",
    },
    address: {
      type: "choice",
      choices: ["low", "folded"],
      default: "low",
      description: "address bits that enter the index: the lowest, or all 32, folded like a history",
    },
    initial: { default: 1, min: 0, max: 3, unit: "", description: "where counters start: 0 and 1 predict not taken, 2 and 3 taken" },
  },
  storageBits: ({ entries, historyBits }) => 2 * entries + historyBits,
  create({ entries, historyBits, align, address, initial }) {
    const counters = new Int8Array(entries).fill(initial);
    const width = Math.log2(entries);
    const mask = entries - 1;
    /** The folded history; the history itself, the newest 32 outcomes and those before. */
    const state = fixedArray([0, 0, 0]);
    const [FOLD, NEW, OLD] = [0, 1, 2];

    /** Updates the fold of a history longer than an index: rotates it, adds the newest outcome, removes the oldest. */
    function trackFolded(taken: number): void {
      const first = align === "high" && historyBits % width > 0 ? width - (historyBits % width) : 0;
      const oldest = historyBits > 32 ? (state[OLD] >>> (historyBits - 33)) & 1 : (state[NEW] >>> (historyBits - 1)) & 1;
      const turned = (state[FOLD] << 1) | (state[FOLD] >>> (width - 1));
      state[FOLD] = (turned ^ (taken << first) ^ (oldest << ((historyBits + first) % width))) & mask;
      state[OLD] = (state[OLD] << 1) | (state[NEW] >>> 31);
      state[NEW] = (state[NEW] << 1) | taken;
    }
    const plain = historyBits <= width && (align === "low" || historyBits === width);
    const historyMask = plain ? 2 ** historyBits - 1 : 0;

    /** All 32 bits of an address, folded to an index. */
    function foldAddress(pc: number): number {
      if (width === 0) return 0;
      let folded = 0;
      for (let rest = pc; rest !== 0; rest = width < 32 ? rest >>> width : 0) folded ^= rest;
      return folded & mask;
    }
    const train = (index: number, taken: number): void => {
      const counter = counters[index];
      if (taken !== 0) {
        if (counter < 3) counters[index] = counter + 1;
      } else if (counter > 0) counters[index] = counter - 1;
    };
    const track = plain
      ? (_pc: number, _target: number, taken: number): void => {
          state[FOLD] = ((state[FOLD] << 1) | taken) & historyMask;
        }
      : (_pc: number, _target: number, taken: number): void => {
          if (historyBits > 0 && width > 0) trackFolded(taken);
        };
    const inspectAt = (index: number): Inspection => [
      {
        shape: "bits",
        title: historyBits > width ? `${historyBits} outcomes, folded to an index` : "history",
        bits: width === 0 ? "" : state[FOLD].toString(2).padStart(Math.min(width, historyBits), "0"),
      },
      { shape: "counter", title: `counter ${index}: history xor address`, value: counters[index], max: 3 },
    ];
    return address === "low"
      ? {
          predict: (pc) => counters[(pc ^ state[FOLD]) & mask] >> 1,
          train: (pc, _target, taken) => train((pc ^ state[FOLD]) & mask, taken),
          track,
          histories: [state],
          renewal: () => renewalOf(counters, state),
          inspect: (pc) => inspectAt((pc ^ state[FOLD]) & mask),
        }
      : {
          predict: (pc) => counters[foldAddress(pc) ^ state[FOLD]] >> 1,
          train: (pc, _target, taken) => train(foldAddress(pc) ^ state[FOLD], taken),
          track,
          histories: [state],
          renewal: () => renewalOf(counters, state),
          inspect: (pc) => inspectAt(foldAddress(pc) ^ state[FOLD]),
        };
  },
});
