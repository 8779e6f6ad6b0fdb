// The source text of the hot loop, which replays the branches of executed virtual blocks, or a stream of recorded ones, through
// one front end. It is generated for the kinds of branches that occur, and compiled once per replay, so that each call site in
// it sees only one model.
//
// The function's first line copies tables and models from its closure into locals. It looks useless but gains a factor of
// 1.6 to 2 (queens, compiler, lz; direct threading and switch; btb): V8 then treats them as constants wherever the loop uses
// them, addresses tables absolutely, and omits all type checks of models and tables. As arguments they are not constants; used
// directly from the closure they gain only a factor of 1.2.
//
// Values that are the same for all branches of a kind are literal text: 1.08 to 1.1. The next block is passed on, not loaded
// again: 1.07 to 1.12. How control leaves a block is computed only if it makes a difference, which it does not if every body
// ends in the same dispatch: 1.11 to 1.18. No gain, or a loss: handling the branch to NEXT after the inner loop (0.97 to 1.05),
// counting misses or choosing the variant without a jump (0.9 to 0.98), expanding many blocks into flat buffers first (0.7),
// tables row by row instead of column by column (0.9 to 1).
import { CONDITIONAL, DIRECT, INDIRECT, KINDS, NONE, RETURN } from "../branch.ts";
import { SUCCESSOR } from "../dispatch/lowering.ts";
import { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { nonsense } from "../front-end/predictor-shape.ts";
import type { Context, Predictor } from "../models/predictor.ts";
import { MAX_INSTRUCTION_BYTES } from "../recordings/events.ts";
import type { CountColumns } from "./branch-counts.ts";

/** Called for every predicted branch if there is an observer: the branch's row, the prediction, the target. */
export type Observer = (row: number, predicted: number, target: number) => void;

/** The arguments of models' functions, a row for each branch: its address, target, kind, … */
export type BranchColumns = Record<"pcs" | "targets" | "kinds" | "afters" | "takens" | "statics", Int32Array>;

/**
 * What models may be told of programs' branches beside their addresses, a row for each branch; where `pointsTo` is SUCCESSOR, the
 * next block says it.
 */
export type ProgramContexts = Record<"virtualAddresses" | "pointsTo" | "opcodesThere", Int32Array>;

/** The same of recorded branches: the row of each one's site, and by site its address as it was recorded. */
export type RecordedContexts = Record<"sites" | "recordedPcs" | "recordedHighs", Int32Array>;

/** Tables that the loop over blocks reads. It writes the targets of branches to NEXT. */
export interface BlockColumns {
  /** A row for each block: its first virtual address, the one after it, its native entry, the opcode of its first instruction. */
  readonly blocks: Record<"firsts" | "ends" | "entries" | "opcodes", Int32Array>;
  /** A row for each variant of a block: its branches, the one among them that goes to NEXT (0 for none), executions if branches are merged. */
  readonly variants: Record<"starts" | "stops" | "patches" | "runs", Int32Array>;
  /** `learns`: the target of the last of several executions that a row stands for (merged-branches.ts). */
  readonly branches: BranchColumns & Record<"learns", Int32Array>;
  readonly contexts: ProgramContexts;
}

/**
 * Replays `ids[from] … ids[to - 1]`; `ids[to]` follows them.
 * @param block `ids[from]`. The function must not load it itself: V8 has too little type feedback for code before the loop when
 *              it first optimises, discards the result, and keeps code made for on-stack replacement, at 0.6 of the speed
 *              (at first in 56 of 90 replays).
 */
export type BlockLoop = (ids: Int32Array, from: number, to: number, block: number) => void;

/**
 * Blocks per call of the loop. V8 replaces a function's code between calls, so with short calls the best code is used early,
 * and again soon after a deoptimisation: 1.04 to 1.13 times as fast as calls of 32768 blocks.
 */
export const PER_CALL = 1024;

/** Replays the branches whose rows are `rows[from] … rows[to - 1]`. @param gaps the gap of each row, where a model asks for gaps */
export type RowLoop = (rows: Int32Array, from: number, to: number, gaps: Int32Array) => void;

export interface LoopSubject {
  readonly frontEnd: FrontEnd;
  readonly models: readonly Predictor[];
  /** Whether the models may be replaced between calls. */
  readonly renewed: boolean;
  /** Kinds of branches that occur and for which some model's function is called. */
  readonly kinds: number;
  /** Whether branches of other kinds occur. */
  readonly others: boolean;
  /** Kinds of branches of which a row stands for several executions; default: none. */
  readonly merged?: number;
  readonly counts: CountColumns;
  readonly observer?: Observer;
  /** Called after every branch; undefined: nothing is. */
  readonly tick?: () => void;
}

/**
 * Code that counts bubbles and overrides at a correctly predicted taken branch: a bubble if the buffer does not hold it, an
 * override if the first level gave another target, or none.
 * @param right expression for whether it was predicted correctly; undefined if no model predicts it, which counts as correct
 * @param owns  in the parts of the front end: whether the buffer also predicts the branch
 */
function fetchText(
  kind: number,
  right: string | undefined,
  { fetcher, first, levels, owns }: { fetcher?: number; first?: number; levels: number; owns: boolean },
  told: Told,
): string {
  const counted: string[] = [];
  const before: string[] = [];
  if (fetcher !== undefined) {
    const held = owns ? "predicted" : "held";
    if (!owns) before.push(`const held = ${told.predict(fetcher, NONE)};`);
    if (!owns) counted.push(`if (held ${kind & DIRECT ? "!== target" : `=== ${NONE}`}) bubbles[k]++;`);
    if (levels > 1) {
      const late = kind & INDIRECT && !owns ? `level > 1 || ${held} !== target` : "level > 1";
      const middle = levels > 2 && (kind & INDIRECT) === 0 ? " if (level === 2) middles[k]++;" : "";
      before.push(`const level = ${told.level(fetcher)};`);
      counted.push(`if (${late}) { overrides[k]++;${middle} }`);
    }
  }
  if (first !== undefined)
    counted.push(`if (${told.predict(first, NONE)} ${kind === RETURN ? `=== ${NONE}` : "!== target"}) overrides[k]++;`);
  const counting = [...before, counted.join(" else ")].join("\n          ");
  const training = [owns ? undefined : fetcher, first].filter((model) => model !== undefined).map((model) => told.train(model, 1));
  return [`${right === undefined ? "" : `if (${right}) `}{\n          ${counting}\n        }`, ...training].join("\n        ");
}

/** Calls of models as text, each with what the model is told of a branch beside its address. */
interface Told {
  predict(model: number, staticTarget: number | string): string;
  /** @param target default: the branch's own */
  train(model: number, taken: number | string, target?: string): string;
  track(model: number, taken: number | string, kind: number): string;
  level(model: number): string;
}

function toldOf({ models }: FrontEnd, { recorded }: RowFacts): Told {
  const context = (model: number): string => models[model].declares.map((name) => `, ${name}`).join("");
  const pc = (model: number): string => (recorded && models[model].declares.includes("highAddressBits") ? "recordedPc" : "pc");
  return {
    predict: (model, staticTarget) => `model${model}.predict(${pc(model)}, ${staticTarget}${context(model)})`,
    train: (model, taken, target = "target") => `model${model}.train(${pc(model)}, ${target}, ${taken}${context(model)});`,
    track: (model, taken, kind) => `model${model}.track(${pc(model)}, target, ${taken}, ${kind}, afters[k]${context(model)});`,
    level: (model) => `model${model}.level()`,
  };
}

/** How the loops know each context. */
const PROGRAM_CONTEXTS: Readonly<Record<Exclude<Context, "gap">, string>> = {
  highAddressBits: "const highAddressBits = 0;",
  virtualAddress: "const virtualAddress = virtualAddresses[k];",
  nextVirtualAddress: `const nextVirtualAddress = pointsTo[k] === ${SUCCESSOR} ? firsts[next] : pointsTo[k];`,
  opcode: `const opcode = pointsTo[k] === ${SUCCESSOR} ? opcodes[next] : opcodesThere[k];`,
};
const RECORDED_CONTEXTS: Readonly<Record<"gap" | "highAddressBits", string>> = {
  gap: "const gap = gaps[i];",
  highAddressBits: "const recordedPc = recordedPcs[sites[k]], highAddressBits = recordedHighs[sites[k]];",
};

/** Differences between modelled and recorded branches. */
interface RowFacts {
  /** Whether calls push their own address, as nobody knows how long they are: a return is right up to the length of a call after it. */
  readonly recorded: boolean;
  /** Whether some conditionals are the first half of a branch of another kind. */
  readonly paired: boolean;
  /** Kinds of branches of which a row stands for several executions. */
  readonly merged: number;
}

/** Code for a branch of one kind. */
function stepText(frontEnd: FrontEnd, kind: number, facts: RowFacts, observed: boolean): string {
  const { recorded, paired, merged } = facts;
  const told = toldOf(frontEnd, facts);
  const owner = frontEnd.ownerOf.get(kind);
  const taken = kind === CONDITIONAL ? "taken" : "1";
  const staticTarget = kind & DIRECT ? "statics[k]" : NONE;
  // loaded once: V8 would load it again after every store
  const lines: string[] = kind === CONDITIONAL ? ["const taken = takens[k];"] : [];
  const asked = owner !== undefined && frontEnd.models[owner].seesOutcomes !== true;
  const spare = frontEnd.spareOf.get(kind);
  const fetcher = frontEnd.fetches & kind && frontEnd.fetcher !== owner ? frontEnd.fetcher : undefined;
  if (asked) {
    if (spare === undefined) lines.push(`const predicted = ${told.predict(owner, staticTarget)};`);
    else {
      lines.push(`const own = ${told.predict(owner, staticTarget)};`);
      lines.push(`const predicted = own === ${NONE} ? ${told.predict(spare, NONE)} : own;`);
    }
    const valid = kind === CONDITIONAL ? "predicted === 0 || predicted === 1" : "predicted === (predicted | 0)";
    if (frontEnd.models[owner].foreign) lines.push(`if (!(${valid})) bad(${owner}, predicted);`);
    if (observed) lines.push("observe(k, predicted, target);");
  }
  const right =
    kind === RETURN && recorded
      ? `predicted !== ${NONE} && (target - predicted) >>> 0 <= ${MAX_INSTRUCTION_BYTES}`
      : `predicted === ${kind === CONDITIONAL ? taken : "target"}`;
  const first = frontEnd.answersFirst & kind ? frontEnd.first : undefined;
  const owns = frontEnd.levels > 1 && owner === frontEnd.fetcher && asked;
  if (fetcher !== undefined || first !== undefined || owns) {
    const parts = { fetcher: owns ? owner : fetcher, first, levels: frontEnd.levels, owns };
    const fetch = fetchText(kind, asked ? right : undefined, parts, told);
    lines.push(kind === CONDITIONAL ? `if (${taken} === 1) {\n          ${fetch}\n        }` : fetch);
  }
  if (asked) {
    lines.push(`if (!(${right})) misses[k]++;`);
    lines.push(told.train(owner, taken, merged & kind ? "learns[k]" : "target"));
    if (spare !== undefined && spare !== fetcher) lines.push(`if (own === ${NONE}) ${told.train(spare, 1)}`);
  }
  frontEnd.models.forEach(({ tracks }, i) => {
    if ((tracks & kind) === 0) return;
    // `track` is called once per branch: for its second half, if the model tracks that
    const first = paired && kind === CONDITIONAL && tracks !== CONDITIONAL ? `if ((kinds[seconds[k]] & ${tracks}) === 0) ` : "";
    lines.push(`${first}${told.track(i, taken, kind)}`);
  });
  return lines.join("\n        ");
}

/** Code for the branch in row `k`. */
function branchText({ frontEnd, kinds, others, observer, tick }: LoopSubject, facts: RowFacts): string {
  const present = KINDS.map(([flag]) => flag).filter((flag) => kinds & flag);
  const step = (kind: number): string => stepText(frontEnd, kind, facts, observer !== undefined);
  const steps =
    present.length > 1 || others
      ? `const kind = kinds[k];\n      ${present.map((kind) => `if (kind === ${kind}) {\n        ${step(kind)}\n      }`).join(" else ")}`
      : present.map(step).join("");
  const declared = new Set(frontEnd.models.flatMap(({ declares }) => declares));
  const known: Partial<Record<Context, string>> = facts.recorded ? RECORDED_CONTEXTS : PROGRAM_CONTEXTS;
  const contexts = [...declared].map((name) => `${known[name]}\n      `).join("");
  return `const pc = pcs[k], target = targets[k];\n      ${contexts}${steps}${tick === undefined ? "" : "\n      tick();"}`;
}

let serial = 0;

/** What a loop uses besides its parameters, by name. */
function namedOf(
  { frontEnd, models, renewed, counts, observer, tick }: LoopSubject,
  columns: Record<string, Int32Array>,
): Record<string, unknown> {
  return {
    ...columns,
    ...counts,
    ...(renewed ? { models } : Object.fromEntries(models.map((model, i) => [`model${i}`, model]))),
    observe: observer,
    tick,
    bad(model: number, answer: unknown): never {
      throw new RunError(nonsense(`predictor ${frontEnd.models[model].name}`, answer));
    },
  };
}

const renewedText = ({ models, renewed }: LoopSubject): string =>
  renewed ? `const ${models.map((_, i) => `model${i} = models[${i}]`).join(", ")};` : "";

/** Compiles a function from parameters and text; columns and models are constants in it. */
function compile(subject: LoopSubject, columns: Record<string, Int32Array>, parameters: string, body: string): unknown {
  const constants = namedOf(subject, columns);
  const text = `// replay ${++serial}: a text of its own, so that V8 shares no feedback with another front end's
return function replay(${parameters}) {
  const ${Object.keys(constants)
    .map((name) => `${name} = $${name}`)
    .join(", ")};
  ${renewedText(subject)}
  ${body}
};`;
  return new Function(...Object.keys(constants).map((name) => `$${name}`), text)(...Object.values(constants));
}

function blockText(subject: LoopSubject, sided: boolean, patched: boolean): string {
  const { merged = 0 } = subject;
  const patch = `targets[patches[variant]] = ${merged === 0 ? "" : "learns[patches[variant]] = "}entries[next];`;
  return `for (let i = from; i < to; i++) {
    const next = ids[i + 1];
    const variant = block << 1${sided ? " | (firsts[next] !== ends[block] ? 1 : 0)" : ""};
    ${patched ? patch : ""}
    ${merged === 0 ? "" : "runs[variant]++;"}
    block = next;
    const stop = stops[variant];
    for (let k = starts[variant]; k < stop; k++) {
      ${branchText(subject, { recorded: false, paired: false, merged })}
    }
  }`;
}

/** All columns by name; contexts only if one of the models asks for them. */
const columnsOf = ({ frontEnd }: LoopSubject, { blocks, variants, branches, contexts }: BlockColumns): Record<string, Int32Array> => ({
  ...blocks,
  ...variants,
  ...branches,
  ...(frontEnd.models.some(({ declares }) => declares.length > 0) ? contexts : {}),
});

/**
 * @param sided   whether the two variants of some block differ; if not, the first is used for both
 * @param patched whether some branch goes to NEXT
 */
export function compileBlockLoop(subject: LoopSubject, columns: BlockColumns, sided: boolean, patched: boolean): BlockLoop {
  return compile(subject, columnsOf(subject, columns), "ids, from, to, block", blockText(subject, sided, patched)) as BlockLoop;
}

type SharedLoop = (named: Record<string, unknown>, ids: Int32Array, from: number, to: number, block: number) => void;

/** Loops by the models that they run and their text; and by what the text is made of, so that it is not made for each replay. */
const shared = new Map<string, SharedLoop>();
const sharedBy = new WeakMap<FrontEnd, Map<string, SharedLoop>>();

/** The ids of a front end's models, without parameters: what makes instances is one function for each. */
const idsOf = ({ models }: FrontEnd): string => models.map(({ name }) => name.split(":")[0]).join("+");

function sharedLoopOf(subject: LoopSubject, names: readonly string[]): SharedLoop {
  const text = `const { ${names.join(", ")} } = named;
  ${renewedText(subject)}
  ${blockText(subject, true, true)}`;
  const key = `${idsOf(subject.frontEnd)}\n${text}`;
  const loop = shared.get(key) ?? (new Function("named", "ids", "from", "to", "block", `// ${++serial}\n${text}`) as SharedLoop);
  shared.set(key, loop);
  return loop;
}

/**
 * The same for a short run: one loop for all techniques and programs, which has been compiled and optimised long before. A loop
 * of its own never gets there within 200,000 instructions: all programs at size test, seven techniques, btb, 12.6 → 6.7 s.
 */
export function sharedBlockLoop(subject: LoopSubject, columns: BlockColumns): BlockLoop {
  const named = namedOf(subject, columnsOf(subject, columns));
  const { frontEnd, kinds, merged, renewed, observer, tick } = subject;
  const known = sharedBy.get(frontEnd) ?? new Map<string, SharedLoop>();
  sharedBy.set(frontEnd, known);
  const key = [kinds, merged, renewed, observer === undefined, tick === undefined].join();
  const loop = known.get(key) ?? sharedLoopOf(subject, Object.keys(named));
  known.set(key, loop);
  return (ids, from, to, block) => loop(named, ids, from, to, block);
}

/**
 * A loop over recorded branches. The lengths of recorded instructions are unknown.
 * @param seconds the row of each branch's second half, or row 0, which has no kind; undefined if no branch has one
 */
export function compileRowLoop(subject: LoopSubject, branches: BranchColumns, contexts: RecordedContexts, seconds?: Int32Array): RowLoop {
  const text = `for (let i = from; i < to; i++) {
    const k = rows[i];
      ${branchText(subject, { recorded: true, paired: seconds !== undefined, merged: 0 })}
  }`;
  const columns = { ...branches, ...contexts };
  return compile(subject, seconds === undefined ? columns : { ...columns, seconds }, "rows, from, to, gaps", text) as RowLoop;
}
