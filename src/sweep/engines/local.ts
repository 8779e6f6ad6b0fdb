// Items on this machine: worker threads, and one process that writes down what comes back.
import type { Engine } from "../engine.ts";

export const local: Engine = {
  description: "worker threads of this process",
  waits: true,
  async run() {
    throw new Error("to be written");
  },
};
