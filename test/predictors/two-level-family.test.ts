import { describe, expect, it } from "vitest";
import gag from "../../dist/predictors/gag.js";
import gap from "../../dist/predictors/gap.js";
import gas from "../../dist/predictors/gas.js";
import gselect from "../../dist/predictors/gselect.js";
import pag from "../../dist/predictors/pag.js";
import pap from "../../dist/predictors/pap.js";
import pas from "../../dist/predictors/pas.js";
import sag from "../../dist/predictors/sag.js";
import sap from "../../dist/predictors/sap.js";
import sas from "../../dist/predictors/sas.js";
import { itRefusesTooManyCounters } from "./directions.ts";
import { Counters, itIsWhatThePaperSays, low, type Naive, numberOf } from "./naive-directions.ts";
import { valuesOf } from "./replay.ts";

/** @param register of an address @param table of an address */
const twoLevel = (bits: number, initial: number, register: (pc: number) => number, table: (pc: number) => number) => (): Naive => {
  const histories = new Map<number, boolean[]>();
  const counters = new Counters(initial);
  const key = (pc: number) => `${table(pc)} ${numberOf(histories.get(register(pc)) ?? [], bits)}`;
  return {
    predict: (pc) => counters.taken(key(pc)),
    train: (pc, taken) => counters.move(key(pc), taken),
    track: (pc, taken) => void histories.set(register(pc), [taken, ...(histories.get(register(pc)) ?? []).slice(0, 19)]),
  };
};
const one = () => 0;
const perAddress = (count: number) => (pc: number) => low(pc, count);
const perSet = (count: number, set: number) => (pc: number) => low(Math.floor(pc / set), count);

describe("two-level predictors", () => {
  itIsWhatThePaperSays(gag, { historyBits: 5, initial: 2 }, twoLevel(5, 2, one, one));
  itIsWhatThePaperSays(gap, { historyBits: 5, tables: 16, initial: 3 }, twoLevel(5, 3, one, perAddress(16)));
  itIsWhatThePaperSays(gas, { historyBits: 5, tables: 16, tableSet: 4, initial: 0 }, twoLevel(5, 0, one, perSet(16, 4)));
  itIsWhatThePaperSays(gselect, { historyBits: 5, entries: 512, initial: 2 }, twoLevel(5, 2, one, perAddress(16)));
  itIsWhatThePaperSays(pag, { historyBits: 5, histories: 64 }, twoLevel(5, 1, perAddress(64), one));
  itIsWhatThePaperSays(pap, { historyBits: 5, histories: 64 }, twoLevel(5, 1, perAddress(64), perAddress(64)));
  itIsWhatThePaperSays(pas, { historyBits: 5, histories: 64, tables: 8, tableSet: 32 }, twoLevel(5, 1, perAddress(64), perSet(8, 32)));
  itIsWhatThePaperSays(sag, { historyBits: 5, histories: 8, historySet: 16 }, twoLevel(5, 1, perSet(8, 16), one));
  itIsWhatThePaperSays(sap, { historyBits: 5, histories: 8, historySet: 16, tables: 64 }, twoLevel(5, 1, perSet(8, 16), perAddress(64)));
  itIsWhatThePaperSays(
    sas,
    { historyBits: 5, histories: 8, historySet: 16, tables: 4, tableSet: 64 },
    twoLevel(5, 1, perSet(8, 16), perSet(4, 64)),
  );

  it("need their histories, and two bits for every history in every table", () => {
    expect(gap.storageBits(valuesOf(gap))).toBe(2 * 8 * 2 ** 15 + 15);
    expect(pas.storageBits(valuesOf(pas))).toBe(1024 * 12 + 2 * 64 * 2 ** 12);
    expect(sag.storageBits(valuesOf(sag))).toBe(64 * 16 + 2 * 2 ** 16);
    expect(sap.storageBits(valuesOf(sap))).toBe(64 * 12 + 2 * 64 * 2 ** 12);
    expect(sas.storageBits(valuesOf(sas))).toBe(64 * 12 + 2 * 64 * 2 ** 12);
  });

  itRefusesTooManyCounters(sas, { tables: 1024, historyBits: 16 });
});
