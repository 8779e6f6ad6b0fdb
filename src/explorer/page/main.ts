// The explorer's page begins here.
import { openLab } from "./lab.ts";
import { startWorker } from "./start-worker.ts";

const lab = openLab(startWorker, Math.min(4, navigator.hardwareConcurrency));
const options = { technique: "switch,direct-threading", predictor: "btb" };
void lab.ask("simulate", { inputs: ["queens"], options }).then(({ rows }) => document.body.append(JSON.stringify(rows)));
