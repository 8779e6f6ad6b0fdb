// How compilers are told where blocks of code begin (--align=1,16,64): a dispatch's target lies there.
import { RunError } from "../../errors.ts";
import { runTool } from "../../validation/tools.ts";

/** Whether it is one of LLVM's compilers, which take other options. */
const isClang = (command: string): boolean => runTool(command, ["--version"], { install: `apt-get install ${command}` }).includes("clang");

/**
 * Options that put every block that control jumps to at a multiple of some bytes.
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
