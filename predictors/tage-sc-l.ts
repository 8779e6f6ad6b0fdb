// TAGE-SC-L, winner of the fifth Championship Branch Prediction in both classes, and since then the standard of comparison:
// a TAGE, a loop predictor that corrects it, and a statistical corrector that corrects both.
//
//     address, history ──► TAGE ──► loops ──► corrector ──► taken or not

import { ALL_KINDS, CONDITIONAL, INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { createBankedTage } from "../src/models/banked-tage.ts";
import { FOUND } from "../src/models/banked-tage-contract.ts";
import { type BankedTageSizes, bankedTageBits } from "../src/models/banked-tage-sizes.ts";
import { type CorrectorGroup, type CorrectorSizes, correctorBits } from "../src/models/corrector-sizes.ts";
import { createLoopTable, type LoopTableSizes, loopTableBits } from "../src/models/loop-table.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { createCorrector } from "../src/models/statistical-corrector.ts";
import { TAGE_SC_L_SIZES } from "../src/models/tage-sc-l-sizes.ts";
import type { Values } from "../src/parameters.ts";

const LOOP_WAYS = 4;
const UNSCALED = 16;

const PARAMETERS = {
  size: { type: "choice", choices: ["64", "8"], default: "64", description: "which of the two published predictors, in KB" },
  tageScale: {
    default: UNSCALED,
    min: 1,
    max: 256,
    powerOfTwo: true,
    unit: "sixteenths",
    description: "rows of TAGE's banks and base, in sixteenths of the published",
  },
  loopScale: {
    default: UNSCALED,
    min: 8,
    max: 4096,
    powerOfTwo: true,
    unit: "sixteenths",
    description: "loops, in sixteenths of the published",
  },
  correctorScale: {
    default: UNSCALED,
    min: 1,
    max: 256,
    powerOfTwo: true,
    unit: "sixteenths",
    description: "counters of the corrector's tables, in sixteenths of the published",
  },
  maxHistory: {
    default: 3000,
    min: 6,
    max: 3000,
    unit: "bits",
    description: "largest history length of the last tagged table (3000 with size=64, 1000 with size=8); the others shrink in proportion",
  },
  loop: { type: "choice", choices: ["on", "off"], default: "on", description: "off: without the table of loops" },
  corrector: { type: "choice", choices: ["on", "off"], default: "on", description: "off: without the statistical corrector" },
  local: { type: "choice", choices: ["on", "off"], default: "on", description: "off: a corrector without local histories" },
  imli: { type: "choice", choices: ["on", "off"], default: "on", description: "off: a corrector without the innermost loop's iterations" },
} as const;

export default definePredictor({
  title: "TAGE-SC-L, 64 KB",
  source:
    "A. Seznec, TAGE-SC-L branch predictors again, CBP-5, 2016; sizes and rules after its simulator (64 KB) and gem5's model of it (8 KB). " +
    "As there, addresses of branches of all kinds enter TAGE's history, targets do not. Departures: row and tag are taken from a product of " +
    "one 31-bit fold of the history; nothing matches an entry never written; another pseudo-random sequence; the corrector's longest " +
    "history really has 40 bits (the simulator shifts an int by 40); a branch whose static target is not known (one that a recording never " +
    "saw taken) counts as forward; with size=8 row and tag are mixed, and pairs tried for " +
    "room, as with size=64. Every branch trains before the next is predicted, unless --update-delay is set.",
  covers: CONDITIONAL,
  tracks: ALL_KINDS,
  parameters: PARAMETERS,
  storageBits(values) {
    const { tage, loops, corrector } = partsOf(values);
    return bankedTageBits(tage) + (loops ? loopTableBits(loops) : 0) + (corrector ? correctorBits(corrector) : 0);
  },

  create(values) {
    const parts = partsOf(values);
    const tage = createBankedTage(parts.tage);
    const loops = parts.loops && createLoopTable(parts.loops);
    const corrector = parts.corrector && createCorrector(parts.corrector);
    const { found } = tage;

    // Results of the last lookup, valid until something changes.
    const state = new Int32Array(6);
    const FRESH = 0;
    const PC = 1;
    const BEFORE = 2; // prediction of TAGE and the loop predictor
    const ANSWER_OF_ALL = 3;
    const ASKED_PC = 4; // the conditional of the last lookup ...
    const ASKED_TARGET = 5; // ... and its static target

    function look(pc: number): void {
      if (state[FRESH] !== 0 && state[PC] === pc) return;
      tage.look(pc);
      const loop = loops === undefined ? -1 : loops.predict(pc);
      const before = loop >= 0 ? loop : found[FOUND.ANSWER];
      state[FRESH] = 1;
      state[PC] = pc;
      state[BEFORE] = before;
      state[ANSWER_OF_ALL] = corrector === undefined ? before : corrector.look(pc, before, found, tage.path());
    }

    return {
      predict(pc, staticTarget) {
        state[ASKED_PC] = pc;
        state[ASKED_TARGET] = staticTarget;
        look(pc);
        return state[ANSWER_OF_ALL];
      },
      train(pc, _target, taken) {
        look(pc);
        state[FRESH] = 0;
        const given = state[ANSWER_OF_ALL];
        loops?.train(pc, taken, found[FOUND.ANSWER], given);
        corrector?.train(pc, taken, state[BEFORE], found);
        tage.train(pc, taken, given);
      },
      track(pc, target, taken, kind) {
        state[FRESH] = 0;
        if (kind === CONDITIONAL) {
          const takenTarget = taken !== 0 ? target : state[ASKED_PC] === pc ? state[ASKED_TARGET] : NONE;
          corrector?.track(pc, taken, takenTarget !== NONE && ((takenTarget - pc) | 0) < 0);
        }
        tage.push(pc, taken, kind & (INDIRECT | RETURN) ? 3 : 2);
      },
      histories: [...tage.histories, ...(corrector?.histories ?? [])],
      inspect(pc) {
        state[FRESH] = 0;
        const parts = tage.inspect(pc);
        look(pc);
        state[FRESH] = 0;
        const says = (answer: number): string => (answer !== 0 ? "taken" : "not taken");
        const rows = [["TAGE", says(found[FOUND.ANSWER])]];
        if (loops !== undefined) rows.push(["loops", says(state[BEFORE])]);
        if (corrector !== undefined) rows.push(["corrector", says(state[ANSWER_OF_ALL])]);
        return [
          ...parts,
          ...(corrector === undefined ? [] : [corrector.inspect()]),
          {
            shape: "entries",
            title: "TAGE, and what each stage after it makes of its prediction",
            columns: [{ title: "after" }, { title: "says" }],
            rows,
            used: rows.length - 1,
          },
        ];
      },
    };
  },
});

function partsOf(values: Values<typeof PARAMETERS>): {
  readonly tage: BankedTageSizes;
  readonly loops: LoopTableSizes | undefined;
  readonly corrector: CorrectorSizes | undefined;
} {
  const published: { tage: BankedTageSizes; loops: number; corrector: CorrectorSizes } = TAGE_SC_L_SIZES[values.size];
  const { tage, loops, corrector } = published;
  const moreRows = Math.log2(values.tageScale / UNSCALED);
  const moreCounters = Math.log2(values.correctorScale / UNSCALED);
  const isKept = ({ history }: CorrectorGroup): boolean =>
    (values.local === "on" || history.of !== "local") &&
    (values.imli === "on" || (history.of !== "rounds" && history.of !== "outcomes by round"));
  const sets = (loops * values.loopScale) / UNSCALED / LOOP_WAYS;
  return {
    tage: {
      ...tage,
      rowBits: tage.rowBits + moreRows,
      baseBits: tage.baseBits + moreRows,
      maxHistory: Math.min(tage.maxHistory, values.maxHistory),
    },
    loops: values.loop === "on" ? { sets, ways: LOOP_WAYS, tagBits: 10, countBits: 10, newcomers: "chance" } : undefined,
    corrector:
      values.corrector === "on"
        ? {
            ...corrector,
            biasBits: corrector.biasBits + moreCounters,
            groups: corrector.groups.filter(isKept).map((group) => ({ ...group, rowBits: group.rowBits + moreCounters })),
          }
        : undefined,
  };
}
