// The lab in Node.js behind the explorer's protocol, to compare the page's with.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SimulateAsks, SimulateGives } from "../../dist/src/explorer/protocol.js";
import { simulated } from "../../dist/src/explorer/simulated.js";

export { explain } from "../../dist/src/workbench/explain.js";

export const simulate = (asks: SimulateAsks): Promise<SimulateGives> => simulated(asks, () => {});

export const PAGE = fileURLToPath(new URL("../../dist/explorer.html", import.meta.url));

/** The worker's program, as the page contains it. */
export const workerProgram = (): string =>
  /<script type="text\/plain" id="lab">([\s\S]*?)<\/script>/.exec(readFileSync(PAGE, "utf8"))?.[1] ?? "";
