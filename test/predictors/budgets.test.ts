// Storage against the budgets of papers and championships: a model that is larger than what it is named after predicts with what
// its rivals did not have.
import { expect, it } from "vitest";
import { predictorDefinition } from "../../dist/src/front-end/load-predictor.js";
import { readParameters } from "../../dist/src/parameters.js";

const KILOBYTE = 8192;

/** Specification, budget in bits, where it is from, and the part of it that a model must use. */
const BUDGETS: readonly (readonly [spec: string, bits: number, source: string, least: number])[] = [
  ["ittage", 64 * KILOBYTE, "third championship, 64 KB", 0.95],
  ["l-tage", 256 * 1024, "second championship, 256 Kbit", 0.95],
  ["tage-cbp5", 64 * KILOBYTE, "fifth championship, 64 KB, of which it is a part", 0.8],
  ["tage-sc-l", 64 * KILOBYTE + 2048, "fifth championship, 64 KB and 2048 bits, as its rules say (jilp.org/cbp2016)", 0.95],
  ["tage-sc-l:size=8", 8 * KILOBYTE + 2048, "fifth championship, 8 KB and 2048 bits, as its rules say (jilp.org/cbp2016)", 0.85],
  ["tage-sc", 192 * KILOBYTE, "2025 championship, 192 KB", 0.95],
  ["o-gehl", 64 * 1024, "first championship, 64 Kbit", 0.95],
  ["perceptron", 64 * KILOBYTE, "64 KB, the largest of the paper", 0.9],
  ["hashed-perceptron", 64 * KILOBYTE, "64 KB, as in ChampSim", 0.95],
  ["tournament", 30 * 1024, "Alpha 21264, 29 Kbit and histories", 0.9],
  ["target-cache", 512 * 32 + 9, "512 targets and 9 outcomes", 1],
  ["simple-indirect", 512 * (16 + 32) + 3 * 32 + 13, "gem5's 256 sets of 2", 1],
];

it.each(BUDGETS)("%s fits into %d bits (%s)", async (spec, bits, _source, least) => {
  const [id, ...parts] = spec.split(":");
  const definition = await predictorDefinition(id);
  const { values } = readParameters(id, id, parts, definition.parameters);
  const own = definition.storageBits(values);
  // counters and histories beside the tables are allowed one part in a hundred
  expect(own).toBeLessThanOrEqual(bits * 1.01);
  expect(own).toBeGreaterThanOrEqual(bits * least);
});
