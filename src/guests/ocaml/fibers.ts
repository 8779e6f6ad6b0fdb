// OCaml 5's effects: computations on stacks of their own (fibers), and the continuations that hold them while they wait. All
// that run lie on the machine's one stack, each where its parent stopped, as calls do:
//
//     lower addresses    … sp | inner fiber | outer fiber | program |    STACK_WORDS
//                                           ^ base of the outer one
//
// A computation that performs an effect is cut out, with those between it and its handler, and copied back, to any other place,
// when it is resumed. What refers to places, the links of exception handlers, is moved along; a fiber that waits has the distance
// of its topmost handler from its base on top of its stack (0: none), as OCaml has.

import { opcodeOf } from "./instructions.ts";
import { STACK_RESERVE, STACK_WORDS } from "./interpreter.ts";
import type { EffectCoding } from "./loading/bytecode.ts";
import { CONTINUATION_TAG, Custom, fieldOf, type HeapBlock, makeHeapBlock, Raised, setField, type Value } from "./value.ts";

interface Fiber {
  /** The word after its last one, where its parent stopped; while it waits, where that was. */
  base: number;
  parent: Fiber | undefined;
  /** Its words while it waits, from its stack pointer to its base. */
  words: Value[] | undefined;
  /** What takes its result, its exception, its effects. */
  handlers: readonly [value: Value, exception: Value, effect: Value];
}

/** What a machine lets its fibers read and change. */
interface FiberMachine {
  readonly stack: HeapBlock;
  readonly code: Int32Array;
  readonly named: ReadonlyMap<string, Value>;
  sp: number;
  accu: Value;
  env: Value;
  extra: number;
  trap: number;
  raise(exception: "Stack_overflow"): never;
}

export interface Fibers {
  /** A run begins, of the program or of a function that C calls: effects do not leave it. Returns what ends it. */
  enterRun(): () => void;
  /** Does the instruction for effects whose operands stand at a word; returns where control goes. @throws Raised */
  perform(pc: number): number;
  /** The computation of a fiber is over, its result in the accumulator; returns where control goes. */
  finish(): number;
  /** Nothing in a fiber handles an exception; returns where control goes, undefined where the run is in none. */
  raise(exception: Value): number | undefined;
  readonly primitives: Readonly<Record<string, (...values: Value[]) => Value>>;
}

const NO_FIBER = 0;
const [PERFORM, RESUME, RESUMETERM] = ["PERFORM", "RESUME", "RESUMETERM"].map(opcodeOf);

/**
 * @param end    the word to which a fiber's computation returns
 * @param raiser the word of a function that raises its argument
 */
export function createFibers(machine: FiberMachine, coding: EffectCoding, end: number, raiser: number): Fibers {
  const { stack } = machine;
  const newRun = (): Fiber => ({ base: STACK_WORDS, parent: undefined, words: undefined, handlers: [0, 0, 0] });
  let current = newRun();

  const pointerTo = (fiber: Fiber): Value => new Custom("_fiber", fiber);
  const fiberAt = (value: Value): Fiber | undefined => (value instanceof Custom ? (value.data as Fiber) : undefined);
  const entryOf = (closure: Value): number => (closure as HeapBlock)[1] as number;

  const distance = (): Value => (machine.trap >= STACK_WORDS ? 0 : current.base - machine.trap);
  function takeTrap(words: Value): void {
    machine.trap = words === 0 ? STACK_WORDS : current.base - (words as number);
  }
  function call(closure: Value): number {
    machine.accu = closure;
    machine.env = closure;
    return entryOf(closure);
  }
  function named(name: string): Value {
    const exception = machine.named.get(name);
    if (exception === undefined) throw new TypeError(`no exception ${name} is registered`);
    return exception;
  }
  const unhandled = (effect: Value): Value => makeHeapBlock(0, named("Effect.Unhandled"), effect);

  /** Takes the innermost fiber off the stack: its parent goes on. */
  function cutOut(): Fiber {
    const fiber = current;
    fiber.words = stack.slice(machine.sp, fiber.base) as Value[];
    current = fiber.parent as Fiber;
    fiber.parent = undefined;
    machine.sp = fiber.base;
    return fiber;
  }
  /** Puts a fiber where its parent stopped. */
  function put(fiber: Fiber): void {
    const words = fiber.words as Value[];
    const base = machine.sp;
    const shift = base - fiber.base;
    machine.sp -= words.length;
    words.forEach((word, i) => {
      stack[machine.sp + i] = word;
    });
    let trap = words[0] === 0 ? STACK_WORDS : base - (words[0] as number);
    while (trap < STACK_WORDS) {
      const outer = stack[trap + 1] as number;
      if (outer < STACK_WORDS) stack[trap + 1] = outer + shift;
      trap = stack[trap + 1] as number;
    }
    fiber.base = base;
    fiber.words = undefined;
    current = fiber;
  }
  /** The parent of a fiber that is off the stack now goes on with one of its handlers. */
  function back(handler: Value, ...values: Value[]): number {
    const { sp } = machine;
    takeTrap(stack[sp] as Value);
    machine.extra = (stack[sp + 1] as number) + values.length - 1;
    machine.sp = sp + 2 - values.length;
    values.forEach((value, i) => {
      stack[machine.sp + i] = value;
    });
    return call(handler);
  }
  function resume(innermost: Fiber | undefined, outermost: Fiber | undefined, closure: Value, value: Value): number {
    if (innermost === undefined) throw new Raised(named("Effect.Continuation_already_resumed"));
    const fibers = [innermost];
    for (let next = innermost; next !== outermost && next.parent !== undefined; next = next.parent) fibers.unshift(next.parent);
    if (machine.sp - fibers.reduce((sum, { words = [] }) => sum + words.length, 0) < STACK_RESERVE) machine.raise("Stack_overflow");
    for (const fiber of fibers) {
      fiber.parent = current;
      put(fiber);
    }
    takeTrap(stack[machine.sp] as Value);
    stack[machine.sp] = value;
    machine.extra = 0;
    return call(closure);
  }
  const used = (continuation: Value): Value => {
    const fiber = fieldOf(continuation as HeapBlock, 0);
    setField(continuation as HeapBlock, 0, NO_FIBER);
    return fiber;
  };
  /** Leaves the words that a parent of fibers needs, in the place of arguments, at `sp`. */
  function stop(sp: number, extra: number): void {
    machine.sp = sp;
    stack[sp] = distance();
    stack[sp + 1] = extra;
  }

  return {
    enterRun() {
      const outer = current;
      current = newRun();
      return () => {
        current = outer;
      };
    },
    perform(pc) {
      const { accu, sp, env, extra } = machine;
      const opcode = machine.code[pc - 1];
      if (opcode === PERFORM) {
        if (current.parent === undefined) throw new Raised(unhandled(accu));
        machine.sp = sp - 4;
        [distance(), pc, env, extra].forEach((word, i) => {
          stack[machine.sp + i] = word;
        });
        const fiber = cutOut();
        const pointer = pointerTo(fiber);
        const continuation =
          coding === "5.0" ? makeHeapBlock(CONTINUATION_TAG, pointer) : makeHeapBlock(CONTINUATION_TAG, pointer, pointer);
        return back(fiber.handlers[2], accu, continuation, pointer);
      }
      const [first, second, third] = [stack[sp], stack[sp + 1], stack[sp + 2]] as Value[];
      if (opcode === RESUME || opcode === RESUMETERM) {
        const outermost = coding === "5.0" ? undefined : (fiberAt(third) ?? fiberAt(accu));
        if (opcode === RESUME) {
          stop(sp - (coding === "5.0" ? 3 : 2), 0);
          [pc, env, extra].forEach((word, i) => {
            stack[machine.sp + 2 + i] = word;
          });
        } else stop(sp + machine.code[pc] - 2, extra);
        return resume(fiberAt(accu), outermost, first, second);
      }
      // REPERFORMTERM: the effect goes to the next handler
      const last = fiberAt(second) as Fiber;
      stop(sp + machine.code[pc] - 2, extra);
      if (current.parent === undefined) return resume(fiberAt(used(first)), last, makeHeapBlock(0, raiser), unhandled(accu));
      const fiber = cutOut();
      last.parent = fiber;
      const pointer = pointerTo(fiber);
      if (coding === "5.2") setField(first as HeapBlock, 1, pointer);
      return back(fiber.handlers[2], accu, first, pointer);
    },
    finish() {
      const { handlers, base, parent } = current;
      machine.sp = base;
      current = parent as Fiber;
      return back(handlers[0], machine.accu);
    },
    raise(exception) {
      const { handlers, base, parent } = current;
      if (parent === undefined) return undefined;
      machine.sp = base;
      current = parent;
      return back(handlers[1], exception);
    },
    primitives: {
      caml_alloc_stack: (...handlers) =>
        pointerTo({ base: 0, parent: undefined, words: [0, end, 0, 0], handlers: handlers as [Value, Value, Value] }),
      caml_continuation_use_noexc: used,
      caml_continuation_use(continuation) {
        const fiber = used(continuation);
        if (fiber === NO_FIBER) throw new Raised(named("Effect.Continuation_already_resumed"));
        return fiber;
      },
      caml_continuation_use_and_update_handler_noexc(continuation, ...handlers) {
        const pointer = used(continuation);
        let fiber = fiberAt(pointer);
        while (fiber?.parent !== undefined) fiber = fiber.parent;
        if (fiber !== undefined) fiber.handlers = handlers as [Value, Value, Value];
        return pointer;
      },
      caml_get_continuation_callstack: () => makeHeapBlock(0),
      caml_drop_continuation: used,
    },
  };
}
