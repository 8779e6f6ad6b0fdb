// The bare loop for the guest: the smallest interpreter over typed arrays that runs recursive Fibonacci the way the Forth
// guest does, instruction by instruction, with no checks, no exceptions, no words, and (or not) a block id per transfer.

const [DUP, LIT, LESS, QBRANCH, DROP, BRANCH, DEC, CALL, SWAP, SUB, ADD, EXIT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

// : fib  dup 2 < if drop 1 else dup 1- recurse swap 2 - recurse + then ;
const CODE: readonly (readonly [op: number, operand: number])[] = [
  [DUP, 0],
  [LIT, 2],
  [LESS, 0],
  [QBRANCH, 7],
  [DROP, 0],
  [LIT, 1],
  [BRANCH, 15],
  [DUP, 0],
  [DEC, 0],
  [CALL, 0],
  [SWAP, 0],
  [LIT, 2],
  [SUB, 0],
  [CALL, 0],
  [ADD, 0],
  [EXIT, 0],
];

/** The same word for the Forth guest. */
export const FIB_SOURCE = ": fib dup 2 < if drop 1 else dup 1- recurse swap 2 - recurse + then ;";

/** Runs fib(n); returns the virtual instructions that ran. */
export function bareFib(n: number, traced: boolean): number {
  const op = Int32Array.from(CODE, ([code]) => code);
  const arg = Int32Array.from(CODE, ([, operand]) => operand);
  const ds = new Int32Array(1024);
  const rs = new Int32Array(1024);
  const trace = new Int32Array(32768);
  let traceCount = 0;
  let executed = 0;
  let sp = 1;
  let rp = 1;
  let t = n;
  let ip = 0;
  rs[0] = -1;
  for (;;) {
    executed++;
    const at = ip++;
    switch (op[at]) {
      case 0:
        ds[sp++] = t;
        continue;
      case 1:
        ds[sp++] = t;
        t = arg[at];
        continue;
      case 2:
        t = ds[--sp] < t ? -1 : 0;
        continue;
      case 3: {
        const flag = t;
        t = ds[--sp];
        if (flag === 0) ip = arg[at];
        break;
      }
      case 4:
        t = ds[--sp];
        continue;
      case 5:
        ip = arg[at];
        break;
      case 6:
        t = (t - 1) | 0;
        continue;
      case 7:
        rs[rp++] = ip;
        ip = arg[at];
        break;
      case 8: {
        const below = ds[sp - 1];
        ds[sp - 1] = t;
        t = below;
        continue;
      }
      case 9:
        t = (ds[--sp] - t) | 0;
        continue;
      case 10:
        t = (ds[--sp] + t) | 0;
        continue;
      case 11:
        ip = rs[--rp];
        if (ip < 0) return executed;
        break;
    }
    // a transfer of control
    if (traced) {
      trace[traceCount++] = ip;
      if (traceCount === trace.length) traceCount = 0;
    }
  }
}
