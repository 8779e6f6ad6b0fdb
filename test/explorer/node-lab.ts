// The lab in Node.js behind the explorer's protocol, to compare the page's with.
import type { SimulateAsks, SimulateGives } from "../../dist/src/explorer/protocol.js";
import { simulated } from "../../dist/src/explorer/simulated.js";

export { explain } from "../../dist/src/workbench/explain.js";

export const simulate = (asks: SimulateAsks): Promise<SimulateGives> => simulated(asks, () => {});
