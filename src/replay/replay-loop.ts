// The text of the one hot loop: executed virtual blocks through one front end. It is generated for the kinds of branches
// that occur, and compiled once per replay, so that no call site in it ever sees a second model.
//
// The function's first line copies tables and models from its closure into locals. It looks idle and is worth a factor of
// 1.6 to 2 (queens, compiler, lz; direct threading and switch; btb): V8 then knows them as constants wherever the loop uses
// them, reaches tables by absolute address, and leaves out all checks of what a model or a table is. Passed as arguments
// they are not known; used from the closure where they are needed, 1.2 of that is left.
//
// What is the same for all branches of a kind is literal text: 1.08 to 1.1. The next block is handed on, not loaded again:
// 1.07 to 1.12. How control leaves a block is asked only if it makes a difference, which it does not where every body ends
// in the same dispatch: 1.11 to 1.18. No gain, or a loss: handling the branch to what comes next behind the inner loop
// (0.97 to 1.05), counting misses or choosing the variant without a jump (0.9 to 0.98), expanding a stretch of blocks into
// flat buffers first (0.7), tables row by row instead of column by column (0.9 to 1).
import { CONDITIONAL, DIRECT, KINDS, NONE, RETURN } from "../branch.ts";
import { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { nonsense } from "../front-end/predictor-shape.ts";
import type { Predictor } from "../models/predictor.ts";
import { MAX_INSTRUCTION_BYTES } from "../recordings/distinct-branches.ts";

/** Called for every predicted branch, when somebody wants to watch: the record's index, the prediction. */
export type Observer = (record: number, predicted: number, target: number) => void;

/** What the loop reads, column by column. It writes `misses`, `bubbles`, `overrides`, and the targets of what goes to whatever comes next. */
export interface LoopTables {
  /** A row for each block: its first virtual address, the one behind it, its native entry. */
  readonly blocks: Record<"firsts" | "ends" | "entries", Int32Array>;
  /** A row for each variant: its records, and the one among them that goes to whatever comes next (0 stands for none). */
  readonly variants: Record<"starts" | "stops" | "patches", Int32Array>;
  /** A row for each record: the branch, how often it was mispredicted, how often only fetched late, and how often late because the first level pointed elsewhere. */
  readonly records: Record<"pcs" | "targets" | "kinds" | "afters" | "takens" | "statics" | "misses" | "bubbles" | "overrides", Int32Array>;
}

/**
 * Replays `ids[from] … ids[to - 1]`; `ids[to]` is what follows them.
 * @param block `ids[from]`. The loop must not look it up itself: in front of its loop V8 has seen too little when it first
 *              optimises, throws the result away, and stays with code made for an entry in mid-loop, at 0.6 of the speed
 *              (56 of 90 replays did so at first).
 */
export type Loop = (ids: Int32Array, from: number, to: number, block: number) => void;

export interface LoopOptions {
  /** Whether other models may take the places of these between calls. */
  readonly renewed?: boolean;
  /** Whether calls push their own address: a return is right up to the length of a call behind it. */
  readonly lengthsUnknown?: boolean;
  readonly observer?: Observer;
}

/**
 * How fetching went on at a taken branch that was predicted right: late where the buffer does not hold it, overridden where the
 * first level pointed elsewhere.
 * @param right whether it was predicted right; undefined where nobody predicts it, which is right always
 */
function fetchText(kind: number, right: string | undefined, fetcher: number | undefined, first: number | undefined): string {
  const counted: string[] = [];
  if (fetcher !== undefined)
    counted.push(`if (model${fetcher}.predict(pc, ${NONE}) ${kind & DIRECT ? "!== target" : `=== ${NONE}`}) bubbles[k]++;`);
  if (first !== undefined)
    counted.push(`if (model${first}.predict(pc, ${NONE}) ${kind === RETURN ? `=== ${NONE}` : "!== target"}) overrides[k]++;`);
  const counting = counted.join(" else ");
  const training = [fetcher, first].filter((model) => model !== undefined).map((model) => `model${model}.train(pc, target, 1);`);
  return [right === undefined ? counting : `if (${right}) {\n          ${counting}\n        }`, ...training].join("\n        ");
}

let serial = 0;

/**
 * @param kinds kinds of the records
 * @param sided   whether the two variants of some block differ; if not, the first stands for both
 * @param patched whether some record goes to whatever comes next
 */
export function compileLoop(
  frontEnd: FrontEnd,
  models: readonly Predictor[],
  tables: LoopTables,
  kinds: number,
  sided: boolean,
  patched: boolean,
  { renewed = false, lengthsUnknown = false, observer }: LoopOptions = {},
): Loop {
  /** What happens to a branch of one kind. */
  const step = (kind: number): string => {
    const owner = frontEnd.ownerOf.get(kind);
    const taken = kind === CONDITIONAL ? "taken" : "1";
    const staticTarget = kind & DIRECT ? "statics[k]" : NONE;
    // loaded once: V8 would load it again behind every store
    const lines: string[] = kind === CONDITIONAL ? ["const taken = takens[k];"] : [];
    const asked = owner !== undefined && frontEnd.models[owner].sees !== "everything";
    const spare = frontEnd.spareOf.get(kind);
    const fetcher = frontEnd.fetches & kind && frontEnd.fetcher !== owner ? frontEnd.fetcher : undefined;
    if (asked) {
      if (spare === undefined) lines.push(`const predicted = model${owner}.predict(pc, ${staticTarget});`);
      else {
        lines.push(`const own = model${owner}.predict(pc, ${staticTarget});`);
        lines.push(`const predicted = own === ${NONE} ? model${spare}.predict(pc, ${NONE}) : own;`);
      }
      const valid = kind === CONDITIONAL ? "predicted === 0 || predicted === 1" : "predicted === (predicted | 0)";
      if (frontEnd.models[owner].foreign) lines.push(`if (!(${valid})) bad(${owner}, predicted);`);
      if (observer !== undefined) lines.push("observe(k, predicted, target);");
    }
    const right =
      kind === RETURN && lengthsUnknown
        ? `predicted !== ${NONE} && (target - predicted) >>> 0 <= ${MAX_INSTRUCTION_BYTES}`
        : `predicted === ${kind === CONDITIONAL ? taken : "target"}`;
    const first = frontEnd.answersFirst & kind ? frontEnd.first : undefined;
    if (fetcher !== undefined || first !== undefined) {
      const fetch = fetchText(kind, asked ? right : undefined, fetcher, first);
      lines.push(kind === CONDITIONAL ? `if (${taken} === 1) {\n          ${fetch}\n        }` : fetch);
    }
    if (asked) {
      lines.push(`if (!(${right})) misses[k]++;`);
      lines.push(`model${owner}.train(pc, target, ${taken});`);
      if (spare !== undefined && spare !== fetcher) lines.push(`if (own === ${NONE}) model${spare}.train(pc, target, 1);`);
    }
    frontEnd.models.forEach(({ tracks }, i) => {
      if (tracks & kind) lines.push(`model${i}.track(pc, target, ${taken}, ${kind}, afters[k]);`);
    });
    return lines.join("\n        ");
  };
  const present = KINDS.map(([flag]) => flag).filter((flag) => kinds & flag);
  const body =
    present.length > 1
      ? `const kind = kinds[k];\n      ${present.map((kind) => `if (kind === ${kind}) {\n        ${step(kind)}\n      }`).join(" else ")}`
      : present.map(step).join("");
  const constants = {
    ...tables.blocks,
    ...tables.variants,
    ...tables.records,
    ...(renewed ? { models } : Object.fromEntries(models.map((model, i) => [`model${i}`, model]))),
    observe: observer,
    bad(model: number, answer: unknown): never {
      throw new RunError(nonsense(`predictor ${frontEnd.models[model].name}`, answer));
    },
  };
  const text = `// replay ${++serial}: a text of its own, so that V8 shares no feedback with another front end's
return function replay(ids, from, to, block) {
  const ${Object.keys(constants)
    .map((name) => `${name} = $${name}`)
    .join(", ")};
  ${renewed ? `const ${models.map((_, i) => `model${i} = models[${i}]`).join(", ")};` : ""}
  for (let i = from; i < to; i++) {
    const next = ids[i + 1];
    const variant = block << 1${sided ? " | (firsts[next] !== ends[block] ? 1 : 0)" : ""};
    ${patched ? "targets[patches[variant]] = entries[next];" : ""}
    block = next;
    const stop = stops[variant];
    for (let k = starts[variant]; k < stop; k++) {
      const pc = pcs[k], target = targets[k];
      ${body}
    }
  }
};`;
  return new Function(...Object.keys(constants).map((name) => `$${name}`), text)(...Object.values(constants)) as Loop;
}
