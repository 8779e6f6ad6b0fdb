// The machine: its name, its folders, its cores, the memory for JavaScript.
export { availableParallelism, homedir, hostname, tmpdir } from "node:os";
export { getHeapStatistics } from "node:v8";
