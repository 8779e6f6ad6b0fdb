// Rewrites the code of a module so that every executed block says its number, and learns the program from it on the way.
//
// A number is handed over by a call through a table of our own, so that nothing of the module's memories, imports and indices
// changes:
//
//   probe              i32.const BLOCK  i32.const 0  call_indirect (type push) (table ours)
//   at a function, after a call, after catch                                            the block that begins there
//   before br, else, catch                                                              the block that it goes to
//   before br_if, if   local.set c … (select of two blocks by c) … local.get c          one of two
//   before br_table    local.set c … first block + min(c, n) … local.get c              one of n + 1 in a row
//   br_on_null, br_on_cast …   the block of the branch before it; what fell through writes its own over it
//
// `end` and `loop` that are reached from above need nothing: the block goes on. The handlers of try_table arrive at labels, so
// each gets a block of its own around it, which says the number and branches on.
import type { UsageError } from "../../errors.ts";
import { IMMEDIATES, instructions, opcodePages } from "./instructions.ts";
import { LABEL, Labels, NO_LABEL } from "./labels.ts";
import type { Module, Range } from "./module.ts";
import type { ModuleOutput } from "./output.ts";
import { ARRIVES, LATER, type Picture } from "./picture.ts";
import { BinaryReader, hexByte } from "./reader.ts";

/** What counts as an instruction: all as an interpreter finds them in place, or without those that only structure blocks. */
export const FORMS = ["in-place", "side-table"] as const;
export type Form = (typeof FORMS)[number];

/** Where the rewritten code finds what it calls. */
export interface Probes {
  /** The type of functions that take a block's number. */
  readonly pushType: number;
  /** The table, with `push` at 0 and `replace` at 1. */
  readonly table: number;
  /** The index of a type from parameters to results: bytes of value types. */
  functionType(parameters: Uint8Array, parameterCount: number, results: Uint8Array, resultCount: number): number;
}

/** Takes where each instruction stands in the rewritten code, for traps: they say where they happened there. */
export type Watcher = (outputOffset: number, address: number) => void;

const PAGES = opcodePages();
const PLAIN = PAGES.get(0) as Int16Array;
const IMMEDIATES_OF = Uint8Array.from(instructions, ({ immediates }) => IMMEDIATES[immediates]);
const STRUCTURAL = Uint8Array.from(instructions, ({ structural }) => (structural ? 1 : 0));

/** What instructions do to control and probes; all others have 0. */
const ROLES = [
  "",
  "block",
  "loop",
  "if",
  "else",
  "end",
  "br",
  "br_if",
  "br_table",
  "call",
  "call_indirect",
  "call_ref",
  "return_call",
  "catch",
  "catch_all",
  "delegate",
  "rethrow",
  "try",
  "try_table",
  "br_on_null",
  "br_on_non_null",
  "br_on_cast",
  "br_on_cast_fail",
  "memory.atomic.wait32",
  "memory.atomic.wait64",
] as const;
const role = (name: (typeof ROLES)[number]): number => ROLES.indexOf(name);
const ROLE_OF = Uint8Array.from(instructions, ({ name }) => Math.max(0, ROLES.indexOf(name as (typeof ROLES)[number])));
const BLOCK = role("block");
const LOOP = role("loop");
const IF = role("if");
const ELSE = role("else");
const END = role("end");
const BR = role("br");
const BR_IF = role("br_if");
const BR_TABLE = role("br_table");
const CALL = role("call");
const CALL_INDIRECT = role("call_indirect");
const CALL_REF = role("call_ref");
const RETURN_CALL = role("return_call");
const CATCH = role("catch");
const CATCH_ALL = role("catch_all");
const DELEGATE = role("delegate");
const RETHROW = role("rethrow");
const TRY = role("try");
const TRY_TABLE = role("try_table");
const BR_ON_NULL = role("br_on_null");
const BR_ON_NON_NULL = role("br_on_non_null");
const BR_ON_CAST = role("br_on_cast");
const BR_ON_CAST_FAIL = role("br_on_cast_fail");
const WAIT32 = role("memory.atomic.wait32");
const WAIT64 = role("memory.atomic.wait64");

// opcodes as the rewriter writes them
const CODE = {
  block: 0x02,
  end: 0x0b,
  br: 0x0c,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  i32Const: 0x41,
  i64Const: 0x42,
  i32LessUnsigned: 0x49,
  i32Add: 0x6a,
} as const;
const I32 = 0x7f;
const NO_TYPE = 0x40;
/** A reference to an exception that is not null. */
const EXCEPTION = [0x64, 0x69];
/** V8 takes no function with more locals. */
const MOST_LOCALS = 50_000;

/** A clause of a try_table: the types of what it hands on, and where. */
interface Clause {
  readonly resultBytes: Uint8Array;
  readonly results: number;
  /** The block that it enters, and its label's distance from the function's. */
  readonly block: number;
  readonly outer: number;
}

export interface BodyRewriter {
  /** Rewrites a function's body, by its index among those with code. */
  rewrite(index: number): void;
}

export function createBodyRewriter(
  module: Module,
  form: Form,
  picture: Picture,
  probes: Probes,
  out: ModuleOutput,
  watcher?: Watcher,
): BodyRewriter {
  const { bytes, bodies, types, functionTypes, importedFunctions, tagTypes } = module;
  const inPlace = form === "in-place";
  const from = new BinaryReader(bytes, module.path);
  const labels = new Labels(picture);
  const used = picture.used;
  /** Of open try_tables: their clauses, innermost last. */
  let clauses: Clause[][] = [];
  /** The local for conditions, and up to where the original is copied. */
  let condition = 0;
  let copied = 0;

  const probe = (entry: number): void => {
    out.byte(CODE.i32Const);
    out.byte(entry);
    out.byte(CODE.callIndirect);
    out.unsigned(probes.pushType);
    out.unsigned(probes.table);
  };
  const constant = (value: number): void => {
    out.byte(CODE.i32Const);
    out.constant(value);
  };
  const local = (code: number): void => {
    out.byte(code);
    out.unsigned(condition);
  };
  function push(block: number): void {
    constant(block);
    probe(0);
  }
  function replace(block: number): void {
    constant(block);
    probe(1);
  }
  /** Says one of two blocks, by the condition on the stack, which stays there. */
  function pushEither(ifTrue: number, ifFalse: number): void {
    local(CODE.localSet);
    constant(ifTrue);
    constant(ifFalse);
    local(CODE.localGet);
    out.byte(CODE.select);
    probe(0);
    local(CODE.localGet);
  }
  /** Says one of the blocks from `first` on, by the number on the stack, or the one after `count` of them. */
  function pushOneOf(first: number, count: number): void {
    if (count === 0) {
      push(first);
      return;
    }
    local(CODE.localSet);
    constant(first);
    local(CODE.localGet);
    constant(count);
    local(CODE.localGet);
    constant(count);
    out.byte(CODE.i32LessUnsigned);
    out.byte(CODE.select);
    out.byte(CODE.i32Add);
    probe(0);
    local(CODE.localGet);
  }
  /** Copies the original up to a byte. */
  function copyTo(at: number): void {
    out.copy(bytes, copied, at);
    copied = at;
  }
  /** A label at the reader, rewritten if it has another number there. */
  function readLabel(): number {
    const at = from.at;
    const label = from.u32();
    if (label >= labels.depth) throw from.wrong(`there is no label ${label} around`, at);
    const rewritten = labels.rewritten(label);
    if (rewritten !== label) {
      copyTo(at);
      out.unsigned(rewritten);
      copied = from.at;
    }
    return label;
  }

  function locals({ end }: Range, parameters: number): void {
    const start = from.at;
    const groups = from.u32();
    const body = from.at;
    let count = parameters;
    for (let group = 0; group < groups; group++) {
      if (from.at >= end) throw from.wrong("a function's locals are not where they should be");
      count += from.u32();
      from.skipValueType();
    }
    if (count >= MOST_LOCALS) throw from.wrong(`a function has ${count} locals: V8 takes ${MOST_LOCALS}, and one is needed`, start);
    condition = count;
    out.unsigned(groups + 1);
    out.copy(bytes, body, from.at);
    out.byte(1);
    out.byte(I32);
    copied = from.at;
  }

  function skipImmediates(opcode: number): void {
    switch (IMMEDIATES_OF[opcode]) {
      case IMMEDIATES.none:
        return;
      case IMMEDIATES.block:
      case IMMEDIATES.heapType:
        from.s33OrReference();
        return;
      case IMMEDIATES.index:
      case IMMEDIATES.label:
        from.u32();
        return;
      case IMMEDIATES.indices:
        from.u32();
        from.u32();
        return;
      case IMMEDIATES.memory:
      case IMMEDIATES.memoryLane: {
        const alignment = from.u32();
        if (alignment & 0x40) from.u32();
        from.skipNumber(10);
        if (IMMEDIATES_OF[opcode] === IMMEDIATES.memoryLane) from.skip(1);
        return;
      }
      case IMMEDIATES.i32:
        from.skipNumber(5);
        return;
      case IMMEDIATES.i64:
        from.skipNumber(10);
        return;
      case IMMEDIATES.f32:
        from.skip(4);
        return;
      case IMMEDIATES.f64:
        from.skip(8);
        return;
      case IMMEDIATES.types:
        for (let count = from.count(); count > 0; count--) from.skipValueType();
        return;
      case IMMEDIATES.byte:
        from.skip(1);
        return;
      case IMMEDIATES.bytes16:
        from.skip(16);
        return;
    }
  }

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

  /**
   * A try_table whose clauses lead to blocks of their own, which stand around it:
   *
   *   block (its type)                          ← where its end goes on
   *     block (parameters → last clause) … block (parameters → first clause)
   *       try_table (its type) (clauses: 0, 1, …) … end
   *       br (to the outermost)
   *     end  push(where the first clause goes)  br (there) … end  push(…)  br (…)
   *   end
   */
  function openTryTable(opcodeAt: number): void {
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
    copyTo(opcodeAt);
    if (count > 0) {
      out.byte(CODE.block);
      out.copy(bytes, typeAt, typeEnd);
    }
    for (const { resultBytes, results } of [...own].reverse()) {
      out.byte(CODE.block);
      if (parameterBytes.length === 0 && results === 0) out.byte(NO_TYPE);
      else out.constant(probes.functionType(parameterBytes, parameters?.parameters ?? 0, resultBytes, results));
    }
    out.copy(bytes, opcodeAt, typeEnd);
    out.unsigned(count);
    heads.forEach(({ kind, tag }, i) => {
      out.byte(kind);
      out.copy(bytes, tag.start, tag.end);
      out.unsigned(i);
    });
    copied = from.at;
    clauses.push(own);
    labels.open(LABEL.tryTable, NO_LABEL, NO_LABEL, count === 0 ? 0 : count + 1);
  }
  /** What comes after the `end` of a try_table, which has been copied. */
  function closeTryTable(): void {
    const own = clauses.pop() as Clause[];
    if (own.length === 0) return;
    out.byte(CODE.br);
    out.unsigned(own.length);
    // labels in reach: those of the clauses' blocks that are still open, and the one around them
    let depth = labels.outerDepth;
    for (const { block, outer } of own) {
      out.byte(CODE.end);
      depth--;
      push(block);
      out.byte(CODE.br);
      out.unsigned(depth - 1 - outer);
    }
    out.byte(CODE.end);
    labels.outerDepth = depth - 1;
  }

  function branchTable(address: number, opcodeAt: number): void {
    const count = from.count();
    const vectorAt = from.at;
    copyTo(opcodeAt);
    let first = NO_LABEL;
    for (let i = 0; i <= count; i++) {
      const at = from.at;
      const label = from.u32();
      if (label >= labels.depth) throw from.wrong(`there is no label ${label} around`, at);
      labels.block(label);
    }
    from.at = vectorAt;
    for (let i = 0; i <= count; i++) {
      const block = picture.alias(labels.block(from.u32()));
      if (first === NO_LABEL) first = block;
    }
    pushOneOf(first, count);
    watcher?.(out.length, address);
    from.at = vectorAt;
    for (let i = 0; i <= count; i++) readLabel();
  }

  /** The instruction whose immediates come next; returns whether the function is over. */
  function step(opcode: number, opcodeAt: number): boolean {
    const role = ROLE_OF[opcode];
    used[opcode] = 1;
    const structural = STRUCTURAL[opcode] === 1;
    const address = structural && !inPlace && !(role === END && labels.depth === 1) ? NO_LABEL : picture.add(opcode);
    if (role === 0) {
      if (watcher !== undefined) watcher(out.length + opcodeAt - copied, address);
      skipImmediates(opcode);
      return false;
    }
    // where the next instruction will stand
    const next = picture.addressCount;
    switch (role) {
      case BLOCK:
      case TRY:
        skipImmediates(opcode);
        labels.open(LABEL.block, NO_LABEL);
        break;
      case LOOP:
        skipImmediates(opcode);
        labels.open(LABEL.loop, next);
        break;
      case IF: {
        skipImmediates(opcode);
        const ifTrue = picture.block(next, ARRIVES.onward);
        const ifFalse = picture.block(LATER, ARRIVES.label);
        picture.goesTo(address, ifFalse);
        copyTo(opcodeAt);
        pushEither(ifTrue, ifFalse);
        labels.open(LABEL.if, NO_LABEL, ifFalse);
        break;
      }
      case ELSE: {
        const ifFalse = labels.depth > 1 && labels.innermostKind === LABEL.if ? labels.takeFalse() : NO_LABEL;
        if (ifFalse === NO_LABEL) throw from.wrong("an else has no if", opcodeAt);
        picture.begins(ifFalse, next);
        const end = labels.block(0);
        picture.goesTo(address, end);
        copyTo(opcodeAt);
        push(end);
        break;
      }
      case CATCH:
      case CATCH_ALL: {
        skipImmediates(opcode);
        const end = labels.block(0);
        picture.goesTo(address, end);
        copyTo(opcodeAt);
        push(end);
        copyTo(from.at);
        push(picture.block(next, ARRIVES.label));
        break;
      }
      case DELEGATE: {
        // its label counts from outside of its try
        if (labels.depth < 2) throw from.wrong("a delegate has no try", opcodeAt);
        labels.close(inPlace ? address : next);
        readLabel();
        break;
      }
      case END: {
        const kind = labels.innermostKind;
        const ifFalse = kind === LABEL.if ? labels.takeFalse() : NO_LABEL;
        if (ifFalse !== NO_LABEL) picture.begins(ifFalse, next);
        labels.close(address === NO_LABEL ? next : address);
        if (labels.depth === 0) return true;
        if (address !== NO_LABEL) picture.goesOn(address);
        if (kind === LABEL.tryTable) {
          copyTo(from.at);
          closeTryTable();
        }
        break;
      }
      case BR: {
        copyTo(opcodeAt);
        const at = from.at;
        const block = labels.block(labelInReach());
        from.at = at;
        push(block);
        picture.goesTo(address, block);
        readLabel();
        break;
      }
      case BR_IF: {
        copyTo(opcodeAt);
        const at = from.at;
        const block = labels.block(labelInReach());
        from.at = at;
        pushEither(block, picture.block(next, ARRIVES.onward));
        picture.goesTo(address, block);
        readLabel();
        break;
      }
      case BR_TABLE:
        branchTable(address, opcodeAt);
        break;
      case BR_ON_NULL:
      case BR_ON_NON_NULL:
      case BR_ON_CAST:
      case BR_ON_CAST_FAIL: {
        copyTo(opcodeAt);
        const at = from.at;
        const cast = role === BR_ON_CAST || role === BR_ON_CAST_FAIL;
        if (cast) from.byte();
        const block = labels.block(labelInReach());
        from.at = at;
        push(block);
        picture.goesTo(address, block);
        if (cast) from.byte();
        readLabel();
        if (cast) {
          from.s33OrReference();
          from.s33OrReference();
        }
        copyTo(from.at);
        replace(picture.block(next, ARRIVES.onward));
        break;
      }
      case CALL: {
        if (watcher !== undefined) watcher(out.length + opcodeAt - copied, address);
        const called = from.u32();
        if (called >= functionTypes.length) throw from.wrong(`there is no function ${called}`, opcodeAt);
        picture.calls(address, called);
        const imported = called < importedFunctions;
        copyTo(from.at);
        push(picture.block(next, imported ? ARRIVES.afterImport : ARRIVES.onward));
        break;
      }
      case CALL_INDIRECT:
      case CALL_REF:
        if (watcher !== undefined) watcher(out.length + opcodeAt - copied, address);
        skipImmediates(opcode);
        copyTo(from.at);
        push(picture.block(next, ARRIVES.onward));
        break;
      case RETURN_CALL: {
        const called = from.u32();
        if (called >= functionTypes.length) throw from.wrong(`there is no function ${called}`, opcodeAt);
        picture.calls(address, called);
        break;
      }
      case RETHROW:
        readLabel();
        break;
      case TRY_TABLE:
        openTryTable(opcodeAt);
        break;
      case WAIT32:
      case WAIT64:
        // nobody is there to wake a thread that waits, so it waits no time: drop, i64.const 0 in front
        copyTo(opcodeAt);
        out.byte(CODE.drop);
        out.byte(CODE.i64Const);
        out.byte(0);
        if (watcher !== undefined) watcher(out.length, address);
        skipImmediates(opcode);
        break;
    }
    return false;
  }
  function labelInReach(): number {
    const at = from.at;
    const label = from.u32();
    if (label >= labels.depth) throw from.wrong(`there is no label ${label} around`, at);
    return label;
  }

  function rewrite(index: number): void {
    const range = bodies[index];
    const type = types[functionTypes[importedFunctions + index]];
    from.at = range.start;
    labels.depth = 0;
    labels.outerDepth = 0;
    clauses = [];
    picture.startFunction();
    const size = out.reserve();
    locals(range, type?.parameters ?? 0);
    labels.open(LABEL.block, NO_LABEL);
    push(picture.block(picture.addressCount, ARRIVES.entry));
    for (;;) {
      const opcodeAt = from.at;
      if (opcodeAt >= range.end) throw from.wrong("a function ends without its end");
      const byte = bytes[opcodeAt];
      from.at++;
      let opcode = PLAIN[byte];
      if (opcode < 0) {
        const page = PAGES.get(byte);
        if (page === undefined) throw unknownInstruction(hexByte(byte), opcodeAt);
        const code = from.u32();
        opcode = code < page.length ? page[code] : -1;
        if (opcode < 0) throw unknownInstruction(`${hexByte(byte)} ${hexByte(code)}`, opcodeAt);
      }
      if (step(opcode, opcodeAt)) break;
    }
    if (from.at !== range.end) throw from.wrong("a function goes on after its end");
    copyTo(from.at);
    out.fill(size);
    picture.endFunction();
  }
  const unknownInstruction = (what: string, at: number): UsageError =>
    from.wrong(`there is an instruction that no finished proposal has: ${what}`, at);
  return { rewrite };
}
