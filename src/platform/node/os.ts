// The machine: its name, its folders, its cores, the memory for JavaScript.
export { availableParallelism, homedir, hostname, tmpdir } from "node:os";

import { type HeapInfo, getHeapStatistics as heapStatistics, setFlagsFromString } from "node:v8";

// as a function of its own: in the bundle, node:v8, which takes 6 ms, is loaded when this is called
export const getHeapStatistics = (): HeapInfo => heapStatistics();

/** By major version of Node.js: V8's flag for how long a function runs before it is optimised, for short runs, and as it is by itself. */
const TIERING: Readonly<Record<string, { readonly flag: string; readonly later: number; readonly usual: number }>> = {
  20: { flag: "--interrupt-budget", later: 1_200_000, usual: 67_584 },
  22: { flag: "--invocation-count-for-turbofan", later: 30_000, usual: 3_000 },
};

let holders = 0;

/**
 * Lets V8 optimise functions later while an action runs: a short one ends before many of them pay (docs/speed.md). Changes nothing
 * under other versions of Node.js, Deno and Bun. The flag is restored because V8 takes kept code only under the flags under which it
 * was kept.
 */
export async function optimisingLater<T>(action: () => Promise<T>): Promise<T> {
  const { bun, deno, node } = process.versions;
  const tiering = bun === undefined && deno === undefined ? TIERING[node.split(".")[0]] : undefined;
  if (tiering === undefined) return action();
  if (holders++ === 0) setFlagsFromString(`${tiering.flag}=${tiering.later}`);
  try {
    return await action();
  } finally {
    if (--holders === 0) setFlagsFromString(`${tiering.flag}=${tiering.usual}`);
  }
}
