// bplab cache: lists and deletes the tapes of programs.
import { Argument, Command } from "@commander-js/extra-typings";
import { cacheFolder } from "../../files/cache-folder.ts";
import { createTapeStore, MOST_STORED_BYTES, type StoredTape } from "../../guests/tapes/tape-store.ts";
import { counted, whole } from "../../numbers.ts";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { dash } from "../../report/tables/cells.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Column } from "../../results/columns.ts";
import { formatOption, parseChoice } from "../options.ts";
import { thisTerminal } from "../terminal.ts";

const columns: readonly Column<StoredTape>[] = [
  ["program", ({ program }) => program],
  ["size", ({ size }) => size ?? null],
  ["language", ({ language }) => language],
  ["virtual_instructions", ({ virtualInstructions }) => virtualInstructions ?? null],
  ["executed_blocks", ({ executedBlocks }) => executedBlocks ?? null],
  ["bytes", ({ bytes }) => bytes],
];

const wholeOrNone = (count: number | undefined): string => (count === undefined ? dash : whole(count));

export function cacheCommand() {
  return new Command("cache")
    .addArgument(new Argument("[clear]", "delete all tapes").argParser(parseChoice("thing to do with the cache", ["clear"])))
    .addOption(formatOption)
    .action((clear, { format }) => {
      const store = createTapeStore(cacheFolder());
      if (clear !== undefined) {
        const count = store.clear();
        process.stdout.write(`${counted(count, "tape")} deleted from ${store.folder}\n`);
        return;
      }
      const tapes = store.list();
      if (format === "csv") process.stdout.write(toCsv(columns, tapes));
      else if (format === "json") process.stdout.write(toJson(columns, tapes));
      else {
        const rows = tapes.map(({ program, size = "–", language, virtualInstructions, executedBlocks, bytes }) => [
          program,
          size,
          language,
          wholeOrNone(virtualInstructions),
          wholeOrNone(executedBlocks),
          whole(bytes),
        ]);
        const head = ["program", "size", "language", "virtual instructions", "executed blocks", "bytes"];
        const sum = tapes.reduce((total, { bytes }) => total + bytes, 0);
        const said = `${counted(tapes.length, "tape")}, ${whole(sum)} of at most ${whole(MOST_STORED_BYTES)} bytes in ${store.folder}`;
        process.stdout.write(toDocument([...(rows.length === 0 ? [] : [{ head, rows, left: 3 }]), `${said}.`], format, thisTerminal()));
      }
    });
}
