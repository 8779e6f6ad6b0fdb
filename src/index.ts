// What `import … from "bplab"` gives: the contracts for plug-ins, and the lab as functions.

export { type Advice, type AdviseRequest, advise, type MachineAdvice } from "./advise/advise.ts";
export type { Candidate } from "./advise/candidates.ts";
export { type MeasuredBodies, measuredIds, readMeasuredBodies } from "./bodies/measured-bodies.ts";
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
export { type FrontEnd, readFrontEnds, readMachines } from "./front-end/front-end.ts";
export { type OwnDefinitions, predictorIds } from "./front-end/load-predictor.ts";
export type { Machine } from "./front-end/machines/machine.ts";
export { findProgram, type Program, programIds, type Size } from "./guests/programs.ts";
export { measure, simulateProgram } from "./lab/lab.ts";
export {
  type Context,
  definePredictor,
  type Example,
  type Predictor,
  type PredictorDefinition,
  type Statistics,
} from "./models/predictor.ts";
export type { Parameter, Parameters, Values } from "./parameters.ts";
export type { Measurement } from "./replay/lane.ts";
export { type ChartRequest, chart, report } from "./report/library.ts";
export { readResults } from "./report/read-results.ts";
export type { ResultRecord, ResultTable } from "./report/result-records.ts";
export { type Outcome, type ReproduceRequest, reproduce } from "./reproduce/reproduce.ts";
export type { IntervalRow, Results, Row, SiteRow, TargetRow } from "./results/rows.ts";
export type { SimulateRequest } from "./simulate/request.ts";
export { simulate } from "./simulate/simulate.ts";
export type { BlockSink, Flow, Opcode, VirtualProgram } from "./trace/virtual.ts";
export type { ValidationRow } from "./validation/compare.ts";
export { type ValidateRequest, type Validation, validate } from "./validation/validate.ts";
