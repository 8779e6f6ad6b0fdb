// A hand-written version of the guest's work: the threaded code that the Forth compiled, run by a switch over the few instructions
// in it, with stacks in typed arrays; no checks, no exceptions, no trace, no counting.
const NAMES = [";s", "dup", "lit", "<", "?branch", "1-", "call", "swap", "-", "+"];

export interface LoadedCode {
  /** Names of instructions, by virtual address. */
  readonly names: readonly string[];
  readonly operands: ArrayLike<number>;
}

/** @returns a function that runs the code from an address with one cell on the stack, and gives the top when it returns */
export default function create({ names, operands }: LoadedCode): (start: number, cell: number) => number {
  const op = Int32Array.from(names, (name) => NAMES.indexOf(name));
  const arg = Int32Array.from(operands);
  const ds = new Int32Array(1024);
  const rs = new Int32Array(1024);
  return (start, cell) => {
    let ip = start;
    let sp = 0;
    let rp = 1;
    let t = cell;
    rs[0] = -1;
    for (;;) {
      const at = ip++;
      switch (op[at]) {
        case 0:
          ip = rs[--rp];
          if (ip < 0) return t;
          break;
        case 1:
          ds[sp++] = t;
          break;
        case 2:
          ds[sp++] = t;
          t = arg[at];
          break;
        case 3:
          t = ds[--sp] < t ? -1 : 0;
          break;
        case 4:
          if (t === 0) ip = arg[at];
          t = ds[--sp];
          break;
        case 5:
          t = (t - 1) | 0;
          break;
        case 6:
          rs[rp++] = ip;
          ip = arg[at];
          break;
        case 7: {
          const below = ds[sp - 1];
          ds[sp - 1] = t;
          t = below;
          break;
        }
        case 8:
          t = (ds[--sp] - t) | 0;
          break;
        case 9:
          t = (ds[--sp] + t) | 0;
          break;
        default:
          throw new Error(`bench/bare/threaded-code.ts: instruction ${names[at]} at ${at}`);
      }
    }
  };
}
