// LLBP, the last-level branch predictor: TAGE-SC-L with a second level of half a megabyte, whose patterns are grouped by
// program context and fetched ahead of time. The longer match of both levels answers.
import { ALL_KINDS, CONDITIONAL, INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { createBankedTage } from "../src/models/banked-tage.ts";
import { FOUND, SURE } from "../src/models/banked-tage-contract.ts";
import { bankedTageBits } from "../src/models/banked-tage-sizes.ts";
import { correctorBits } from "../src/models/corrector-sizes.ts";
import { createLoopTable, type LoopTableSizes, loopTableBits } from "../src/models/loop-table.ts";
import { createPatternSets, PATTERN, patternSetsBits } from "../src/models/pattern-sets.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { createCorrector } from "../src/models/statistical-corrector.ts";
import { geometricLengths } from "../src/models/tage.ts";
import { TAGE_SC_L_SIZES } from "../src/models/tage-sc-l-sizes.ts";

const { tage: TAGE, corrector: CORRECTOR } = TAGE_SC_L_SIZES[64];
const LOOPS: LoopTableSizes = { sets: 8, ways: 4, tagBits: 10, countBits: 10, newcomers: "chance" };

export default definePredictor({
  title: "LLBP over TAGE-SC-L, 581 KB",
  source:
    "D. Schall, A. Sandberg, B. Grot, The last-level branch predictor, MICRO 2024, after its authors' code, with TAGE-SC-L of 64 KB as first level (departures " +
    "as in tage-sc-l). Contexts are always fetched in time, as in the authors' model LLBPTageSCL64k, and unlike in their one with timing. A pattern that was " +
    "replaced while its branch was predicted is not trained (the code writes to freed memory), and a pattern answers only for the history length that it was made for.",
  covers: CONDITIONAL,
  tracks: ALL_KINDS,
  parameters: {},
  storageBits: () => bankedTageBits(TAGE) + loopTableBits(LOOPS) + correctorBits(CORRECTOR) + patternSetsBits(),

  create() {
    const tage = createBankedTage(TAGE);
    const patterns = createPatternSets(geometricLengths(TAGE.logicalTables / 2, TAGE.minHistory, TAGE.maxHistory));
    const loops = createLoopTable(LOOPS);
    const corrector = createCorrector(CORRECTOR);
    const { found, steps } = tage;
    const { match } = patterns;

    // Results of the last lookup, valid until something changes.
    const state = fixedArray([0, 0, 0, 0, 0, 0, NONE]);
    const FRESH = 0;
    const PC = 1;
    const CHOSEN = 2; // whether the second level answers
    const BEFORE = 3; // prediction of TAGE with patterns and of the loop predictor, ...
    const CORRECTED = 4; // ... and of the corrector
    const ASKED_PC = 5; // the conditional of the last lookup ...
    const ASKED_TARGET = 6; // ... and its static target

    /** A pattern stands in for the base; if it is not shorter than TAGE's match, also for the next shorter match, and answers. */
    function consult(): void {
      const isLonger = match[PATTERN.TABLE] >= found[FOUND.HIT];
      const answer = match[PATTERN.ANSWER];
      const confidence = match[PATTERN.CONFIDENCE];
      state[CHOSEN] = isLonger ? 1 : 0;
      if (isLonger) found[FOUND.OTHER] = 0;
      if (found[FOUND.OTHER] === 0) found[FOUND.ALTERNATE] = answer;
      if (found[FOUND.HIT] === 0) {
        found[FOUND.LONGEST] = answer;
        found[FOUND.CONFIDENCE] = confidence;
      }
      if (isLonger) found[FOUND.ANSWER] = answer;
      else if (found[FOUND.OTHER] === 0) steps.choose(confidence !== SURE.LOW);
    }

    function look(pc: number): void {
      if (state[FRESH] !== 0 && state[PC] === pc) return;
      tage.look(pc);
      patterns.look(pc);
      state[CHOSEN] = 0;
      if (match[PATTERN.TABLE] > 0) consult();
      const loop = loops.predict(pc);
      const before = loop >= 0 ? loop : found[FOUND.ANSWER];
      state[FRESH] = 1;
      state[PC] = pc;
      state[BEFORE] = before;
      state[CORRECTED] = corrector.look(pc, before, found, tage.path());
    }

    const answer = (): number => (state[CHOSEN] !== 0 ? match[PATTERN.ANSWER] : state[CORRECTED]);

    /** An entry in TAGE that the second level has a place for gets a pattern there too. */
    function allocate(taken: number): void {
      const provider = state[CHOSEN] !== 0 ? match[PATTERN.TABLE] : found[FOUND.HIT];
      let wanted = found[FOUND.ANSWER] !== taken && provider < TAGE.logicalTables;
      if (state[CHOSEN] === 0 && found[FOUND.HIT] > 0 && found[FOUND.CONFIDENCE] === SURE.LOW) {
        if (found[FOUND.LONGEST] === taken) wanted = false;
        steps.learnChoice(taken);
      }
      if (wanted) steps.allocate(taken, provider, (table) => patterns.allocate(table, taken));
    }

    /** Only the level that answers is trained. */
    function learn(pc: number, taken: number): void {
      const isPatternRight = match[PATTERN.ANSWER] === taken;
      if (state[CHOSEN] !== 0) {
        patterns.train(taken);
        if (!isPatternRight && match[PATTERN.CONFIDENCE] === SURE.LOW) steps.learnBase(pc, taken);
      } else if (found[FOUND.HIT] === 0) steps.learnBase(pc, taken);
      else {
        const hasPattern = match[PATTERN.TABLE] > 0;
        steps.learn(pc, taken, !hasPattern);
        if (hasPattern && found[FOUND.LONGEST] === taken && !isPatternRight) steps.protect();
      }
    }

    return {
      predict(pc, staticTarget) {
        state[ASKED_PC] = pc;
        state[ASKED_TARGET] = staticTarget;
        look(pc);
        return answer();
      },
      train(pc, _target, taken) {
        look(pc);
        state[FRESH] = 0;
        loops.train(pc, taken, found[FOUND.ANSWER], state[CORRECTED]);
        corrector.train(pc, taken, state[BEFORE], found);
        allocate(taken);
        learn(pc, taken);
      },
      track(pc, target, taken, kind) {
        state[FRESH] = 0;
        if (kind === CONDITIONAL) {
          const takenTarget = taken !== 0 ? target : state[ASKED_PC] === pc ? state[ASKED_TARGET] : NONE;
          corrector.track(pc, taken, takenTarget !== NONE && ((takenTarget - pc) | 0) < 0);
        } else patterns.enter(pc);
        const count = kind & (INDIRECT | RETURN) ? 3 : 2;
        patterns.push(tage.push(pc, taken, count), count);
      },
      histories: [...tage.histories, ...corrector.histories, ...patterns.histories],
      inspect(pc) {
        state[FRESH] = 0;
        const parts = tage.inspect(pc);
        look(pc);
        state[FRESH] = 0;
        const says = (outcome: number): string => (outcome !== 0 ? "taken" : "not taken");
        const pattern = match[PATTERN.TABLE];
        return [
          ...parts,
          corrector.inspect(),
          {
            shape: "entries",
            title: "both levels: the pattern of this context answers if its history is not shorter than that of TAGE's match",
            columns: [{ title: "level" }, { title: "longest match" }, { title: "says" }],
            rows: [
              ["TAGE-SC-L", found[FOUND.HIT] > 0 ? `T${found[FOUND.HIT]}` : "base", says(state[CORRECTED])],
              ["patterns", pattern > 0 ? `T${pattern}` : "none", pattern > 0 ? says(match[PATTERN.ANSWER]) : ""],
            ],
            used: state[CHOSEN],
          },
        ];
      },
    };
  },
});
