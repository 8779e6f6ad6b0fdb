// The automata that ocamllex makes: tables of 16-bit numbers in strings.
import { fieldOf, type HeapBlock, type Primitives, type Runtime, setField } from "../value.ts";

/** Fields of Lexing.lexbuf. */
const BUFFER = 1;
const BUFFER_LENGTH = 2;
const START_POS = 4;
const CURR_POS = 5;
const LAST_POS = 6;
const LAST_ACTION = 7;
const EOF_REACHED = 8;
const MEMORY = 9;

/** Fields of the tables. */
const [BASE, BACKTRK, DEFAULT, TRANS, CHECK, BASE_CODE, BACKTRK_CODE, DEFAULT_CODE, TRANS_CODE, CHECK_CODE, CODE] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];

/** Code for the end of input. */
const END = 256;
const NO_ADDRESS = 255;

/** The signed 16-bit number at an index. */
export function short(table: Uint8Array, index: number): number {
  return (((table[2 * index + 1] as number) << 24) >> 16) | (table[2 * index] as number);
}

const tableOf = (tables: HeapBlock, field: number): Uint8Array => fieldOf(tables, field) as Uint8Array;
const numberOf = (buffer: HeapBlock, field: number): number => fieldOf(buffer, field) as number;

/** Copies positions between cells of the lexer's memory: pairs of target and source, 255 as source being the current position. */
function move(buffer: HeapBlock, code: Uint8Array, from: number): void {
  const memory = fieldOf(buffer, MEMORY) as HeapBlock;
  for (let at = from; code[at] !== NO_ADDRESS; at += 2) {
    const source = code[at + 1] as number;
    setField(memory, code[at] as number, source === NO_ADDRESS ? fieldOf(buffer, CURR_POS) : fieldOf(memory, source));
  }
}

/** The same at the end of a match; 255 as source stands for no position. */
function settle(buffer: HeapBlock, code: Uint8Array, from: number): void {
  const memory = fieldOf(buffer, MEMORY) as HeapBlock;
  for (let at = from; code[at] !== NO_ADDRESS; at += 2) {
    const source = code[at + 1] as number;
    setField(memory, code[at] as number, source === NO_ADDRESS ? -1 : fieldOf(memory, source));
  }
}

export function lexing(runtime: Runtime): Primitives {
  /** @param remembers whether the automaton keeps positions of parts of what it matches */
  function run(tables: HeapBlock, start: number, buffer: HeapBlock, remembers: boolean): number {
    const base = tableOf(tables, BASE);
    const backtrack = tableOf(tables, BACKTRK);
    const check = tableOf(tables, CHECK);
    let state = start;
    if (state >= 0) {
      // The first entry.
      setField(buffer, LAST_POS, fieldOf(buffer, CURR_POS));
      setField(buffer, START_POS, fieldOf(buffer, CURR_POS));
      setField(buffer, LAST_ACTION, -1);
    } else state = -state - 1; // Back after a refill.
    for (;;) {
      const lowest = short(base, state);
      if (lowest < 0) {
        if (remembers) settle(buffer, tableOf(tables, CODE), short(tableOf(tables, BASE_CODE), state));
        return -lowest - 1;
      }
      const action = short(backtrack, state);
      if (action >= 0) {
        if (remembers) settle(buffer, tableOf(tables, CODE), short(tableOf(tables, BACKTRK_CODE), state));
        setField(buffer, LAST_POS, fieldOf(buffer, CURR_POS));
        setField(buffer, LAST_ACTION, action);
      }
      const position = numberOf(buffer, CURR_POS);
      let character = END;
      if (position >= numberOf(buffer, BUFFER_LENGTH)) {
        // More input is asked for by a negative answer.
        if (fieldOf(buffer, EOF_REACHED) === 0) return -state - 1;
      } else {
        character = (fieldOf(buffer, BUFFER) as Uint8Array)[position] as number;
        setField(buffer, CURR_POS, position + 1);
      }
      const previous = state;
      state =
        short(check, lowest + character) === state
          ? short(tableOf(tables, TRANS), lowest + character)
          : short(tableOf(tables, DEFAULT), state);
      if (state < 0) {
        setField(buffer, CURR_POS, fieldOf(buffer, LAST_POS));
        const last = numberOf(buffer, LAST_ACTION);
        return last === -1 ? runtime.raiseWith("Failure", "lexing: empty token") : last;
      }
      if (remembers) remember(tables, buffer, previous, character);
      // The end of input is met once.
      if (character === END) setField(buffer, EOF_REACHED, 0);
    }
  }
  function remember(tables: HeapBlock, buffer: HeapBlock, state: number, character: number): void {
    const base = short(tableOf(tables, BASE_CODE), state);
    const inTable = short(tableOf(tables, CHECK_CODE), base + character) === state;
    const at = inTable ? short(tableOf(tables, TRANS_CODE), base + character) : short(tableOf(tables, DEFAULT_CODE), state);
    if (at > 0) move(buffer, tableOf(tables, CODE), at);
  }
  return {
    caml_lex_engine: (tables: HeapBlock, start: number, buffer: HeapBlock) => run(tables, start, buffer, false),
    caml_new_lex_engine: (tables: HeapBlock, start: number, buffer: HeapBlock) => run(tables, start, buffer, true),
  };
}
