// The register machine: 256 registers, each of which holds a 32-bit integer or a boolean and is the integer 0 at first.
// Arithmetic wraps around, division rounds towards zero, random numbers are Marsaglia's xorshift (13, 17, 5) without its
// lowest bit. An instruction that is given the wrong type ends the run.
import { RunError } from "../../errors.ts";
import type { BlockSink } from "../../trace/virtual.ts";
import type { Assembly } from "./assembler.ts";
import { instructions } from "./instructions.ts";
import type { RegisterProgram } from "./program.ts";

/** The registers after a run. */
export interface Registers {
  readonly values: Int32Array;
  /** 1 where the value is a boolean. */
  readonly booleans: Uint8Array;
}

/** Blocks that are passed on at once. */
const CHUNK = 1 << 14;

export const show = ({ values, booleans }: Registers, register: number): string =>
  booleans[register] === 1 ? String(values[register] === 1) : String(values[register]);

/** The error of the instruction in `word`, on one line. */
function describeFault(word: number, registers: Registers): string {
  const { name } = instructions[word & 255];
  const [a, b, c] = [(word >>> 8) & 255, (word >>> 16) & 255, word >>> 24];
  const holds = (register: number): string => `r${register} holds ${show(registers, register)}`;
  if (name === "jump-if") return `${name} needs a boolean, ${holds(a)}`;
  if (name === "equal") return `${name} needs two integers or two booleans, ${holds(b)}, ${holds(c)}`;
  const mistyped = [b, c].find((register) => registers.booleans[register] === 1);
  return mistyped === undefined ? `division by zero in ${name}, ${holds(c)}` : `${name} needs two integers, ${holds(mistyped)}`;
}

/**
 * Runs a program to its end.
 * @param path  its name in messages
 * @param limit of virtual instructions
 * @throws RunError when an instruction cannot be executed, or the limit is passed: file:line: why
 */
export function run(assembly: Assembly, program: RegisterProgram, path: string, limit: number, sink?: BlockSink): Registers {
  const { words, immediates, lines } = assembly;
  const { blockAt, blockLengths } = program;
  const values = new Int32Array(256);
  const booleans = new Uint8Array(256);
  const ids = new Int32Array(CHUNK + 1);
  let random = assembly.seed;
  let left = limit;
  let count = 0;
  let ip = 0;
  const fault = (): RunError => new RunError(`${path}:${lines[ip]}: ${describeFault(words[ip], { values, booleans })}`);

  arrive: for (;;) {
    const block = blockAt[ip];
    left -= blockLengths[block];
    if (left < 0) {
      throw new RunError(
        `${path}:${lines[ip]}: stopped after ${limit} virtual instructions (raise --max-instructions to let it run longer)`,
      );
    }
    ids[count++] = block;
    if (count > CHUNK) {
      sink?.(ids, CHUNK, block);
      ids[0] = block;
      count = 1;
    }
    for (;;) {
      const word = words[ip];
      const a = (word >>> 8) & 255;
      const b = (word >>> 16) & 255;
      const c = word >>> 24;
      // literals, because V8 makes no jump table from named constants
      switch (word & 255) {
        case 0: // halt
          sink?.(ids, count, -1);
          return { values, booleans };
        case 1: // jump
          ip = immediates[ip];
          continue arrive;
        case 2: // jump-if
          if (booleans[a] === 0) throw fault();
          ip = values[a] === 1 ? immediates[ip] : ip + 1;
          continue arrive;
        case 3: // move
          values[a] = values[b];
          booleans[a] = booleans[b];
          break;
        case 4: // load-integer
          values[a] = immediates[ip];
          booleans[a] = 0;
          break;
        case 5: // load-boolean
          values[a] = immediates[ip];
          booleans[a] = 1;
          break;
        case 6: // add
          if ((booleans[b] | booleans[c]) !== 0) throw fault();
          values[a] = values[b] + values[c];
          booleans[a] = 0;
          break;
        case 7: // divide
          if ((booleans[b] | booleans[c]) !== 0 || values[c] === 0) throw fault();
          values[a] = (values[b] / values[c]) | 0;
          booleans[a] = 0;
          break;
        case 8: // modulo
          if ((booleans[b] | booleans[c]) !== 0 || values[c] === 0) throw fault();
          values[a] = (values[b] % values[c]) | 0;
          booleans[a] = 0;
          break;
        case 9: // equal
          if (booleans[b] !== booleans[c]) throw fault();
          values[a] = values[b] === values[c] ? 1 : 0;
          booleans[a] = 1;
          break;
        case 10: // greater
          if ((booleans[b] | booleans[c]) !== 0) throw fault();
          values[a] = values[b] > values[c] ? 1 : 0;
          booleans[a] = 1;
          break;
        default: // random
          random ^= random << 13;
          random ^= random >>> 17;
          random ^= random << 5;
          values[a] = random >>> 1;
          booleans[a] = 0;
      }
      ip++;
    }
  }
}
