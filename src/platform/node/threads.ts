// Worker threads.
export { Worker } from "node:worker_threads";

/** Whether there are any. */
export const HAS_THREADS: boolean = true;
