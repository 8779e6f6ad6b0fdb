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
import { readOpcode, skipImmediates } from "../code-reader.ts";
import type { Form } from "../forms.ts";
import { instructions } from "../instructions.ts";
import { LABEL, Labels, NO_LABEL } from "../labels.ts";
import type { Module, Range } from "../module.ts";
import type { ModuleOutput } from "../output.ts";
import { ARRIVES, LATER, type Picture } from "../picture.ts";
import { BinaryReader } from "../reader.ts";
import { createWamrLoader } from "../wamr/dispatched-code.ts";
import { PREFIXES, wamrOpcode } from "../wamr/instructions.ts";
import { CODE, I32 } from "./codes.ts";
import { Copier } from "./copier.ts";
import { type ProbeTargets, ProbeWriter } from "./probes.ts";
import {
  BLOCK,
  BR,
  BR_IF,
  BR_ON_CAST,
  BR_ON_CAST_FAIL,
  BR_ON_NON_NULL,
  BR_ON_NULL,
  BR_TABLE,
  CALL,
  CALL_INDIRECT,
  CALL_REF,
  CATCH,
  CATCH_ALL,
  DELEGATE,
  ELSE,
  END,
  IF,
  LOOP,
  RETHROW,
  RETURN_CALL,
  ROLE_OF,
  TRY,
  TRY_TABLE,
  WAIT32,
  WAIT64,
} from "./roles.ts";
import { createTryTables } from "./try-tables.ts";

/** Takes where each instruction stands in the rewritten code, for traps: they say where they happened there. */
export type Watcher = (outputOffset: number, address: number) => void;

const STRUCTURAL = Uint8Array.from(instructions, ({ structural }) => (structural ? 1 : 0));
/** Opcodes of prefixes that are dispatched for themselves. */
const PREFIX_OPCODES = new Map([...PREFIXES].map(([byte, name]) => [byte, wamrOpcode(name)]));
/** V8 takes no function with more locals. */
const MOST_LOCALS = 50_000;

export interface BodyRewriter {
  /** Rewrites a function's body, by its index among those with code. */
  rewrite(index: number): void;
}

export function createBodyRewriter(
  module: Module,
  form: Form,
  picture: Picture,
  targets: ProbeTargets,
  out: ModuleOutput,
  watcher?: Watcher,
): BodyRewriter {
  const { bytes, bodies, types, functionTypes, importedFunctions } = module;
  const inPlace = form !== "side-table";
  const loadFunction = form === "wamr" ? createWamrLoader(module) : undefined;
  const from = new BinaryReader(bytes, module.path);
  const labels = new Labels(picture);
  const copier = new Copier(from, out, labels);
  const probes = new ProbeWriter(out, targets);
  const tryTables = createTryTables(module, labels, copier, probes, targets);
  const used = picture.used;

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
    probes.condition = count;
    out.unsigned(groups + 1);
    out.copy(bytes, body, from.at);
    out.byte(1);
    out.byte(I32);
    copier.copied = from.at;
  }

  function branchTable(address: number, opcodeAt: number): void {
    const count = from.count();
    const vectorAt = from.at;
    copier.copyTo(opcodeAt);
    let first = NO_LABEL;
    for (let i = 0; i <= count; i++) labels.block(copier.label());
    from.at = vectorAt;
    for (let i = 0; i <= count; i++) {
      const block = picture.alias(labels.block(from.u32()));
      if (first === NO_LABEL) first = block;
    }
    probes.pushOneOf(first, count);
    watcher?.(out.length, address);
    from.at = vectorAt;
    for (let i = 0; i <= count; i++) copier.rewriteLabel();
  }

  /** Of the function at hand: its instructions as they are dispatched, if they are others than in the module; how many there were. */
  let dispatched: readonly number[] | undefined;
  let count = 0;
  /** Adds an instruction to the picture; returns its address. */
  function add(opcode: number, opcodeAt: number): number {
    if (dispatched === undefined) return picture.add(opcode);
    const prefix = PREFIX_OPCODES.get(bytes[opcodeAt]);
    if (prefix !== undefined) picture.add(prefix);
    return picture.add(dispatched[count++] ?? opcode);
  }

  /** The instruction whose immediates come next; returns whether the function is over. */
  function step(opcode: number, opcodeAt: number): boolean {
    const role = ROLE_OF[opcode];
    used[opcode] = 1;
    const structural = STRUCTURAL[opcode] === 1;
    const address = structural && !inPlace && !(role === END && labels.depth === 1) ? NO_LABEL : add(opcode, opcodeAt);
    if (role === 0) {
      if (watcher !== undefined) watcher(copier.placeOf(opcodeAt), address);
      skipImmediates(from, opcode);
      return false;
    }
    // where the next instruction will stand
    const next = picture.addressCount;
    switch (role) {
      case BLOCK:
      case TRY:
        skipImmediates(from, opcode);
        labels.open(LABEL.block, NO_LABEL);
        break;
      case LOOP:
        skipImmediates(from, opcode);
        labels.open(LABEL.loop, next);
        break;
      case IF: {
        skipImmediates(from, opcode);
        const ifTrue = picture.block(next, ARRIVES.onward);
        const ifFalse = picture.block(LATER, ARRIVES.label);
        picture.goesTo(address, ifFalse);
        copier.copyTo(opcodeAt);
        probes.pushEither(ifTrue, ifFalse);
        labels.open(LABEL.if, NO_LABEL, ifFalse);
        break;
      }
      case ELSE: {
        const ifFalse = labels.depth > 1 && labels.innermostKind === LABEL.if ? labels.takeFalse() : NO_LABEL;
        if (ifFalse === NO_LABEL) throw from.wrong("an else has no if", opcodeAt);
        picture.begins(ifFalse, next);
        const end = labels.block(0);
        picture.goesTo(address, end);
        copier.copyTo(opcodeAt);
        probes.push(end);
        break;
      }
      case CATCH:
      case CATCH_ALL: {
        skipImmediates(from, opcode);
        const end = labels.block(0);
        picture.goesTo(address, end);
        copier.copyTo(opcodeAt);
        probes.push(end);
        copier.copyTo(from.at);
        probes.push(picture.block(next, ARRIVES.label));
        break;
      }
      case DELEGATE: {
        // its label counts from outside of its try
        if (labels.depth < 2) throw from.wrong("a delegate has no try", opcodeAt);
        labels.close(inPlace ? address : next);
        copier.rewriteLabel();
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
          copier.copyTo(from.at);
          tryTables.close();
        }
        break;
      }
      case BR: {
        copier.copyTo(opcodeAt);
        const at = from.at;
        const block = labels.block(copier.label());
        from.at = at;
        probes.push(block);
        picture.goesTo(address, block);
        copier.rewriteLabel();
        break;
      }
      case BR_IF: {
        copier.copyTo(opcodeAt);
        const at = from.at;
        const block = labels.block(copier.label());
        from.at = at;
        probes.pushEither(block, picture.block(next, ARRIVES.onward));
        picture.goesTo(address, block);
        copier.rewriteLabel();
        break;
      }
      case BR_TABLE:
        branchTable(address, opcodeAt);
        break;
      case BR_ON_NULL:
      case BR_ON_NON_NULL:
      case BR_ON_CAST:
      case BR_ON_CAST_FAIL: {
        copier.copyTo(opcodeAt);
        const at = from.at;
        const cast = role === BR_ON_CAST || role === BR_ON_CAST_FAIL;
        if (cast) from.byte();
        const block = labels.block(copier.label());
        from.at = at;
        probes.push(block);
        picture.goesTo(address, block);
        if (cast) from.byte();
        copier.rewriteLabel();
        if (cast) {
          from.s33OrReference();
          from.s33OrReference();
        }
        copier.copyTo(from.at);
        probes.replace(picture.block(next, ARRIVES.onward));
        break;
      }
      case CALL: {
        if (watcher !== undefined) watcher(copier.placeOf(opcodeAt), address);
        const called = from.u32();
        if (called >= functionTypes.length) throw from.wrong(`there is no function ${called}`, opcodeAt);
        picture.calls(address, called);
        const imported = called < importedFunctions;
        copier.copyTo(from.at);
        probes.push(picture.block(next, imported ? ARRIVES.afterImport : ARRIVES.onward));
        break;
      }
      case CALL_INDIRECT:
      case CALL_REF:
        if (watcher !== undefined) watcher(copier.placeOf(opcodeAt), address);
        skipImmediates(from, opcode);
        copier.copyTo(from.at);
        probes.push(picture.block(next, ARRIVES.onward));
        break;
      case RETURN_CALL: {
        const called = from.u32();
        if (called >= functionTypes.length) throw from.wrong(`there is no function ${called}`, opcodeAt);
        picture.calls(address, called);
        break;
      }
      case RETHROW:
        copier.rewriteLabel();
        break;
      case TRY_TABLE:
        tryTables.open(opcodeAt);
        break;
      case WAIT32:
      case WAIT64:
        // nobody is there to wake a thread that waits, so it waits no time: drop, i64.const 0 in front
        copier.copyTo(opcodeAt);
        out.byte(CODE.drop);
        out.byte(CODE.i64Const);
        out.byte(0);
        if (watcher !== undefined) watcher(out.length, address);
        skipImmediates(from, opcode);
        break;
    }
    return false;
  }
  function rewrite(index: number): void {
    const range = bodies[index];
    const type = types[functionTypes[importedFunctions + index]];
    from.at = range.start;
    labels.depth = 0;
    labels.outerDepth = 0;
    tryTables.reset();
    picture.startFunction();
    const size = out.reserve();
    locals(range, type?.parameters ?? 0);
    dispatched = loadFunction?.(index);
    count = 0;
    labels.open(LABEL.block, NO_LABEL);
    probes.push(picture.block(picture.addressCount, ARRIVES.entry));
    for (;;) {
      const opcodeAt = from.at;
      if (opcodeAt >= range.end) throw from.wrong("a function ends without its end");
      const opcode = readOpcode(from);
      if (step(opcode, opcodeAt)) break;
    }
    if (from.at !== range.end) throw from.wrong("a function goes on after its end");
    copier.copyTo(from.at);
    out.fill(size);
    picture.endFunction();
  }
  return { rewrite };
}
