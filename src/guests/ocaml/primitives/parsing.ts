// The automata that ocamlyacc makes. The engine returns to OCaml whenever it needs a token, room on its stacks, or a
// semantic action, and is called again with the answer.

import { formatFloat } from "../runtime/float-text.ts";
import { bytesToText, toBytes } from "../runtime/text.ts";
import {
  Float,
  fieldOf,
  type HeapBlock,
  isHeapBlock,
  isInteger,
  type Primitives,
  type Runtime,
  setField,
  tagOf,
  type Value,
} from "../value.ts";
import { short } from "./lexing.ts";

/** Fields of Parsing.parse_tables. */
const [TRANSL_CONST, TRANSL_BLOCK, LHS, LEN, DEFRED, DGOTO, SINDEX, RINDEX, GINDEX, TABLESIZE, TABLE, CHECK] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
];
const [NAMES_CONST, NAMES_BLOCK] = [14, 15];
/** Fields of Parsing.parser_env. */
const [S_STACK, V_STACK, SYMB_START_STACK, SYMB_END_STACK, STACKSIZE, STACKBASE, CURR_CHAR, LVAL, SYMB_START, SYMB_END] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
];
const [ASP, RULE_LEN, RULE_NUMBER, SP, STATE, ERRFLAG] = [10, 11, 12, 13, 14, 15];

/** Commands from OCaml. */
const [START, TOKEN_READ, STACKS_GROWN_1, STACKS_GROWN_2, SEMANTIC_ACTION_COMPUTED] = [0, 1, 2, 3, 4];
/** Replies of the engine. */
const [READ_TOKEN, RAISE_PARSE_ERROR, GROW_STACKS_1, GROW_STACKS_2, COMPUTE_SEMANTIC_ACTION, CALL_ERROR_FUNCTION] = [0, 1, 2, 3, 4, 5];

/** The token that stands for an error. */
const ERROR = 256;
/** Tokens that must be shifted before another error is reported. */
const QUIET_TOKENS = 3;
const NO_TOKEN = -1;

/** What to do next. */
type Step = "loop" | "test" | "recover" | "shift" | "push" | "reduce" | "act";

function tokenName(names: Uint8Array, number: number): string {
  const list = bytesToText(names).split("\0");
  return number < list.length - 1 ? (list[number] as string) : "<unknown token>";
}

function tokenText(tables: HeapBlock, token: Value): string {
  if (!isHeapBlock(token)) return tokenName(fieldOf(tables, NAMES_CONST) as Uint8Array, token as number);
  const value = fieldOf(token, 0);
  const shown = isInteger(value)
    ? String(value)
    : value instanceof Uint8Array
      ? bytesToText(value)
      : value instanceof Float
        ? bytesToText(formatFloat(toBytes("%g"), value))
        : "_";
  return `${tokenName(fieldOf(tables, NAMES_BLOCK) as Uint8Array, tagOf(token))}(${shown})`;
}

class Automaton {
  readonly #tables: HeapBlock;
  readonly #env: HeapBlock;
  /** Takes lines of a trace, while Parsing.set_trace is on. */
  readonly #trace: ((line: string) => void) | undefined;
  #state = 0;
  #sp: number;
  #errors = 0;
  /** The rule to reduce by, or the entry to shift. */
  #index = 0;

  constructor(tables: HeapBlock, env: HeapBlock, trace: ((line: string) => void) | undefined) {
    this.#tables = tables;
    this.#env = env;
    this.#trace = trace;
    this.#sp = this.#get(SP);
  }

  #get(field: number): number {
    return fieldOf(this.#env, field) as number;
  }
  #entry(table: number, index: number): number {
    return short(fieldOf(this.#tables, table) as Uint8Array, index);
  }
  #stack(field: number): HeapBlock {
    return fieldOf(this.#env, field) as HeapBlock;
  }
  #save(answer: number): number {
    setField(this.#env, SP, this.#sp);
    setField(this.#env, STATE, this.#state);
    setField(this.#env, ERRFLAG, this.#errors);
    return answer;
  }
  /** Whether a row of the packed table has an entry for a symbol, which `#index` then is. */
  #find(row: number, symbol: number): boolean {
    const at = row + symbol;
    if (row === 0 || at < 0 || at > (fieldOf(this.#tables, TABLESIZE) as number) || this.#entry(CHECK, at) !== symbol) return false;
    this.#index = at;
    return true;
  }

  run(command: number, argument: Value): number {
    if (command !== START) {
      this.#state = this.#get(STATE);
      this.#errors = this.#get(ERRFLAG);
    }
    let step: Step | number = this.#enter(command, argument);
    while (typeof step !== "number") step = this.#take(step);
    return step;
  }

  #enter(command: number, argument: Value): Step {
    switch (command) {
      case START:
        return "loop";
      case TOKEN_READ:
        this.#accept(argument);
        return "test";
      case STACKS_GROWN_1:
        return "push";
      case STACKS_GROWN_2:
        return "act";
      case SEMANTIC_ACTION_COMPUTED:
        this.#keepResult(argument);
        return "loop";
      default:
        return "recover";
    }
  }

  #take(step: Step): Step | number {
    switch (step) {
      case "loop":
        this.#index = this.#entry(DEFRED, this.#state);
        if (this.#index !== 0) return "reduce";
        return this.#get(CURR_CHAR) >= 0 ? "test" : this.#save(READ_TOKEN);
      case "test":
        if (this.#find(this.#entry(SINDEX, this.#state), this.#get(CURR_CHAR))) {
          setField(this.#env, CURR_CHAR, NO_TOKEN);
          if (this.#errors > 0) this.#errors--;
          return "shift";
        }
        if (this.#find(this.#entry(RINDEX, this.#state), this.#get(CURR_CHAR))) {
          this.#index = this.#entry(TABLE, this.#index);
          return "reduce";
        }
        return this.#errors > 0 ? "recover" : this.#save(CALL_ERROR_FUNCTION);
      case "recover":
        return this.#recover();
      case "shift":
        this.#trace?.(`State ${this.#state}: shift to state ${this.#entry(TABLE, this.#index)}`);
        this.#state = this.#entry(TABLE, this.#index);
        this.#sp++;
        return this.#sp < this.#get(STACKSIZE) ? "push" : this.#save(GROW_STACKS_1);
      case "push":
        setField(this.#stack(S_STACK), this.#sp, this.#state);
        setField(this.#stack(V_STACK), this.#sp, fieldOf(this.#env, LVAL));
        setField(this.#stack(SYMB_START_STACK), this.#sp, fieldOf(this.#env, SYMB_START));
        setField(this.#stack(SYMB_END_STACK), this.#sp, fieldOf(this.#env, SYMB_END));
        return "loop";
      case "reduce":
        this.#reduce();
        return this.#sp < this.#get(STACKSIZE) ? "act" : this.#save(GROW_STACKS_2);
      case "act":
        return this.#save(COMPUTE_SEMANTIC_ACTION);
    }
  }

  #accept(token: Value): void {
    const [table, index] = isHeapBlock(token) ? [TRANSL_BLOCK, tagOf(token)] : [TRANSL_CONST, token as number];
    setField(this.#env, CURR_CHAR, fieldOf(fieldOf(this.#tables, table) as HeapBlock, index));
    setField(this.#env, LVAL, isHeapBlock(token) ? fieldOf(token, 0) : 0);
    this.#trace?.(`State ${this.#state}: read token ${tokenText(this.#tables, token)}`);
  }

  #recover(): Step | number {
    if (this.#errors >= QUIET_TOKENS) {
      if (this.#get(CURR_CHAR) === 0) return RAISE_PARSE_ERROR;
      this.#trace?.("Discarding last token read");
      setField(this.#env, CURR_CHAR, NO_TOKEN);
      return "loop";
    }
    this.#errors = QUIET_TOKENS;
    for (;;) {
      const state = fieldOf(this.#stack(S_STACK), this.#sp) as number;
      if (this.#find(this.#entry(SINDEX, state), ERROR)) {
        this.#trace?.(`Recovering in state ${state}`);
        return "shift";
      }
      this.#trace?.(`Discarding state ${state}`);
      if (this.#sp <= this.#get(STACKBASE)) {
        this.#trace?.("No more states to discard");
        return RAISE_PARSE_ERROR;
      }
      this.#sp--;
    }
  }

  #reduce(): void {
    const rule = this.#index;
    this.#trace?.(`State ${this.#state}: reduce by rule ${rule}`);
    const length = this.#entry(LEN, rule);
    setField(this.#env, ASP, this.#sp);
    setField(this.#env, RULE_NUMBER, rule);
    setField(this.#env, RULE_LEN, length);
    this.#sp += 1 - length;
    const symbol = this.#entry(LHS, rule);
    const below = fieldOf(this.#stack(S_STACK), this.#sp - 1) as number;
    this.#state = this.#find(this.#entry(GINDEX, symbol), below) ? this.#entry(TABLE, this.#index) : this.#entry(DGOTO, symbol);
  }

  #keepResult(value: Value): void {
    setField(this.#stack(S_STACK), this.#sp, this.#state);
    setField(this.#stack(V_STACK), this.#sp, value);
    const top = this.#get(ASP);
    const end = fieldOf(this.#stack(SYMB_END_STACK), top);
    setField(this.#stack(SYMB_END_STACK), this.#sp, end);
    // A rule without symbols begins where it ends.
    if (this.#sp > top) setField(this.#stack(SYMB_START_STACK), this.#sp, end);
  }
}

export function parsing(runtime: Runtime): Primitives {
  let traced = false;
  const trace = (line: string): void => runtime.host.console.writeError(toBytes(`${line}\n`));
  return {
    caml_parse_engine: (tables: HeapBlock, env: HeapBlock, command: number, argument: Value) =>
      new Automaton(tables, env, traced ? trace : undefined).run(command, argument),
    caml_set_parser_trace(flag: Value) {
      const before = traced;
      traced = flag !== 0;
      return before ? 1 : 0;
    },
  };
}
