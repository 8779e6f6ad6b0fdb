// Items for any scheduler: one command line each, to be run in any order, on any machine with the same files.
import { absoluteCommand } from "../command.ts";
import type { Engine } from "../engine.ts";
import { itemName } from "../folder/item.ts";
import { openItems } from "../folder/items-file.ts";

export const emit: Engine = {
  description: "nothing: prints a command line for each item, for GNU parallel, xargs or any other scheduler",
  waits: false,
  async run({ file, cache, pending }) {
    const items = openItems(file);
    for (const index of pending) {
      const command = absoluteCommand(["sweep", "run-item", ...(cache ? [] : ["--no-cache"]), file, String(index)]);
      // a path may hold anything
      process.stdout.write(`${command} # ${itemName(items.item(index)).replaceAll(/[\n\r]/g, "?")}\n`);
    }
    items.close();
  },
};
