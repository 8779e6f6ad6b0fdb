// The global data of a program: exceptions of the runtime, constants, and room for its modules.
import type { UsageError } from "../../../errors.ts";
import { fieldOf, type HeapBlock, isHeapBlock, PREDEFINED_EXCEPTIONS, sizeOf, type Value } from "../value.ts";
import { unmarshal } from "./unmarshal.ts";

/** @throws the error that `damaged` makes for invalid data */
export function readGlobals(data: Uint8Array, damaged: (what: string) => UsageError): HeapBlock {
  const globals = unmarshal(data, {
    fail(why) {
      throw damaged(`in its data, ${why}`);
    },
  });
  const isException = (value: Value): boolean => isHeapBlock(value) && sizeOf(value) === 2 && fieldOf(value, 0) instanceof Uint8Array;
  if (!isHeapBlock(globals) || sizeOf(globals) < PREDEFINED_EXCEPTIONS.length) throw damaged("its data is no table of globals");
  PREDEFINED_EXCEPTIONS.forEach((name, i) => {
    if (!isException(fieldOf(globals, i))) throw damaged(`its data has no exception ${name}`);
  });
  return globals;
}
