import { describe, expect, it } from "vitest";
import piecewiseLinear from "../../dist/predictors/piecewise-linear.js";
import { itIsWhatThePaperSays, low, type Naive } from "./naive-directions.ts";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** The paper's: output = W[a][0][0] + sum over i of W[a][GA[i]][i], with the sign of GHR[i]; weights of eight bits. */
function naive(): Naive {
  const [n, m, h] = [16, 4, 9];
  const weights = new Map<string, number>();
  const past = Array.from({ length: h }, () => ({ address: 0, taken: false }));
  const threshold = Math.floor(2.14 * (h + 1) + 20.58);
  const terms = (pc: number) => [
    { key: `${low(pc, n)} bias`, sign: 1 },
    ...past.map(({ address, taken }, i) => ({ key: `${low(pc, n)} ${low(address, m)} ${i}`, sign: taken ? 1 : -1 })),
  ];
  const output = (pc: number) => terms(pc).reduce((sum, { key, sign }) => sum + sign * (weights.get(key) ?? 0), 0);
  return {
    predict: (pc) => output(pc) >= 0,
    train(pc, taken) {
      const sum = output(pc);
      if (sum >= 0 === taken && Math.abs(sum) >= threshold) return;
      for (const { key, sign } of terms(pc)) {
        const moved = (weights.get(key) ?? 0) + (taken ? sign : -sign);
        weights.set(key, Math.min(127, Math.max(-128, moved)));
      }
    },
    track(address, taken) {
      past.unshift({ address, taken });
      past.pop();
    },
  };
}

describe("piecewise linear", () => {
  itIsWhatThePaperSays(piecewiseLinear, { addresses: 16, pathAddresses: 4, historyBits: 9 }, naive);

  it("tells apart by the path what no one line does: the outcome of one branch, turned round after another", () => {
    // At 64 the outcome is that of the branch before it, or its opposite, by which branch that was.
    const random = seeded(8);
    const pairs: [number, number][] = [];
    for (let k = 0; k < 3000; k++) {
      const [which, cause] = [random(2), random(2)];
      pairs.push([which ? 0x11 : 0x12, cause], [64, which ^ cause]);
    }
    const late = (changed: object) =>
      sum(missesOf(piecewiseLinear, changed, conditionalsOf(pairs)).filter((_, i) => i > 4000 && i % 2 === 1));
    expect(late({ historyBits: 3 })).toBe(0);
    expect(late({ historyBits: 3, pathAddresses: 1 })).toBeGreaterThan(300);
  });

  it("needs eight bits a weight, and its history of outcomes and addresses", () => {
    expect(piecewiseLinear.storageBits(valuesOf(piecewiseLinear))).toBe(8 * 256 * (8 * 31 + 1) + 31 * 4);
    expect(piecewiseLinear.check?.(valuesOf(piecewiseLinear, { addresses: 4096, pathAddresses: 256, historyBits: 65 }))).toMatch(
      /needs more than 2\^26 weights$/,
    );
  });
});
