// Integers of 63 bits, as far as the interpreter's own instructions leave them to C.

import { formatInteger, parseInteger } from "../runtime/integer-text.ts";
import { type Integer, type Primitives, type Runtime, toInteger } from "../value.ts";

export function integers(runtime: Runtime): Primitives {
  return {
    caml_int_of_string(text: Uint8Array) {
      const value = parseInteger(text, 63);
      return value === undefined ? runtime.raiseWith("Failure", "int_of_string") : toInteger(value);
    },
    caml_format_int: (format: Uint8Array, value: Integer) => formatInteger(format, value, 63),
    caml_int_compare: (a: Integer, b: Integer) => (a < b ? -1 : a > b ? 1 : 0),
    caml_bswap16: (value: Integer) => {
      const low = typeof value === "number" ? value : Number(BigInt.asUintN(16, value));
      return ((low & 0xff) << 8) | ((low >> 8) & 0xff);
    },
    caml_int_as_pointer: (value: Integer) => value,
  };
}
