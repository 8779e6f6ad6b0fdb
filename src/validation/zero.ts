// The installed Zero: HotSpot's interpreter in C++, which the java launcher starts with -zero.
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { findCommand } from "../recordings/recorder/tools.ts";
import { runProgram } from "./tools.ts";

export interface InstalledZero {
  /** The launcher's path. */
  readonly java: string;
  /** The library that has the interpreter. */
  readonly library: string;
  /** Of the JDK: "17.0.21". */
  readonly version: string;
}

/** The Zero of the java on the PATH. @throws UsageError when there is none */
export function findZero(): InstalledZero {
  const found = findCommand("java");
  if (found === undefined) throw new UsageError("java is not installed: apt-get install default-jdk-headless openjdk-17-jre-zero");
  const java = realpathSync(found);
  const library = join(dirname(java), "..", "lib", "zero", "libjvm.so");
  const { output, errors } = runProgram(java, ["-version"]);
  const [version = "17"] = /\d+(\.\d+)*/.exec(`${output}${errors}`) ?? [];
  if (!existsSync(library)) {
    const [major] = version.split(".");
    throw new UsageError(`java -zero is not installed: apt-get install openjdk-${major}-jre-zero`);
  }
  return { java, library: realpathSync(library), version };
}
