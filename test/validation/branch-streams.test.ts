// Modelled and recorded branches are the same if one can be renamed into the other; where they are not, the first that differs is
// named.
import { describe, expect, it } from "vitest";
import { CONDITIONAL, INDIRECT_JUMP, JUMP } from "../../dist/src/branch.js";
import { type BranchStream, compareStreams } from "../../dist/src/validation/branch-streams.js";

type Short = readonly [pc: number, target: number, kind?: number, taken?: 0 | 1];

const stream = (...all: readonly Short[]): BranchStream => ({
  branches: all.map(([pc, target, kind = INDIRECT_JUMP, taken = 1]) => ({ pc, pcHigh: 0, target, targetHigh: 0, kind, taken, gap: 1 })),
  sequence: Int32Array.from(all.keys()),
});

const modelled = stream([1, 10], [2, 20], [1, 10], [3, 4, CONDITIONAL, 0], [3, 4, CONDITIONAL], [5, 6, JUMP]);

describe("two runs of branches", () => {
  it("are the same where addresses are others throughout", () => {
    const recorded = stream([101, 110], [102, 120], [101, 110], [103, 104, CONDITIONAL, 0], [103, 204, CONDITIONAL], [105, 206, JUMP]);
    const { same, difference, after, sites } = compareStreams(modelled, recorded);
    expect([same, difference, after]).toEqual([6, undefined, 0]);
    expect(sites.get(3)).toBe(103);
  });

  it.each<[string, Short[], string]>([
    [
      "through another site than before",
      [
        [101, 110],
        [102, 120],
        [107, 110],
      ],
      "branch 3 is through another site than before",
    ],
    [
      "through a site that was another's",
      [
        [101, 110],
        [101, 120],
      ],
      "branch 2 is through another site than before",
    ],
    [
      "to another place than before",
      [
        [101, 110],
        [102, 120],
        [101, 130],
      ],
      "branch 3 is to another place than before",
    ],
    [
      "to a place that was another's",
      [
        [101, 110],
        [102, 110],
      ],
      "branch 2 is to another place than before",
    ],
    ["of another kind", [[101, 110, JUMP]], "branch 1 is of another kind"],
    [
      "in another direction",
      [
        [101, 110],
        [102, 120],
        [101, 110],
        [103, 104, CONDITIONAL, 1],
      ],
      "branch 4 is in another direction",
    ],
    ["too few", [[101, 110]], "the recording ends after 1 branches of 6"],
  ])("differ where a branch goes or is %s", (_, recorded, message) => {
    expect(compareStreams(modelled, stream(...recorded)).difference).toContain(message);
  });

  it("may go on after the end of the modelled one", () => {
    const { difference, after } = compareStreams(stream([1, 10]), stream([101, 110], [102, 120]));
    expect([difference, after]).toEqual([undefined, 1]);
  });
});
