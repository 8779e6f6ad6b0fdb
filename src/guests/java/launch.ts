// Which class of which files a program is: what java gets on its command line, for a jar file, a class file or a source.
import { readdirSync, readFileSync } from "#platform/fs";
import { basename, delimiter, dirname, extname, join, resolve, sep } from "#platform/path";
import { UsageError, unreadable } from "../../errors.ts";
import { type ClassFile, readClassFile } from "./class-file.ts";
import { compileSource } from "./jdk.ts";
import { JAVA_FILES } from "./language.ts";

export interface Launch {
  /** The class whose main method runs, with dots; or the jar file whose manifest names it. */
  readonly main: string;
  /** What java gets after its options, before the program's words. */
  readonly args: readonly string[];
  /** Folders and jar files of the program. */
  readonly classPath: readonly string[];
}

export interface LaunchOptions {
  /** The class to run, if the file does not say. */
  readonly main: string | undefined;
  readonly classPath: readonly string[];
}

const MAIN = "([Ljava/lang/String;)V";
const hasMain = ({ methods }: ClassFile): boolean => methods.some(({ name, descriptor }) => name === "main" && descriptor === MAIN);

function read(path: string): ClassFile {
  try {
    return readClassFile(readFileSync(path), path);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, JAVA_FILES.file, error);
  }
}

function withClass(main: string, classPath: readonly string[]): Launch {
  return { main, args: ["-cp", classPath.join(delimiter), main], classPath };
}

/** The folder in which java looks for a class, by the package in its name. */
function rootOf(path: string, { name }: ClassFile): string {
  const place = resolve(path);
  const expected = `${name.replaceAll("/", sep)}.class`;
  if (!place.endsWith(`${sep}${expected}`))
    throw new UsageError(`${path}: it is the class ${name.replaceAll("/", ".")}: expected in a file ${expected}`);
  return place.slice(0, -expected.length - 1) || sep;
}

/** The class to run among those of a source: the one of the file's name, or the only one with a main method. */
function mainOf(path: string, folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".class"));
  const mains = files
    .sort()
    .map((file) => read(join(folder, file)))
    .filter(hasMain)
    .map(({ name }) => name.replaceAll("/", "."));
  const own = mains.find((name) => name.split(".").pop() === basename(path, ".java"));
  if (own === undefined && mains.length !== 1) {
    const got = mains.length === 0 ? "none" : mains.join(", ");
    throw new UsageError(`${path}: expected a class with public static void main(String[]), got ${got}; name one by --main=CLASS`);
  }
  return own ?? mains[0];
}

/** @throws UsageError for a file that is no program, RunError for a source that javac refuses */
export function findLaunch(path: string, { main, classPath }: LaunchOptions): Launch {
  switch (extname(path).toLowerCase()) {
    case ".jar":
      if (main !== undefined || classPath.length > 0) {
        if (main === undefined) throw new UsageError(`${path}: --class-path needs --main=CLASS for a jar file`);
        return withClass(main, [path, ...classPath]);
      }
      return { main: path, args: ["-jar", path], classPath: [path] };
    case ".java": {
      const folder = compileSource(path, classPath.join(delimiter));
      return withClass(main ?? mainOf(path, folder), [folder, ...classPath]);
    }
    default: {
      const file = read(path);
      if (main === undefined && !hasMain(file))
        throw new UsageError(
          `${path}: expected a class with public static void main(String[]), got one without; name another by --main=CLASS`,
        );
      const root = rootOf(path, file);
      return withClass(main ?? file.name.replaceAll("/", "."), [root === resolve(dirname(path)) ? dirname(path) : root, ...classPath]);
    }
  }
}
