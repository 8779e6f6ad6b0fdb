// bplab sweep run-item: one item, in this process.
import { dirname, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { openSession } from "../../../jobs/session.ts";
import { readManifest } from "../../../sweep/folder/folder.ts";
import { noCacheOption, parseNumber } from "../../options.ts";
import { enter } from "./do-items.ts";

export function runItemCommand() {
  return new Command("run-item")
    .description("do one item in this process, and write its result beside the items file (engines call this)")
    .argument("<file>", "an items file in the folder of a sweep")
    .argument("<index>", "the item's line in the file, from 0", parseNumber("index"))
    .option("--log <file>", "the file that this process's output goes to, for a failure to name")
    .addOption(noCacheOption)
    .action(async (shown, index, { log, cache }) => {
      const file = resolve(shown);
      const folder = dirname(file);
      const { base } = readManifest(folder);
      const [{ openItems }, { runItem }, { readResult }] = await Promise.all([
        import("../../../sweep/folder/items-file.ts"),
        import("../../../sweep/folder/run-item.ts"),
        import("../../../sweep/folder/result-files.ts"),
      ]);
      const items = openItems(file);
      const item = items.item(index);
      items.close();
      if (typeof readResult(folder, item.key) === "object") return;
      enter(base);
      const session = openSession({ jobs: 1, cache });
      try {
        const error = await runItem(folder, item, session, { log: log === undefined ? undefined : resolve(log) });
        if (error !== undefined) throw error;
      } finally {
        await session.close();
      }
    });
}
