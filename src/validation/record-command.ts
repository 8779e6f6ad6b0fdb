// Records the branches of a native program, with qemu's user-mode emulator and a plug-in that is compiled when it is first needed.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTool } from "./tools.ts";

const PLUGIN = fileURLToPath(new URL("../../../src/validation/recorder.c", import.meta.url));

/**
 * Runs a program, writing its branches to a file; returns what it printed.
 * @param output ends in .sbbt; the plug-in is put beside it
 * @throws UsageError when gcc or the emulator is not installed, RunError when one of them or the program fails
 */
export function recordCommand(command: readonly string[], output: string): string {
  const plugin = join(dirname(output), "recorder.so");
  if (!existsSync(plugin)) runTool("gcc", ["-O2", "-shared", "-fPIC", "-o", plugin, PLUGIN], { install: "apt-get install gcc" });
  return runTool("qemu-x86_64", ["-plugin", `${plugin},out=${output}`, ...command], { install: "apt-get install qemu-user" });
}
