// Compiler options that align blocks of code (--align=1,16,64), which are the targets of dispatches.
import { RunError } from "../../errors.ts";
import { runTool } from "../../validation/tools.ts";

/** Whether it is an LLVM compiler, which has different options. */
const isClang = (command: string): boolean => runTool(command, ["--version"], { install: `apt-get install ${command}` }).includes("clang");

/**
 * Options that align every jump target to a multiple of `bytes`.
 * @param bytes a power of two
 * @throws RunError when it is none, UsageError when the compiler is not installed
 */
export function alignmentFlags(command: string, bytes: number): string[] {
  const exponent = Math.log2(bytes);
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > 8)
    throw new RunError(`alignment ${bytes}: expected a power of two up to 256`);
  return isClang(command)
    ? [`-falign-functions=${bytes}`, "-mllvm", `-align-all-nofallthru-blocks=${exponent}`]
    : ["functions", "jumps", "labels", "loops"].map((what) => `-falign-${what}=${bytes}`);
}
