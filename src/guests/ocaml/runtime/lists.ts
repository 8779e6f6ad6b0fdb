// OCaml's lists.
import { fieldOf, isHeapBlock, type Value } from "../value.ts";

export function listToArray(list: Value): Value[] {
  const result: Value[] = [];
  for (let rest = list; isHeapBlock(rest); rest = fieldOf(rest, 1)) result.push(fieldOf(rest, 0));
  return result;
}
