import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import ittage from "../../dist/predictors/ittage.js";
import { INDIRECT_JUMP, NONE } from "../../dist/src/branch.js";
import { answersOf, branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const answers = (pairs: readonly (readonly [number, number])[]) => answersOf(ittage, valuesOf(ittage), branchesOf(INDIRECT_JUMP, pairs));
const SITE = 0x8000;
const OTHER_SITE = 0x8123;
const [X, Y] = [0x40_1000, 0x40_2340];

describe("ITTAGE, by hand", () => {
  it("knows nothing of a new branch, then its last target", () => {
    expect(answers([0, 0, 0].map(() => [SITE, X] as const))).toEqual([NONE, X, X]);
  });

  it("lets an entry without confidence give way to the next shorter match, until that has been wrong", () => {
    // 1: T0 learns X; T1 (no history), T3 and T5 are allocated with X.
    // 2: T1 has no confidence, T0 says X; wrong, T1 becomes Y without confidence.
    // 3: T0 says X; T1 was right and T0 wrong: USE_ALTERNATE falls to -1, and T1 gains confidence.
    // 4: T1 says Y.
    const first = [SITE, SITE, SITE, SITE].map((pc, i) => [pc, i === 0 ? X : Y] as const);
    expect(answers(first)).toEqual([NONE, X, X, Y]);
    // At another site T1, without confidence, is now believed at once.
    const second = first.map(([, target]) => [OTHER_SITE, target] as const);
    expect(answers([...first, ...second])).toEqual([NONE, X, X, Y, NONE, X, Y, Y]);
  });

  it("gives a target the region that has taken over its pointer", () => {
    // 128 regions fit; the 129th frees all and takes pointer 0, which was the first one's. The offset stays.
    // The region of the first, met again, takes pointer 1, which was the second one's.
    const pairs = Array.from({ length: 129 }, (_, i) => [SITE + i, (i << 18) + 0x1000 + i] as const);
    expect(answers([...pairs, pairs[0], pairs[1]]).slice(-2)).toEqual([(128 << 18) + 0x1000, 0x1001]);
  });
});

describe("ITTAGE", () => {
  const afterFillers = (fillers: number) => {
    const random = seeded(5);
    const pairs: [number, number][] = [];
    for (let i = 0; i < 200; i++) {
      const which = random(2);
      pairs.push([SITE, which ? X : Y]);
      for (let k = 0; k < fillers; k++) pairs.push([OTHER_SITE, 0x40_5550]);
      pairs.push([SITE + 0x77, which ? Y : X]);
    }
    return branchesOf(INDIRECT_JUMP, pairs);
  };
  const lateMisses = (fillers: number, changed = {}) =>
    sum(missesOf(ittage, changed, afterFillers(fillers)).filter((_, i) => i > 100 * (fillers + 2) && i % (fillers + 2) === fillers + 1));

  it("remembers what happened 200 branches ago, and with a tenth of the history does not", () => {
    expect(lateMisses(200)).toBeLessThan(10);
    expect(lateMisses(200, { maxHistory: 388 })).toBeGreaterThan(30);
  });

  it("remembers less with fewer tables", () => {
    expect(lateMisses(20, { tables: 9 })).toBeLessThan(10); // T9 sees 219 bits
    expect(lateMisses(20, { tables: 8 })).toBeGreaterThan(30); // T8 109
  });

  it("needs 65,008 bytes: what the paper counts, without the mimicker", () => {
    expect(ittage.storageBits(valuesOf(ittage))).toBe(8 * 65_008);
    expect(ittage.storageBits(valuesOf(ittage, { tables: 2, rowBits: 10 }))).toBe(1024 * (27 + 37) + 128 * 15);
  });
});

const folder = new URL("../data/truth/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

// Built literally, with the published hashes for rows and tags, it mispredicts as often as the first of each pair says.
const COUNTS: Record<string, Record<string, readonly [literal: number, here: number]>> = {
  "ocamlrun-kb": { all: [2283, 2246], "indirect-only": [3540, 3528] },
  "switch-gcc-r": { all: [42, 39], "indirect-only": [5511, 5452] },
  "call-gcc-fib": { all: [293, 293], "indirect-only": [239, 239] },
};

describe.each(Object.keys(COUNTS))("ITTAGE on the recorded trace %s", (name) => {
  const trace = readSbbt(fileURLToPath(new URL(`${name}.sbbt.gz`, folder)));

  it.each(["all", "indirect-only"] as const)("mispredicts within 4 % and 3 of the literal one (history=%s)", (history) => {
    const [literal, here] = COUNTS[name][history];
    const misses = sum(missesOf(ittage, { history }, trace));
    expect(Math.abs(misses - literal)).toBeLessThanOrEqual(0.04 * literal + 3);
    expect(misses).toBe(here);
  });

  it("mispredicts at most 1.25 times as often as a smaller published implementation, and 100 more", () => {
    const bound = 1.25 * expected[name].reference["ittage-9x1024"].indirect + 100;
    expect(sum(missesOf(ittage, {}, trace))).toBeLessThanOrEqual(bound);
  });
});
