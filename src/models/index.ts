// The exports of "bplab/models": everything that the lab's own predictors use (docs/own-predictors.md).
export {
  ALL_KINDS,
  CALL,
  CALLS,
  CONDITIONAL,
  DIRECT,
  INDIRECT,
  INDIRECT_CALL,
  INDIRECT_JUMP,
  JUMP,
  NONE,
  RETURN,
} from "../branch.ts";
export type { Parameter, Parameters, Values } from "../parameters.ts";
export { afresh, afreshFromText, fixedArray } from "./afresh.ts";
export { associativeBits, checkGeometry, findWay, GEOMETRY, inspectOwnEntry, inspectSet, pushBack } from "./associative-table.ts";
export { createBankedTage } from "./banked-tage.ts";
export { type BankedTage, type BankedTageSteps, FOUND, SURE } from "./banked-tage-contract.ts";
export { type BankedTageSizes, bankedTageBits } from "./banked-tage-sizes.ts";
export { BEGIN_FOLDS, type BitHistory, createBitHistory, foldText } from "./bit-history.ts";
export { FOOTPRINT_BITS, FOOTPRINTS } from "./branch-footprints.ts";
export { type BufferLevel, createBufferLevel } from "./buffer-level.ts";
export { type CookbookCorrector, cookbookCorrectorBits, createCookbookCorrector, VOTES } from "./cookbook-corrector.ts";
export { type CookbookTage, createCookbookTage, MATCH } from "./cookbook-tage.ts";
export { COOKBOOK_FOLDS, COOKBOOK_TAGE, cookbookLengths, cookbookTageBits } from "./cookbook-tage-sizes.ts";
export { type CorrectorGroup, type CorrectorHistory, type CorrectorSizes, correctorBits } from "./corrector-sizes.ts";
export { createExactTable, type ExactTable } from "./exact-table.ts";
export { createFoldedHistory, FOLD_BITS, type FoldedHistory } from "./history.ts";
export { type InspectedColumn, type InspectedPart, type Inspection, MOST_ROWS } from "./inspection.ts";
export { defineKeyedBuffer } from "./keyed-buffer.ts";
export { createLoopTable, type LoopTable, type LoopTableSizes, loopTableBits } from "./loop-table.ts";
export { type Feature, LOCAL_BITS, multiperspectiveBits } from "./multiperspective-features.ts";
export { createMultiperspectiveHistories, hashedAddress, type MultiperspectiveHistories } from "./multiperspective-histories.ts";
export { MISSES_BITS, MULTIPERSPECTIVE_SIZES, type MultiperspectiveSizes, type WeightTable } from "./multiperspective-sizes.ts";
export {
  createAddressPath,
  createExactPathTable,
  createHashedPath,
  createPathTable,
  learning,
  type Path,
  type PathTable,
  REGISTER_BITS,
} from "./path-table.ts";
export { createPatternSets, PATTERN, type PatternSets, patternSetsBits } from "./pattern-sets.ts";
export { type Context, definePredictor, type Example, type Predictor, type PredictorDefinition, type Statistics } from "./predictor.ts";
export { createRankedSets, type RankedSets } from "./ranked-sets.ts";
export { renewalOf, renewals } from "./renewal.ts";
export { type Corrector, createCorrector } from "./statistical-corrector.ts";
export { createTage, geometricLengths, type Tage, type TageSizes, tageBits } from "./tage.ts";
export { TAGE_SC_L_SIZES } from "./tage-sc-l-sizes.ts";
export { defineTwoLevel, type TwoLevelDefaults } from "./two-level-definition.ts";
export {
  createTwoLevel,
  DIRECTION_PARAMETERS,
  historyKinds,
  type TwoLevelSizes,
  tooManyCounters,
  twoLevelBits,
} from "./two-level-directions.ts";
