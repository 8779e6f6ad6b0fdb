// The explorer's page begins here.
import { openLab } from "./lab.ts";
import { showPage } from "./page.ts";
import { workerStarter } from "./start-worker.ts";

void workerStarter().then((start) => showPage(openLab(start, Math.min(4, navigator.hardwareConcurrency))));
