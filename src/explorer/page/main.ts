// The explorer's page begins here.
import { openLab } from "./lab.ts";
import { workerStarter } from "./start-worker.ts";

const options = { technique: "switch,direct-threading", predictor: "btb" };
void workerStarter()
  .then((start) => openLab(start, Math.min(4, navigator.hardwareConcurrency)).ask("simulate", { inputs: ["queens"], options }))
  .then(({ rows }) => document.body.append(JSON.stringify(rows)));
