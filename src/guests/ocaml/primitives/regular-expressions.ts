// What the library Str leaves to C: an automaton that runs compiled regular expressions, backtracking.
import {
  allocateHeapBlock,
  EMPTY_ARRAY,
  fieldOf,
  type HeapBlock,
  type Integer,
  type Primitives,
  type Runtime,
  setField,
  type Value,
} from "../value.ts";

/** Instructions of compiled expressions: the low byte; the rest is an argument. */
const OPCODES = [
  "char",
  "normalized char",
  "string",
  "normalized string",
  "class",
  "line begins",
  "line ends",
  "word boundary",
  "group begins",
  "group ends",
  "same as group",
  "accept",
  "optional",
  "star",
  "plus",
  "goto",
  "push back",
  "set mark",
  "check progress",
] as const;

/** Fields of a compiled expression. */
const [PROGRAM, CONSTANTS, NORMAL, GROUPS, REGISTERS, START_CHARACTERS] = [0, 1, 2, 3, 4, 5];

const NEWLINE = 10;
const BACKSLASH = 92;
const ZERO = 48;
const NOWHERE = -1;

/** Letters of Latin-1, digits, underscore. */
const WORD = /[0-9A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]/;
const IN_WORD = Array.from({ length: 256 }, (_, code) => WORD.test(String.fromCharCode(code)));

const isIn = (set: Uint8Array, byte: number): boolean => ((set[byte >> 3] >> (byte & 7)) & 1) === 1;

function isWordBoundary(text: Uint8Array, at: number): boolean {
  return (at > 0 && IN_WORD[text[at - 1]]) !== (at < text.length && IN_WORD[text[at]]);
}

/** To go back to: a place in program and text; or a cell to set to what it was. */
interface Choice {
  readonly cells?: number[];
  readonly index: number;
  readonly value: number;
}

/**
 * Matches from one place of a text.
 * @param partially whether it is enough that the text could go on to match
 * @returns where its groups begin and end, or undefined
 */
function match(expression: HeapBlock, text: Uint8Array, from: number, partially: boolean): HeapBlock | undefined {
  const program = fieldOf(expression, PROGRAM) as HeapBlock;
  const constants = fieldOf(expression, CONSTANTS) as HeapBlock;
  const normal = fieldOf(expression, NORMAL) as Uint8Array;
  const groupCount = fieldOf(expression, GROUPS) as number;
  const groups: number[] = new Array(2 * groupCount).fill(NOWHERE);
  const marks: number[] = new Array(fieldOf(expression, REGISTERS) as number).fill(NOWHERE);
  const choices: Choice[] = [];
  const { length } = text;
  let pc = 0;
  let at = from;

  function set(cells: number[], index: number): true {
    choices.push({ cells, index, value: cells[index] });
    cells[index] = at;
    return true;
  }
  /** Matches one byte, which may be NUL; at the end of the text, undefined. */
  function matchByte(byte: number, normalized: boolean): boolean | undefined {
    if (at === length) return undefined;
    if ((normalized ? normal[text[at]] : text[at]) !== byte) return false;
    at++;
    return true;
  }
  /** Matches bytes up to a NUL, with which strings of compiled expressions end. */
  function matchBytes(bytes: Uint8Array, normalized: boolean): boolean | undefined {
    for (const byte of bytes) {
      if (byte === 0) return true;
      const matches = matchByte(byte, normalized);
      if (!matches) return matches;
    }
    return true;
  }
  function skip(members: Uint8Array): true {
    while (at < length && isIn(members, text[at])) at++;
    return true;
  }
  function matchClass(members: Uint8Array): boolean | undefined {
    if (at === length) return undefined;
    if (!isIn(members, text[at])) return false;
    at++;
    return true;
  }
  function matchGroup(group: number): boolean | undefined {
    const [start, end] = [groups[2 * group], groups[2 * group + 1]];
    if (start === NOWHERE || end === NOWHERE) return false;
    for (let i = start; i < end; i++) {
      if (at === length) return undefined;
      if (text[i] !== text[at]) return false;
      at++;
    }
    return true;
  }
  /** Whether it goes on; undefined when the text was too short for that. */
  function step(opcode: (typeof OPCODES)[number], argument: number): boolean | undefined {
    const constant = (): Uint8Array => fieldOf(constants, argument) as Uint8Array;
    switch (opcode) {
      case "char":
        return matchByte(argument, false);
      case "normalized char":
        return matchByte(argument, true);
      case "string":
        return matchBytes(constant(), false);
      case "normalized string":
        return matchBytes(constant(), true);
      case "class":
        return matchClass(constant());
      case "line begins":
        return at === 0 || text[at - 1] === NEWLINE;
      case "line ends":
        return at === length || text[at] === NEWLINE;
      case "word boundary":
        return length === 0 ? undefined : isWordBoundary(text, at);
      case "group begins":
        return set(groups, 2 * argument);
      case "group ends":
        return set(groups, 2 * argument + 1);
      case "same as group":
        return matchGroup(argument);
      case "optional":
        matchClass(constant());
        return true;
      case "star":
        return skip(constant());
      case "plus":
        return matchClass(constant()) && skip(constant());
      case "goto":
        pc += argument;
        return true;
      case "push back":
        choices.push({ index: pc + argument, value: at });
        return true;
      case "set mark":
        return set(marks, argument);
      case "check progress":
        return marks[argument] !== at;
      case "accept":
        return true;
    }
  }
  /** Goes back to where there was a choice; whether there was one. */
  function backtrack(): boolean {
    for (let choice = choices.pop(); choice !== undefined; choice = choices.pop()) {
      if (choice.cells === undefined) {
        pc = choice.index;
        at = choice.value;
        return true;
      }
      choice.cells[choice.index] = choice.value;
    }
    return false;
  }

  groups[0] = from;
  for (;;) {
    const instruction = fieldOf(program, pc++) as number;
    const opcode = OPCODES[instruction & 0xff];
    const result = step(opcode, instruction >> 8);
    if (opcode === "accept" || (result === undefined && partially)) break;
    if (!result && !backtrack()) return undefined;
  }
  groups[1] = at;
  const found = allocateHeapBlock(0, 2 * groupCount, NOWHERE);
  for (let i = 0; i < 2 * groupCount; i += 2) {
    if (groups[i] === NOWHERE || groups[i + 1] === NOWHERE) continue;
    setField(found, i, groups[i]);
    setField(found, i + 1, groups[i + 1]);
  }
  return found;
}

/** @param by 1 forwards, -1 backwards */
function search(expression: HeapBlock, text: Uint8Array, from: number, by: 1 | -1): Value {
  const index = fieldOf(expression, START_CHARACTERS) as number;
  const starts = index === NOWHERE ? undefined : (fieldOf(fieldOf(expression, CONSTANTS) as HeapBlock, index) as Uint8Array);
  const last = by === 1 ? text.length : 0;
  for (let at = from; at >= 0 && at <= text.length; at += by) {
    // A string ends with a NUL, which begins nothing.
    if (starts !== undefined) while (at !== last && (starts[text[at] ?? 0] ?? 0) === 0) at += by;
    const found = match(expression, text, at, false);
    if (found !== undefined) return found;
  }
  return EMPTY_ARRAY;
}

/** Text in which \0 to \9 stand for groups, and \\ for a backslash. */
function replacement(runtime: Runtime, pattern: Uint8Array, groups: HeapBlock, original: Uint8Array): Uint8Array {
  const fail = (why: string): never => runtime.raiseWith("Failure", `Str.replace: ${why}`);
  const result: number[] = [];
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== BACKSLASH) {
      result.push(pattern[i]);
      continue;
    }
    i++;
    if (i === pattern.length) fail("illegal backslash sequence");
    const group = pattern[i] - ZERO;
    if (pattern[i] === BACKSLASH) result.push(BACKSLASH);
    else if (group >= 0 && group <= 9) {
      if (2 * group >= groups.length - 1) fail("reference to unmatched group");
      const start = fieldOf(groups, 2 * group) as number;
      if (start === NOWHERE) fail("reference to unmatched group");
      for (const byte of original.subarray(start, fieldOf(groups, 2 * group + 1) as number)) result.push(byte);
    } else result.push(BACKSLASH, pattern[i]);
  }
  return new Uint8Array(result);
}

export function regularExpressions(runtime: Runtime): Primitives {
  function place(text: Uint8Array, from: Integer, who: string): number {
    if (from >= 0 && from <= text.length) return from as number;
    return runtime.raiseWith("Invalid_argument", who);
  }
  return {
    re_string_match: (expression: HeapBlock, text: Uint8Array, from: Integer) =>
      match(expression, text, place(text, from, "Str.string_match"), false) ?? EMPTY_ARRAY,
    re_partial_match: (expression: HeapBlock, text: Uint8Array, from: Integer) =>
      match(expression, text, place(text, from, "Str.string_partial_match"), true) ?? EMPTY_ARRAY,
    re_search_forward: (expression: HeapBlock, text: Uint8Array, from: Integer) =>
      search(expression, text, place(text, from, "Str.search_forward"), 1),
    re_search_backward: (expression: HeapBlock, text: Uint8Array, from: Integer) =>
      search(expression, text, place(text, from, "Str.search_backward"), -1),
    re_replacement_text: (pattern: Uint8Array, groups: HeapBlock, original: Uint8Array) => replacement(runtime, pattern, groups, original),
  };
}
