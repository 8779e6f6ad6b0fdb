// HotSpot without generated code (java -zero): BytecodeInterpreter::run dispatches through opclabels_data, 256 labels. The first 202
// numbers are those of class files; HotSpot's own are those of bytecodes.hpp. Zero rewrites instructions to them from JDK 17 on.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HOTSPOT_NAMES, NUMBERED_SO } from "../../../guests/java/hotspot/codes.ts";
import { instructions } from "../../../guests/java/instructions.ts";
import type { KnownInterpreter } from "../known-interpreter.ts";

const VERSION = /^JAVA_VERSION="(\d+)\b/m;

const TRANSFERS = new Set([
  ...instructions.filter(({ flow }) => flow !== "next").map(({ name }) => name),
  ..."fast_invokevfinal fast_linearswitch fast_binaryswitch invokehandle return_register_finalizer".split(" "),
]);

/** Whether the JDK of a libjvm.so, which lies two folders below it, numbers HotSpot's own instructions as above. */
function isNumbered(path: string): boolean {
  try {
    const [, version] = VERSION.exec(readFileSync(join(dirname(path), "..", "..", "release"), "utf8")) ?? [];
    return Number(version) >= NUMBERED_SO.oldest && Number(version) <= NUMBERED_SO.newest;
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
    const names = [...instructions.map(({ name }) => name), ...(isNumbered(path) ? HOTSPOT_NAMES : [])];
    return Array.from({ length: entries }, (_, number) => names[number] ?? `op${number}`);
  },
  // several opcodes may have one body: "fload|fast_iload"
  transfers: { test: (name) => name.split("|").some((one) => TRANSFERS.has(one)) },
};
