import { describe, expect, it } from "vitest";
import gskew from "../../dist/predictors/2bc-gskew.js";
import { Counters, itIsWhatThePaperSays, type Naive, numberOf } from "./naive-directions.ts";
import { conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

/** All 32 bits of a number in pieces of so many, xored. */
function foldOf(number: number, width: number): number {
  const bits = (number >>> 0).toString(2).padStart(32, "0").split("").reverse();
  return bits.reduce((fold, bit, i) => fold ^ (bit === "1" ? 1 << (i % width) : 0), 0);
}

/** The rules of the EV8's paper: total update on a misprediction, else the tables that were right, and not when all agree. */
function naive(): Naive {
  let outcomes: boolean[] = [];
  const [bimodal, short, long, meta] = [1, 1, 1, 1].map((start) => new Counters(start));
  const keys = (pc: number) => [
    foldOf(pc, 5),
    foldOf(pc ^ numberOf(outcomes, 4), 6),
    foldOf(pc ^ numberOf(outcomes, 11), 6),
    foldOf(pc ^ numberOf(outcomes, 7), 5),
  ];
  const answers = (pc: number) => {
    const [b, s, l, m] = keys(pc);
    const votes = [bimodal.taken(b), short.taken(s), long.taken(l)];
    const majority = votes.filter(Boolean).length >= 2;
    return { votes, majority, byMajority: meta.taken(m) };
  };
  return {
    predict(pc) {
      const { votes, majority, byMajority } = answers(pc);
      return byMajority ? majority : votes[0];
    },
    train(pc, taken) {
      const [b, s, l, m] = keys(pc);
      const { votes, majority, byMajority } = answers(pc);
      if (majority !== votes[0]) meta.move(m, majority === taken);
      else if (majority === taken) meta.move(m, byMajority);
      const answer = meta.taken(m) ? majority : votes[0];
      const tables = [
        [bimodal, b],
        [short, s],
        [long, l],
      ] as const;
      if (answer !== taken) for (const [table, key] of tables) table.move(key, taken);
      else if (votes.some((vote) => vote !== votes[0]))
        tables.forEach(([table, key], i) => {
          if (byMajority ? votes[i] === taken : i === 0) table.move(key, votes[i]);
        });
    },
    track: (_pc, taken) => {
      outcomes = [taken, ...outcomes.slice(0, 31)];
    },
  };
}

describe("2bc-gskew", () => {
  itIsWhatThePaperSays(gskew, { bimodal: 32, entries: 64, meta: 32, shortHistory: 4, longHistory: 11, metaHistory: 7 }, naive);

  it("believes the vote where it knows better than bimodal alone", () => {
    const rounds = Array.from({ length: 800 }, (_, i) => [64, i % 5 === 4 ? 0 : 1] as const);
    expect(sum(missesOf(gskew, {}, conditionalsOf(rounds)).slice(-200))).toBe(0);
  });

  it("needs 48 KB of counters, and its longest history", () => {
    expect(gskew.storageBits(valuesOf(gskew))).toBe(48 * 8192 + 27);
  });
});
