// The assembler of the register machine: one instruction a line, mnemonic first, then its operands, the destination first.
//
//     .const LIMIT test=100 full=5000   ; a name for an integer: one for both sizes, or one for each
//     .seed 12345                       ; where the random numbers begin
//     again:  add r1 r1 r2              ; operands are separated by blanks or commas
//             jump-if r3 again
//
// Labels and constants may be defined after their uses. The last instruction must not fall through, so that no program runs past
// its end.
import { UsageError } from "../../errors.ts";
import { nearest, unknownName } from "../../parameters.ts";
import { type Instruction, instructions, type OperandKind } from "./instructions.ts";

/** A program as the machine executes it; indices are virtual addresses. */
export interface Assembly {
  /** Opcode number and up to three registers, a byte each, the opcode lowest. */
  readonly words: Int32Array;
  /** Operands that do not fit there: the integer, the boolean as 0 or 1, the virtual address of a label. */
  readonly immediates: Int32Array;
  /** Lines of the source, from 1. */
  readonly lines: Int32Array;
  /** The registers that the program names, ascending. */
  readonly registers: readonly number[];
  readonly seed: number;
}

const REGISTERS = 256;
const DEFAULT_SEED = 123456789;
const HIGHEST = 2 ** 31 - 1;
const LOWEST = -(2 ** 31);
/** Longer words in messages are cut. */
const LONGEST_WORD = 40;

const NAMES = instructions.map(({ name }) => name);
const DIRECTIVES = [".const", ".seed"];
const NAME = /^[A-Za-z_][\w-]*$/;

/** A word as messages show it. */
function shown(word: string | undefined): string {
  if (word === undefined) return "nothing";
  const printable = word.replace(/\p{Cc}/gu, "?");
  return printable.length > LONGEST_WORD ? `${printable.slice(0, LONGEST_WORD)}…` : printable;
}

/** A line of the source that holds an instruction. */
interface Statement {
  readonly line: number;
  readonly opcode: number;
  readonly operands: readonly string[];
}

/** Something with a name, and the line where it got it. */
interface Named {
  readonly value: number;
  readonly line: number;
}

/**
 * @param path the source's name in messages
 * @param full whether constants with two sizes take the large one
 * @throws UsageError for an error: file:line: what was expected, what came
 */
export function assemble(source: string, path: string, full: boolean): Assembly {
  const statements: Statement[] = [];
  const labels = new Map<string, Named>();
  const constants = new Map<string, Named>();
  let seed: Named | undefined;
  const wrong = (line: number, what: string): UsageError => new UsageError(`${path}:${line}: ${what}`);

  function readInteger(line: number, word: string | undefined, least: number, expected = "an integer"): number {
    const value = word !== undefined && /^[+-]?\d+$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= least && value <= HIGHEST)) {
      throw wrong(line, `expected ${expected} from ${least} to ${HIGHEST}, got ${shown(word)}`);
    }
    return value;
  }
  function define(table: Map<string, Named>, what: string, line: number, name: string, value: number): void {
    const before = table.get(name);
    if (before !== undefined) throw wrong(line, `${what} ${shown(name)} is defined twice, first in line ${before.line}`);
    table.set(name, { value, line });
  }
  function readName(line: number, what: string, word: string | undefined): string {
    if (word === undefined || !NAME.test(word)) throw wrong(line, `expected the name of a ${what}, got ${shown(word)}`);
    return word;
  }

  function readConstant(line: number, [name, ...values]: readonly string[]): void {
    readName(line, "constant", name);
    const given = values.join(" ");
    const [, both, test = both, large = both] = /^([^\s=]+)$|^test=(\S+) full=(\S+)$/.exec(given) ?? [];
    if (test === undefined) {
      throw wrong(line, `expected .const ${name} 5 or .const ${name} test=5 full=9, got ${shown(given || undefined)} for its value`);
    }
    const sizes = [readInteger(line, test, LOWEST), readInteger(line, large, LOWEST)];
    define(constants, "constant", line, name, sizes[full ? 1 : 0]);
  }
  function readDirective(line: number, directive: string, words: readonly string[]): void {
    if (directive === ".const") readConstant(line, words);
    else if (directive === ".seed") {
      if (words.length !== 1) throw wrong(line, `.seed takes 1 integer, got ${words.length}`);
      if (seed !== undefined) throw wrong(line, `.seed is given twice, first in line ${seed.line}`);
      // a xorshift that starts at 0 stays there
      seed = { value: readInteger(line, words[0], 1), line };
    } else throw wrong(line, unknownName("directive", shown(directive), DIRECTIVES).message);
  }
  function readLine(text: string, line: number): void {
    const words = text
      .split(";")[0]
      .replaceAll(":", ": ")
      .split(/[\s,]+/)
      .filter(Boolean);
    while (words[0]?.endsWith(":")) {
      define(labels, "label", line, readName(line, "label", words[0].slice(0, -1) || undefined), statements.length);
      words.shift();
    }
    const [mnemonic, ...operands] = words;
    if (mnemonic === undefined) return;
    if (mnemonic.startsWith(".")) {
      readDirective(line, mnemonic, operands);
      return;
    }
    const opcode = NAMES.indexOf(mnemonic);
    if (opcode < 0) throw wrong(line, unknownName("instruction", shown(mnemonic), NAMES).message);
    const { operands: kinds } = instructions[opcode];
    if (operands.length !== kinds.length) {
      const count = `${kinds.length} operand${kinds.length === 1 ? "" : "s"}`;
      throw wrong(
        line,
        `${mnemonic} takes ${count}${kinds.length === 0 ? "" : ` (${[mnemonic, ...kinds].join(" ")})`}, got ${operands.length}`,
      );
    }
    statements.push({ line, opcode, operands });
  }

  function find(table: ReadonlyMap<string, Named>, what: string, line: number, word: string): number {
    const found = table.get(word);
    if (found !== undefined) return found.value;
    const near = nearest(shown(word), [...table.keys()]);
    throw wrong(line, `${what} ${shown(word)} is not defined${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
  const readOperand: Readonly<Record<OperandKind, (line: number, word: string) => number>> = {
    register(line, word) {
      const number = /^r(0|[1-9]\d{0,2})$/.test(word) ? Number(word.slice(1)) : REGISTERS;
      if (number >= REGISTERS) throw wrong(line, `expected a register r0 to r${REGISTERS - 1}, got ${shown(word)}`);
      return number;
    },
    integer: (line, word) =>
      NAME.test(word) ? find(constants, "constant", line, word) : readInteger(line, word, LOWEST, "a constant or an integer"),
    boolean(line, word) {
      if (word !== "true" && word !== "false") throw wrong(line, `expected true or false, got ${shown(word)}`);
      return word === "true" ? 1 : 0;
    },
    label: (line, word) => find(labels, "label", line, readName(line, "label", word)),
  };

  source
    .replace(/^\uFEFF/, "")
    .split(/\r\n?|\n/)
    .forEach((text, i) => {
      readLine(text, i + 1);
    });
  if (statements.length === 0) throw new UsageError(`${path}: expected at least one instruction, got none`);
  for (const [name, { value, line }] of labels) {
    if (value === statements.length) throw wrong(line, `expected an instruction after label ${shown(name)}, got the end of the file`);
  }

  const words = new Int32Array(statements.length);
  const immediates = new Int32Array(statements.length);
  const registers = new Set<number>();
  statements.forEach(({ line, opcode, operands }, address) => {
    words[address] = opcode;
    instructions[opcode].operands.forEach((kind, i) => {
      const value = readOperand[kind](line, operands[i]);
      if (kind === "register") {
        registers.add(value);
        words[address] |= value << (8 * (i + 1));
      } else immediates[address] = value;
    });
  });
  const last = statements[statements.length - 1];
  const { name, flow }: Instruction = instructions[last.opcode];
  if (flow !== "jump" && flow !== "halt") throw wrong(last.line, `expected jump or halt as the last instruction, got ${name}`);
  return {
    words,
    immediates,
    lines: Int32Array.from(statements, ({ line }) => line),
    registers: [...registers].sort((a, b) => a - b),
    seed: seed?.value ?? DEFAULT_SEED,
  };
}
