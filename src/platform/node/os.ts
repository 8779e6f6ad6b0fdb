// The machine: its name, its folders, its cores, the memory for JavaScript.
export { availableParallelism, homedir, hostname, tmpdir } from "node:os";

import { type HeapInfo, getHeapStatistics as heapStatistics } from "node:v8";

// as a function of its own: in the bundle, node:v8, which takes 6 ms, is loaded when this is called
export const getHeapStatistics = (): HeapInfo => heapStatistics();
