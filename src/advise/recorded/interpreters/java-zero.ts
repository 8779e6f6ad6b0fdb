// HotSpot without generated code (java -zero): BytecodeInterpreter::run dispatches through opclabels_data, 256 labels. The first 202
// numbers are those of class files; HotSpot's own are those of bytecodes.hpp. Zero rewrites instructions to them from JDK 17 on.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { instructions } from "../../../guests/java/instructions.ts";
import type { KnownInterpreter } from "../known-interpreter.ts";

const OWN =
  "breakpoint fast_agetfield fast_bgetfield fast_cgetfield fast_dgetfield fast_fgetfield fast_igetfield fast_lgetfield fast_sgetfield " +
  "fast_aputfield fast_bputfield fast_zputfield fast_cputfield fast_dputfield fast_fputfield fast_iputfield fast_lputfield fast_sputfield " +
  "fast_aload_0 fast_iaccess_0 fast_aaccess_0 fast_faccess_0 fast_iload fast_iload2 fast_icaload fast_invokevfinal fast_linearswitch " +
  "fast_binaryswitch fast_aldc fast_aldc_w return_register_finalizer invokehandle nofast_getfield nofast_putfield nofast_aload_0 " +
  "nofast_iload shouldnotreachhere";

/** Versions of the JDK that number HotSpot's own instructions so: 17 is tried, its successors to 22 have the same list. */
const NUMBERED = /^JAVA_VERSION="(17|18|19|20|21|22)\b/m;

const TRANSFERS = new Set([
  ...instructions.filter(({ flow }) => flow !== "next").map(({ name }) => name),
  ..."fast_invokevfinal fast_linearswitch fast_binaryswitch invokehandle return_register_finalizer".split(" "),
]);

/** Whether the JDK of a libjvm.so, which lies two folders below it, numbers HotSpot's own instructions as above. */
function isNumbered(path: string): boolean {
  try {
    return NUMBERED.test(readFileSync(join(dirname(path), "..", "..", "release"), "utf8"));
  } catch {
    return false;
  }
}

export const JAVA_ZERO: KnownInterpreter = {
  name: "HotSpot Zero",
  recognises: ({ file, interpreter }) => file === "libjvm.so" && interpreter.includes("BytecodeInterpreter"),
  technique: "token-threading",
  entries: [256],
  names: ({ path, entries }) => {
    const names = [...instructions.map(({ name }) => name), ...(isNumbered(path) ? OWN.split(" ") : [])];
    return Array.from({ length: entries }, (_, number) => names[number] ?? `op${number}`);
  },
  // several opcodes may have one body: "fload|fast_iload"
  transfers: { test: (name) => name.split("|").some((one) => TRANSFERS.has(one)) },
};
