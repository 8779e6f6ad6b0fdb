// Handlers of try_table arrive at labels, so each clause leads to a block of its own, which stands around the try_table:
//
//   block (its type)                          ← where its end goes on
//     block (parameters → last clause) … block (parameters → first clause)
//       try_table (its type) (clauses: 0, 1, …) … end
//       br (to the outermost)
//     end  push(where the first clause goes)  br (there) … end  push(…)  br (…)
//   end
import { LABEL, type Labels, NO_LABEL } from "../labels.ts";
import type { Module, Range } from "../module.ts";
import { hexByte } from "../reader.ts";
import { CODE, NO_TYPE } from "./codes.ts";
import type { Copier } from "./copier.ts";
import type { ProbeTargets, ProbeWriter } from "./probes.ts";

/** A reference to an exception that is not null. */
const EXCEPTION = [0x64, 0x69];

/** A clause of a try_table: the types of what it hands on, and where. */
interface Clause {
  readonly resultBytes: Uint8Array;
  readonly results: number;
  /** The block that it enters, and its label's distance from the function's. */
  readonly block: number;
  readonly outer: number;
}

export interface TryTables {
  /** A function begins. */
  reset(): void;
  /** A try_table whose opcode stands at a byte, and whose immediates come next. */
  open(opcodeAt: number): void;
  /** What comes after the `end` of a try_table, which has been copied. */
  close(): void;
}

export function createTryTables(
  { bytes, types, tagTypes }: Module,
  labels: Labels,
  copier: Copier,
  probes: ProbeWriter,
  targets: ProbeTargets,
): TryTables {
  const { from, out } = copier;
  /** Of open try_tables: their clauses, innermost last. */
  let clauses: Clause[][] = [];

  /** Bytes of a catch clause's results. */
  function caught(kind: number): { readonly resultBytes: Uint8Array; readonly results: number } {
    const parts: number[] = [];
    let results = 0;
    if (kind < 2) {
      const tag = from.u32();
      const type = types[tagTypes[tag]];
      if (type === undefined) throw from.wrong(`there is no tag ${tag}`);
      parts.push(...bytes.subarray(type.parameterBytes.start, type.parameterBytes.end));
      results = type.parameters;
    }
    if (kind === 1 || kind === 3) {
      parts.push(...EXCEPTION);
      results++;
    }
    return { resultBytes: Uint8Array.from(parts), results };
  }

  function open(opcodeAt: number): void {
    const typeAt = from.at;
    const type = from.s33OrReference();
    const typeEnd = from.at;
    const parameters = type >= 0 ? types[type] : undefined;
    const parameterBytes =
      parameters === undefined ? new Uint8Array(0) : bytes.subarray(parameters.parameterBytes.start, parameters.parameterBytes.end);
    const count = from.count();
    const own: Clause[] = [];
    const heads: { readonly kind: number; readonly tag: Range }[] = [];
    for (let i = 0; i < count; i++) {
      const kind = from.byte();
      if (kind > 3) throw from.wrong(`there is no kind of catch clause ${hexByte(kind)}`, from.at - 1);
      const tagAt = from.at;
      const results = caught(kind);
      heads.push({ kind, tag: { start: tagAt, end: from.at } });
      const at = from.at;
      const label = from.u32();
      if (label >= labels.depth) throw from.wrong(`there is no label ${label} around`, at);
      own.push({ ...results, block: labels.block(label), outer: labels.outerDepth - 1 - labels.rewritten(label) });
    }
    copier.copyTo(opcodeAt);
    if (count > 0) {
      out.byte(CODE.block);
      out.copy(bytes, typeAt, typeEnd);
    }
    for (const { resultBytes, results } of [...own].reverse()) {
      out.byte(CODE.block);
      if (parameterBytes.length === 0 && results === 0) out.byte(NO_TYPE);
      else out.constant(targets.functionType(parameterBytes, parameters?.parameters ?? 0, resultBytes, results));
    }
    out.copy(bytes, opcodeAt, typeEnd);
    out.unsigned(count);
    heads.forEach(({ kind, tag }, i) => {
      out.byte(kind);
      out.copy(bytes, tag.start, tag.end);
      out.unsigned(i);
    });
    copier.copied = from.at;
    clauses.push(own);
    labels.open(LABEL.tryTable, NO_LABEL, NO_LABEL, count === 0 ? 0 : count + 1);
  }
  function close(): void {
    const own = clauses.pop() as Clause[];
    if (own.length === 0) return;
    out.byte(CODE.br);
    out.unsigned(own.length);
    // labels in reach: those of the clauses' blocks that are still open, and the one around them
    let depth = labels.outerDepth;
    for (const { block, outer } of own) {
      out.byte(CODE.end);
      depth--;
      probes.push(block);
      out.byte(CODE.br);
      out.unsigned(depth - 1 - outer);
    }
    out.byte(CODE.end);
    labels.outerDepth = depth - 1;
  }

  return {
    reset() {
      clauses = [];
    },
    open,
    close,
  };
}
