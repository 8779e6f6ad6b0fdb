// The installed JDK: which one it is, and what its compiler makes for us, once: the agent, and programs that are sources.
import { spawnSync } from "#platform/child-process";
import { createHash } from "#platform/crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";
import { basename, join } from "#platform/path";
import { RunError, UsageError } from "../../errors.ts";
import { findCommand } from "../../files/find-command.ts";
import { keptFolder } from "../../files/kept-folder.ts";
import { javaVersion, type Version } from "./installed.ts";

const AGENT = ownFolder("src/guests/java/agent");

/** The major versions whose JDK has what the agent needs: before 17 nobody has tried, since 25 ASM is not in it. */
const OLDEST = 17;
const NEWEST = 24;

/** Lets javac see packages of the JDK that are not exported. */
const EXPORTS = ["", ".tree"].map((part) => `--add-exports=java.base/jdk.internal.org.objectweb.asm${part}=ALL-UNNAMED`);

/**
 * Options of the virtual machine for a traced program. C1 alone, without intrinsics: C2 replaces instrumented bodies (in a trial it
 * reported 79.22 of 80.40 million blocks), and -Xint takes 20 times as long for the same blocks. Methods with probes may be longer than
 * those that are compiled by default, and the probe itself is longer (41 bytes) than those that C1 inlines. One collector, with room for
 * new objects: what it clears (weak references) is found in queues at a time that differs from run to run.
 */
const TRACED = [
  "-XX:TieredStopAtLevel=1",
  "-XX:+UnlockDiagnosticVMOptions",
  "-XX:-InlineNatives",
  "-XX:ControlIntrinsic=+_currentThread",
  "-XX:-DontCompileHugeMethods",
  "-XX:C1MaxInlineSize=48",
  "-XX:+UseSerialGC",
  "-XX:NewSize=384m",
];

/** Checksums as bytecode, which Zero executes: the interpreter made of templates has native code for them. */
const AS_ZERO = ["-XX:-UseCRC32Intrinsics", "-XX:-UseCRC32CIntrinsics"];

/** What Java programs need, for messages and lists. */
export const NEEDS_JDK = `needs a JDK, version ${OLDEST} to ${NEWEST}, on the PATH: apt-get install default-jdk-headless`;

let installed: Version | undefined | null = null;

/** The full version of the installed JDK; undefined where there is none that runs programs here. */
export function jdkVersion(): string | undefined {
  if (installed === null) installed = javaVersion();
  if (installed === undefined || findCommand("javac") === undefined) return undefined;
  return installed.major < OLDEST || installed.major > NEWEST ? undefined : installed.text;
}

/** @throws UsageError where programs cannot be traced; the message names what is there */
function checkedJdk(path: string): string {
  const version = jdkVersion();
  if (version !== undefined) return version;
  if (installed === undefined || installed === null) throw new UsageError(`${path}: ${NEEDS_JDK}`);
  const { major } = installed;
  const what = major < OLDEST || major > NEWEST ? `the java on the PATH is version ${major}` : "there is a java on the PATH, but no javac";
  throw new UsageError(`${path}: ${NEEDS_JDK} (${what})`);
}

/** @throws RunError with the compiler's first error */
function compile(what: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync("javac", ["-nowarn", "-proc:none", ...args], { cwd, encoding: "utf8" });
  if (status === 0) return;
  const why = error?.message ?? stderr.split("\n").find((line) => line.includes("error:")) ?? `exit code ${status}`;
  throw new RunError(`javac cannot compile ${what}: ${why}`);
}

const MANIFEST = ["Premain-Class: bplab.agent.Agent", "Boot-Class-Path: agent.jar", "Can-Retransform-Classes: true", ""].join("\n");

/** The agent's file, compiled if it has not been yet. */
function agentJar(version: string): string {
  const sources = readdirSync(AGENT)
    .filter((file) => file.endsWith(".java"))
    .sort();
  const key = createHash("sha256").update(version).update(MANIFEST);
  for (const file of sources) key.update(readFileSync(join(AGENT, file)));
  const folder = keptFolder(`java-agent-${key.digest("hex").slice(0, 16)}`, (folder) => {
    // text is joined without invokedynamic, which would define hidden classes before any can have probes
    compile("the agent", [...EXPORTS, "-XDstringConcat=inline", "-d", "classes", ...sources.map((file) => join(AGENT, file))], folder);
    writeFileSync(join(folder, "manifest"), MANIFEST);
    const { status, stderr, error } = spawnSync("jar", ["cfm", "agent.jar", "manifest", "-C", "classes", "."], {
      cwd: folder,
      encoding: "utf8",
    });
    if (status !== 0) throw new RunError(`jar cannot pack the agent: ${error?.message ?? stderr.split("\n")[0]}`);
  });
  return join(folder, "agent.jar");
}

/** The folder of the classes of a source, which are compiled if they have not been yet. @param classPath other classes that it uses */
export function compileSource(path: string, classPath: string): string {
  const version = checkedJdk(path);
  const source = readFileSync(path);
  const key = createHash("sha256").update(version).update(classPath).update(basename(path)).update(source).digest("hex").slice(0, 16);
  return keptFolder(`java-${key}`, (folder) => {
    // in a folder of its own: nothing beside it is compiled, too
    const file = join(folder, basename(path));
    writeFileSync(file, source);
    compile(path, ["-d", folder, "-cp", classPath === "" ? folder : classPath, file], folder);
    rmSync(file);
  });
}

export interface Tracing {
  readonly mainClass: string;
  /** Whether classes of the JDK have probes. */
  readonly jdk: boolean;
  /** Name of the thread to trace; "" for the one that executes the main method. */
  readonly thread: string;
  /** Whether methods that Zero runs as bytecode have probes, as far as that can be. */
  readonly asZero: boolean;
}

/**
 * Options with which java runs a program under the agent. The option -javaagent loads the same library, but adds a module to those that are
 * resolved, for which the virtual machine runs lambda expressions as it starts: their hidden classes would have no probes.
 * @throws UsageError where there is no JDK that can
 */
export function tracingOptions(path: string, { mainClass, jdk, thread, asZero }: Tracing): string[] {
  const agent = agentJar(checkedJdk(path));
  return [
    ...TRACED,
    ...(asZero ? AS_ZERO : []),
    `-agentlib:instrument=${agent}=${[mainClass, jdk ? "on" : "off", thread, asZero ? "zero" : ""].join("\n")}`,
  ];
}
