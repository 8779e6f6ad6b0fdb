// Samsung's own cores, M1 to M6.
import { type FrontEndPart, type Machine, unpublished } from "./machine.ts";

const SOURCE = "B. Grayson and others, Evolution of the Samsung Exynos CPU microarchitecture, ISCA 2020 (through secondary sources)";

const BUFFER: FrontEndPart = {
  published: "three: for few branches, for most, for virtual ones",
  confidence: "secondary",
  approximation: "one buffer of 4096, sets of 4: sizes are not published",
};
const RETURNS = unpublished("16 entries assumed");
const DIRECTION: FrontEndPart = {
  published: "a scaled hashed perceptron, 8 tables of 1024 weights",
  confidence: "secondary",
  approximation: "a hashed perceptron of that size without the scaling, with up to 232 outcomes, an assumed length",
};
const PENALTY = unpublished("none assumed: --penalty sets it");

export const SAMSUNG: readonly Machine[] = [
  {
    id: "exynos-m1",
    title: "Samsung Exynos M1 (to M5)",
    year: 2016,
    frontEnd: "vpc+btb:holds=taken:sets=1024:ways=4+hashed-perceptron:tables=8:rows=1024+return-stack:depth=16",
    penaltyCycles: undefined,
    parts: {
      buffer: BUFFER,
      indirect: {
        published: "VPC: a row of virtual conditional branches, one for each target",
        confidence: "secondary",
        approximation:
          "VPC with tables of its own, where the processor's shares those of conditionals; 12 branches, their sizes, and a history of outcomes alone assumed",
      },
      returns: RETURNS,
      direction: DIRECTION,
      penalty: PENALTY,
    },
    source: SOURCE,
  },
  {
    id: "exynos-m6",
    title: "Samsung Exynos M6 (never sold)",
    year: undefined,
    frontEnd: "two-level:entries=1024:ways=4+btb:holds=taken:sets=1024:ways=4+hashed-perceptron:tables=8:rows=1024+return-stack:depth=16",
    penaltyCycles: undefined,
    parts: {
      buffer: BUFFER,
      indirect: {
        published: "VPC, and beside it 256 sets of 4 targets",
        confidence: "secondary",
        approximation: "256 sets of 4 targets alone, selected by an assumed path of 4 indirect targets; VPC is left out",
      },
      returns: RETURNS,
      direction: DIRECTION,
      penalty: PENALTY,
    },
    source: SOURCE,
  },
];
