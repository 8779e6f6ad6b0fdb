// What `import … from "bplab"` gives: the contracts for plug-ins, and the lab as functions.
export * from "./branch.ts";
export {
  defineTechnique,
  type NativeCode,
  type NativeInstruction,
  NEXT,
  type Site,
  type TechniqueDefinition,
} from "./dispatch/native-code.ts";
export { readTechniques, type Technique, techniqueIds } from "./dispatch/techniques.ts";
export { RunError, UsageError } from "./errors.ts";
export { type FrontEnd, readFrontEnds, readMachines } from "./front-end.ts";
export { createFoldedHistory } from "./history.ts";
export { measure, simulateProgram } from "./lab.ts";
export type { Measurement } from "./lane.ts";
export { predictorIds } from "./load-predictor.ts";
export type { Machine } from "./machines/machine.ts";
export { type MeasuredBodies, measuredIds, readMeasuredBodies } from "./measured-bodies.ts";
export type { Parameter, Parameters, Values } from "./parameters.ts";
export { definePredictor, type Example, type Predictor, type PredictorDefinition } from "./predictor.ts";
export { findProgram, type Program, programIds, type Size } from "./programs.ts";
export { type Outcome, type ReproduceRequest, reproduce } from "./reproduce.ts";
export type { IntervalRow, Results, Row, SiteRow, TargetRow } from "./rows.ts";
export { type SimulateRequest, simulate } from "./simulate.ts";
export type { BlockSink, Flow, Opcode, VirtualProgram } from "./trace/virtual.ts";
export type { ValidationRow } from "./validation/compare.ts";
export { type ValidateRequest, type Validation, validate } from "./validation/validate.ts";
