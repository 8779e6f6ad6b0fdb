// Items files: one item per line. They may be long, so single lines are read by number.
import { closeSync, openSync, readSync } from "node:fs";
import { UsageError, unreadable } from "../../errors.ts";
import { type Item, itemKey } from "./item.ts";

const PIECE_BYTES = 1 << 16;
const NEWLINE = 10;

export interface ItemsFile {
  readonly count: number;
  /** @throws UsageError when there is no such line, or it is damaged */
  item(index: number): Item;
  close(): void;
}

/** @throws UsageError when it cannot be read */
export function openItems(path: string): ItemsFile {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw unreadable(path, "work items", error);
  }
  const piece = Buffer.alloc(PIECE_BYTES);
  /** Starts of lines; text after the last newline is no item. */
  const starts = [0];
  for (let at = 0, count = readSync(file, piece, 0, PIECE_BYTES, 0); count > 0; count = readSync(file, piece, 0, PIECE_BYTES, at)) {
    for (let i = piece.indexOf(NEWLINE); i >= 0 && i < count; i = piece.indexOf(NEWLINE, i + 1)) starts.push(at + i + 1);
    at += count;
  }
  const count = starts.length - 1;
  return {
    count,
    item(index) {
      if (!Number.isInteger(index) || index < 0 || index >= count)
        throw new UsageError(`${path}: expected the index of an item, 0 to ${count - 1}, got ${index}`);
      const line = Buffer.alloc(starts[index + 1] - starts[index]);
      readSync(file, line, 0, line.length, starts[index]);
      try {
        const item: Item = JSON.parse(line.toString());
        if (itemKey(item) === item.key) return item;
      } catch {
        // said below
      }
      throw new UsageError(`${path}:${index + 1}: not an item as bplab sweep writes them; sweep again: results stay`);
    },
    close: () => closeSync(file),
  };
}
