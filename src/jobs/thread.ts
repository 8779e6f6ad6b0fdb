// What a worker thread runs: the bundle's worker, or the modules that it is made of.
import { parentPort } from "node:worker_threads";
import { loadBundle } from "../platform/bundle/load.ts";

const bundle = loadBundle("worker");
if (bundle === undefined) await import("./worker.ts");
else {
  await bundle.startWorker();
  // after the first task, if none follows at once
  parentPort?.once("message", () => setTimeout(bundle.keepCode, 1000).unref());
}
