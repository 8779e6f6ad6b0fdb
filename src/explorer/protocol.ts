// Messages between the explorer's page and the lab in its worker: plain data. Names, options and files are what they are on the
// command line, and errors are the command's one line.
import type { PieceKind } from "../dispatch/native-code.ts";
import type { Confidence } from "../front-end/machines/machine.ts";
import type { SimulationOption } from "../options/option.ts";
import type { OptionName, OptionValues } from "../options/request.ts";
import type { NumberValue } from "../options/value.ts";
import type { Parameter } from "../parameters.ts";
import type { Cell } from "../results/columns.ts";
import type { Explanation, ProgramExplanation } from "../workbench/explanation.ts";

/**
 * A file that a request names: a pasted or dropped program (`pasted.fs`), recorded branches, a predictor in JavaScript
 * (`mine.js`, an ES module without types that imports at most "bplab/models"), a machine (`host.json`), a merge map.
 * Its name must be a plain one, without folders; requests refer to it as `./NAME`.
 */
export interface LabFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** What every request may have. */
interface WithFiles {
  readonly files?: readonly LabFile[];
}

/** What `bplab simulate` is asked for. */
export interface SimulateAsks extends WithFiles {
  /** Program ids, files (`./pasted.fs`), loops ("A B A GOTO"), recordings; at least one. */
  readonly inputs: readonly string[];
  /** The options of `bplab simulate`, as the library's `simulate` takes them: docs/options.md. */
  readonly options: OptionValues;
  /** Whether to give rows of sites, which are many; default: no. */
  readonly sites?: boolean;
}

/** A row of results: the columns of its CSV file (docs/columns.md), an unknown value as null. */
export type ResultRecord = Readonly<Record<string, Cell>>;

export interface SimulateGives {
  readonly rows: readonly ResultRecord[];
  /** Empty unless asked for. All sites of predicted kinds, worst first within a program, technique and front end. */
  readonly sites: readonly ResultRecord[];
  /** Empty unless `options.interval` is given. */
  readonly intervals: readonly ResultRecord[];
  /** Targets of dispatches; empty unless `options.contexts` is given. */
  readonly targets: readonly ResultRecord[];
  /** A line for each predictor that failed. */
  readonly failures: readonly string[];
  /** Notes on recordings, in sentences. */
  readonly notes: readonly string[];
}

/** What `bplab explain` is asked for. */
export interface ExplainAsks extends WithFiles {
  /** "A B A GOTO" */
  readonly loop: string;
  /** One technique, and one front end. */
  readonly technique: string;
  readonly predictor: string;
  /** Iterations to show at least, whether or not the pattern has been seen before; default: 0. */
  readonly leastIterations?: number;
}

/** What `bplab explain` of a program is asked for. */
export interface StepsAsks extends WithFiles {
  /** One program, as an input of `simulate`. */
  readonly input: string;
  readonly size: "test" | "full";
  /** One technique, and one front end. */
  readonly technique: string;
  readonly predictor: string;
  /** The first dispatch to show, from 1, and how many at most. */
  readonly from: number;
  readonly dispatches: number;
}

/** A program of the lab. */
export interface ListedProgram {
  readonly id: string;
  readonly purpose: string;
  /** The source: its path in the package, and its text; empty for a module of WebAssembly. */
  readonly path: string;
  readonly text: string;
}

/** A technique or predictor. */
export interface ListedPlugIn {
  readonly id: string;
  readonly title: string;
  /** What it does; empty for predictors, whose title says it. */
  readonly description: string;
  readonly source: string;
  /** Declared parameters, with defaults, ranges, units, descriptions. */
  readonly parameters: Readonly<Record<string, Omit<Parameter, "check">>>;
  /** Of predictors: bits that hardware needs with the defaults; null if unbounded. */
  readonly storageBits?: number | null;
  /** Of predictors: the kinds of branches that it predicts with the defaults, in words. */
  readonly covers?: string;
  /** Of techniques: what is needed to build an interpreter with it. */
  readonly means?: string;
  /** Of techniques: whether it chooses by training programs. */
  readonly trains?: boolean;
}

export interface ListedMachine {
  readonly id: string;
  readonly title: string;
  /** Of the first sale; null for simulators, tools and unsold processors. */
  readonly year: number | null;
  /** Its models: "ittage+tage+btb:holds=taken+return-stack". */
  readonly frontEnd: string;
  /** Null: unknown, the user's. */
  readonly penaltyCycles: number | null;
  /** For each part of the front end what is published, how sure that is, and how the model differs (empty: not at all). */
  readonly parts: readonly {
    readonly part: string;
    readonly published: string;
    readonly confidence: Confidence;
    readonly approximation: string;
  }[];
  readonly source: string;
  /** Why it should not be used for programs; null if it may. */
  readonly unfit: string | null;
  /** A technique whose estimated cycles a clock contradicts. */
  readonly misestimated: { readonly technique: string; readonly why: string } | null;
}

/** An option of simulations, without its functions. */
export interface ListedOption {
  readonly name: OptionName;
  /** "taken-branch", for `--taken-branch`. */
  readonly flag: string;
  readonly group: SimulationOption["group"];
  readonly help: string;
  /** The default in words; null if there is none. */
  readonly otherwise: string | null;
  readonly unit: string | null;
  readonly type: SimulationOption["value"]["type"];
  /** Bounds of a number. */
  readonly bounds: Pick<NumberValue, "least" | "most" | "aboveLeast" | "whole"> | null;
  /** Words of a choice. */
  readonly choices: readonly string[] | null;
}

export interface Lists {
  readonly version: string;
  readonly programs: readonly ListedProgram[];
  readonly techniques: readonly ListedPlugIn[];
  readonly defaultTechniques: readonly string[];
  /** Predictors, then oracles. */
  readonly predictors: readonly ListedPlugIn[];
  /** In the order of `bplab list machines`. */
  readonly machines: readonly ListedMachine[];
  readonly options: readonly ListedOption[];
  readonly bodies: readonly { readonly id: string; readonly title: string }[];
  readonly mergeMaps: readonly { readonly id: string; readonly title: string }[];
}

/** Asks for the native code of a program's virtual instructions under one technique; the program runs for it. */
export interface LayoutAsks extends WithFiles {
  /** One program, as an input of `simulate`. */
  readonly input: string;
  readonly technique: string;
  /** Default: test. */
  readonly size?: "test" | "full";
  readonly options?: Pick<OptionValues, "layoutSeed" | "bodies" | "maxInstructions">;
  /** Most virtual instructions to give: those that are executed most often; default: 200. */
  readonly most?: number;
}

/** A native branch in the code of a virtual instruction (dispatch/native-code.ts). */
export interface LaidOutSite {
  readonly address: number;
  /** Byte address after the branch. */
  readonly after: number;
  /** "indirect jump" */
  readonly kind: string;
  readonly dispatch: boolean;
  readonly when: "always" | "never" | "taken" | "fall-through";
  readonly owner: string;
  /** Byte address of the target; null: the entry of the next virtual instruction, whichever it is. */
  readonly target: number | null;
}

/** The native code of one virtual instruction. All addresses are byte addresses. */
export interface LaidOutInstruction {
  readonly virtualAddress: number;
  readonly opcode: string;
  readonly executions: number;
  readonly entry: number;
  /** Native instructions of one execution, dispatch included. */
  readonly nativeInstructions: number;
  /** Its branches, in the order in which they execute. */
  readonly sites: readonly LaidOutSite[];
  /** The stretches that one execution fetches, in order, the end not included. */
  readonly code: readonly { readonly start: number; readonly end: number }[];
}

export interface LayoutGives {
  readonly technique: string;
  /** Different virtual instructions that the program executed: addresses, as the technique sees them. */
  readonly executed: number;
  /** In the order of their virtual addresses. */
  readonly instructions: readonly LaidOutInstruction[];
  /** All native code and tables, as far as they are loaded when the program ends. */
  readonly pieces: readonly { readonly kind: PieceKind; readonly start: number; readonly end: number }[];
}

/** Kinds of requests, and what they give. */
export interface Requests {
  readonly simulate: { readonly asks: SimulateAsks; readonly gives: SimulateGives };
  readonly explain: { readonly asks: ExplainAsks; readonly gives: Explanation };
  readonly steps: { readonly asks: StepsAsks; readonly gives: ProgramExplanation };
  readonly lists: { readonly asks: Record<string, never>; readonly gives: Lists };
  readonly layout: { readonly asks: LayoutAsks; readonly gives: LayoutGives };
}

export type RequestKind = keyof Requests;

/** A request on its way to the worker, which does one after the other. */
export type LabRequest = {
  readonly [K in RequestKind]: { readonly id: number; readonly kind: K; readonly asks: Requests[K]["asks"] };
}[RequestKind];

/** The error of a request: the command's line, and its exit code (2: wrong usage or bad input, 1: what was run failed, 70: our bug). */
export interface LabError {
  readonly message: string;
  readonly exitCode: 1 | 2 | 70;
  /** The stack, of our own bugs. */
  readonly stack?: string;
}

/** Answers of the worker. A request has any number of answers about its progress, then one of the others. */
export type LabAnswer =
  | { readonly id: number; readonly progress: { readonly blocks: number } }
  | { readonly id: number; readonly given: Requests[RequestKind]["gives"] }
  | { readonly id: number; readonly error: LabError };
