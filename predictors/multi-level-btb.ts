// Branch target buffer of two or three levels, as large cores have had since about 2010: a small level answers in the cycle in which
// a branch is fetched, a large one some cycles later. Every taken branch has an entry.

import { ALL_KINDS, INDIRECT, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { createBufferLevel } from "../src/models/buffer-level.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf, renewals } from "../src/models/renewal.ts";

const sets = (which: string, standard: number) =>
  ({ default: standard, min: 1, max: 65536, powerOfTwo: true, unit: "sets", description: `sets of the ${which} level` }) as const;
const ways = (which: string, standard: number, least = 1) =>
  ({ default: standard, min: least, max: 128, unit: "ways", description: `entries in a set of the ${which} level` }) as const;

export default definePredictor({
  title: "BTB of two or three levels",
  source:
    "Levels and their names after gem5 (MultiLevelBTB, src/cpu/pred, 2025); C. H. Perleberg and A. J. Smith, Branch target buffer " +
    "design and optimization, IEEE Transactions on Computers 42(4), 1993 (from memory). An entry has the whole address; each level " +
    "replaces its least recently used one, and use of a level does not count as use of the others. Two figures of a level are costs, " +
    "not parameters: the cycles of its bubble are --override, --middle-level and --slow-level.",
  covers: INDIRECT,
  fetches: ALL_KINDS,
  levels: ({ thirdWays }) => (thirdWays > 0 ? 3 : 2),
  parameters: {
    firstSets: sets("first", 16),
    firstWays: ways("first", 4),
    secondSets: sets("second", 512),
    secondWays: ways("second", 4),
    thirdSets: sets("third", 2048),
    thirdWays: { ...ways("third", 0, 0), description: "entries in a set of the third level; 0: there are two levels" },
    inclusion: {
      type: "choice",
      choices: ["none", "inclusive", "exclusive"],
      default: "none",
      description:
        "none: a new branch enters all levels, which then replace on their own; inclusive: what a level loses, quicker ones lose too; " +
        "exclusive: a branch is in one level only, and what a level loses goes to the next",
    },
    promotion: {
      type: "choice",
      choices: ["first", "next", "none"],
      default: "first",
      description: "where a branch goes that a slower level held: to the first level, to the next quicker one, or nowhere",
    },
  },
  check: ({ thirdSets, thirdWays }) =>
    thirdWays === 0 && thirdSets !== 2048 ? "thirdSets needs thirdWays above 0: there is no third level" : undefined,
  // An entry: the address bits above the set index, 32 bits of target, its rank in the order of use.
  storageBits: (values) =>
    [
      [values.firstSets, values.firstWays],
      [values.secondSets, values.secondWays],
      [values.thirdSets, values.thirdWays],
    ].reduce((sum, [s, w]) => sum + (w === 0 ? 0 : s * w * (32 - Math.log2(s) + 32 + Math.ceil(Math.log2(w)))), 0),
  create(values) {
    const { inclusion, promotion } = values;
    const first = createBufferLevel(values.firstSets, values.firstWays);
    const second = createBufferLevel(values.secondSets, values.secondWays);
    const third = values.thirdWays > 0 ? createBufferLevel(values.thirdSets, values.thirdWays) : undefined;
    const levels = third === undefined ? [first, second] : [first, second, third];
    const LEVEL = 0; // in the state: the level that gave the last prediction, from 1 on; 0: none
    const PLACE = 1; // where the last search found the branch
    const state = fixedArray([0, -1]);
    const exclusive = inclusion === "exclusive";

    /** Adds an entry to a level, and does with what it loses what the kind of inclusion asks for. */
    function insert(at: number, pc: number, target: number): void {
      const level = levels[at];
      if (!level.insert(pc, target)) return;
      const [lostPc, lostTarget] = level.lost;
      if (inclusion === "inclusive") for (const quicker of levels.slice(0, at)) quicker.remove(lostPc);
      else if (exclusive && at + 1 < levels.length) insert(at + 1, lostPc, lostTarget);
    }

    /** The quickest level that holds a branch, and in the state its place there; -1 if none does. */
    function levelOf(pc: number): number {
      // one call for each level, so that V8 knows which function it is
      let place = first.find(pc);
      state[PLACE] = place;
      if (place >= 0) return 0;
      place = second.find(pc);
      state[PLACE] = place;
      if (place >= 0) return 1;
      if (third === undefined) return -1;
      place = third.find(pc);
      state[PLACE] = place;
      return place < 0 ? -1 : 2;
    }

    return {
      predict(pc) {
        const at = levelOf(pc);
        state[LEVEL] = at + 1;
        return at < 0 ? NONE : levels[at].target(state[PLACE]);
      },
      level: () => state[LEVEL],
      renewal: () => renewals(renewalOf(state), ...levels.map((level) => level.renewal())),
      train(pc, target) {
        // nothing is learned, and nothing grows older
        if (first.leads(pc, target)) return;
        const at = levelOf(pc);
        if (at < 0) {
          // slower levels first: with inclusion, what they lose leaves the quicker ones before these have the new branch
          for (let level = exclusive ? 0 : levels.length - 1; level >= 0; level--) insert(level, pc, target);
          return;
        }
        const goal = at === 0 || promotion === "none" ? at : promotion === "next" ? at - 1 : 0;
        if (exclusive && goal < at) {
          levels[at].remove(pc);
          insert(goal, pc, target);
          return;
        }
        const held = levels[at].target(state[PLACE]);
        levels[at].renew(state[PLACE], target);
        // slower levels keep their order of use, but learn a new target
        if (held !== target) {
          for (const slower of levels.slice(at + 1)) {
            const place = slower.find(pc);
            if (place >= 0) slower.renew(place, target);
          }
        }
        for (let level = at - 1; level >= goal; level--) insert(level, pc, target);
      },
      inspect(pc) {
        const at = levelOf(pc);
        return levels.map((level, i) => {
          const { used, ...set } = level.inspect(pc);
          return { ...set, title: `level ${i + 1}, ${set.title}`, ...(i === at && used !== undefined && { used }) };
        });
      },
    };
  },
});
