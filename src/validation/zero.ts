// The installed Zero: HotSpot's interpreter in C++, which the java launcher starts with -zero. Java programs are recorded on it.
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { findCommand } from "../files/find-command.ts";
import { NUMBERED_SO } from "../guests/java/hotspot/codes.ts";
import { keepRun } from "../guests/java/kept-run.ts";
import type { Program, Size } from "../guests/programs.ts";
import { readSiteSelection } from "../recordings/site-selection.ts";
import type { InstalledInterpreter } from "./installed.ts";
import { runProgram } from "./tools.ts";
import { readZero, ZERO_INTERPRETER, zeroBodies } from "./zero-binary.ts";
import { matchZero } from "./zero-match.ts";

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
  const [major] = version.split(".");
  if (!existsSync(library)) throw new UsageError(`java -zero is not installed: apt-get install openjdk-${major}-jre-zero`);
  const { oldest, newest } = NUMBERED_SO;
  if (Number(major) < oldest || Number(major) > newest)
    throw new UsageError(
      `java -zero: expected that of a JDK of version ${oldest} to ${newest}, which number opcodes alike, got ${version}`,
    );
  return { java, library: realpathSync(library), version };
}

/**
 * One collector and room for new objects, as when the program is traced; no warnings among its output. Zero has native code of its own
 * for methods that do nothing, and for those that read or write one field: without it they are executed like others.
 */
const SETTINGS = [
  "-zero",
  "-XX:+UseSerialGC",
  "-Xms512m",
  "-XX:NewSize=384m",
  "-Xlog:disable",
  "-XX:-UseFastAccessorMethods",
  "-XX:-UseFastEmptyMethods",
];

/** The launcher runs Java in a thread of its own, the second one. */
const MAIN_THREAD = 1;

/**
 * The Zero of the java on the PATH.
 * @throws UsageError when it or binutils is not installed; RunError when it cannot be read
 */
export function openZero(): InstalledInterpreter {
  const { java, library, version } = findZero();
  const zero = readZero(library);
  const keep = (program: Program, size: Size, maxInstructions = Number.POSITIVE_INFINITY) =>
    keepRun(program.path, {
      full: size === "full",
      words: program.words(size),
      maxInstructions,
      expected: program.expected(size),
      given: program.options,
    });
  return {
    name: `Zero ${version}`,
    technique: "token-threading",
    function: ZERO_INTERPRETER,
    // the switches inside its bodies are no dispatch sites
    binary: { ...zero.binary, sites: zero.sites, calls: 0 },
    part: {
      only: readSiteSelection("", `${ZERO_INTERPRETER}:indirect-jump`),
      thread: MAIN_THREAD,
      env: { PATH: process.env.PATH, LANG: "C.UTF-8", TZ: "UTC" },
    },
    command: (program, size) => [java, ...SETTINGS, ...keep(program, size).args],
    match(program, size, maxInstructions, recorded) {
      const { residue, ...matched } = matchZero(keep(program, size, maxInstructions), recorded, zero.entries);
      return { ...matched, note: `main thread alone; ${residue}` };
    },
    bodies: () => zeroBodies(zero, [`HotSpot ${version}'s interpreter in C++ (Zero)`, `Disassembly of ${library} by bplab validate.`]),
  };
}
