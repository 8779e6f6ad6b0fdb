// Command lines of the JDK's commands as programs: what `java -cp build Main 20` runs, and what of it the virtual machine gets.
import { existsSync } from "#platform/fs";
import { delimiter, extname } from "#platform/path";
import { UsageError } from "../../errors.ts";
import { findCommand } from "../../files/find-command.ts";
import { NEEDS_JDK } from "./jdk.ts";
import type { Launch } from "./launch.ts";

/** Main classes of the JDK's tools, which are Java programs themselves. */
const TOOLS: Readonly<Record<string, string>> = {
  javac: "com.sun.tools.javac.Main",
  javadoc: "jdk.javadoc.internal.tool.Main",
  javap: "com.sun.tools.javap.Main",
  jar: "sun.tools.jar.Main",
  jshell: "jdk.internal.jshell.tool.JShellToolProvider",
};

/** Names of commands that are programs when words are given to them. */
export const JAVA_COMMANDS: readonly string[] = ["java", ...Object.keys(TOOLS)];

/** Where an installed command is. @throws UsageError where it is not on the PATH */
export function commandPath(name: string): string {
  const found = findCommand(name);
  if (found === undefined) throw new UsageError(`${name}: ${NEEDS_JDK}`);
  return found;
}

/** What java is told by an option: nothing here that changes which blocks are executed, or how the trace is taken. */
const PASSED = [
  /^-D./,
  /^-(ea|da|enableassertions|disableassertions)(:.*)?$/,
  /^-(esa|dsa|enablesystemassertions|disablesystemassertions)$/,
  /^-X(ss|ms|mx)./,
  /^--enable-preview$/,
  /^--(add-opens|add-exports|add-reads|add-modules|module-path|limit-modules|enable-native-access)=/,
];
/** Those whose value is the next word: java reads it so, too. */
const WITH_VALUE = ["-p", "--module-path", "--add-opens", "--add-exports", "--add-reads", "--add-modules", "--limit-modules"];
/** Modules that the agent needs, which java leaves out when a module is run that does not ask for them. */
const FOR_AGENT = ["--add-modules", "java.instrument,jdk.unsupported"];
const CLASS_PATH = ["-cp", "-classpath", "--class-path"];
const PASSED_IN_WORDS = "-cp, -jar, -m, -p, --add-opens and its kin, -D, -ea, -da, -Xss, -Xms, -Xmx";

/** A program as such a command line has it. */
export interface Command {
  readonly launch: Launch;
  /** The program's words. */
  readonly words: readonly string[];
}

/**
 * @param name  the command: one of JAVA_COMMANDS
 * @param words what follows it
 * @throws UsageError for an option that the lab does not pass on, or where no class is named
 */
export function readCommand(name: string, words: readonly string[]): Command {
  const tool = TOOLS[name];
  if (tool !== undefined) {
    const forJava = words.find((word) => word.startsWith("-J"));
    if (forJava !== undefined) throw new UsageError(`${name}: expected the tool's own words, got ${forJava}, which is for java`);
    // not by its module: java would then leave out those that the agent needs
    return { launch: { main: tool, args: ["-cp", ".", tool], classPath: [] }, words };
  }
  return readJava(name, words);
}

function readJava(name: string, words: readonly string[]): Command {
  const passed: string[] = [];
  let classPath: string | undefined;
  const valueAfter = (at: number): string => {
    if (words[at + 1] === undefined) throw new UsageError(`${name}: expected a value after ${words[at]}, got none`);
    return words[at + 1];
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    const program = (main: string, args: readonly string[], after: number): Command => ({
      launch: { main, args: [...passed, ...args], classPath: (classPath ?? "").split(delimiter).filter((part) => existsSync(part)) },
      words: words.slice(after),
    });
    if (CLASS_PATH.includes(word)) classPath = valueAfter(at++);
    else if (word.startsWith("--class-path=")) classPath = word.slice("--class-path=".length);
    else if (word === "-jar") {
      const jar = valueAfter(at);
      classPath = jar;
      return program(jar, ["-jar", jar], at + 2);
    } else if (word === "-m" || word === "--module" || word.startsWith("--module=")) {
      const [module, after] = word.startsWith("--module=") ? [word.slice("--module=".length), at + 1] : [valueAfter(at), at + 2];
      const main = module.split("/")[1];
      if (main === undefined) throw new UsageError(`${name}: expected a module and its class, MODULE/CLASS, got ${module}`);
      return program(main, [...(classPath === undefined ? [] : ["-cp", classPath]), ...FOR_AGENT, "-m", module], after);
    } else if (WITH_VALUE.includes(word)) passed.push(word, valueAfter(at++));
    else if (PASSED.some((pattern) => pattern.test(word))) passed.push(word);
    else if (word.startsWith("-") || word.startsWith("@"))
      throw new UsageError(`${name}: ${word} is not passed on to java while it is traced: expected ${PASSED_IN_WORDS}`);
    else if (extname(word) === ".java")
      throw new UsageError(`${name}: expected a class or -jar FILE, got the source ${word}: name it without java before it`);
    else {
      classPath ??= ".";
      return program(word.replaceAll("/", "."), ["-cp", classPath, word], at + 1);
    }
  }
  throw new UsageError(`${name}: expected a class, -jar FILE or -m MODULE/CLASS after --, got none`);
}
