// The thread of recorded.ts: one predictor over the recorded branches, and nothing else.
import { parentPort, workerData } from "node:worker_threads";
import { recordedStream, timings } from "./recorded.ts";

const [timing] = await timings([workerData], recordedStream(), 1);
parentPort?.postMessage(timing);
