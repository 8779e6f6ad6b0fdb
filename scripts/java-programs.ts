// Compiles the lab's programs in Java: each traces/java/NAME.java becomes NAME.jar beside it. `npm run java-programs` needs a JDK 17
// (Debian: default-jdk-headless); its javac and jar give the same bytes every time.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunError, UsageError } from "../src/errors.ts";
import { findCommand } from "../src/files/find-command.ts";
import { runTool } from "../src/validation/tools.ts";

const FOLDER = fileURLToPath(new URL("../../traces/java/", import.meta.url));
const VERSION = 17;

/** The names of the programs that have a source, sorted. */
export const sources = (): string[] =>
  readdirSync(FOLDER)
    .flatMap((file) => (file.endsWith(".java") ? [file.slice(0, -".java".length)] : []))
    .sort();

/** The class with `main`: the first one of the source. */
function mainClassOf(source: string): string {
  const found = /^final class (\w+)/m.exec(readFileSync(source, "utf8"));
  if (found === null) throw new RunError(`${source}: expected a line "final class NAME {", found none`);
  return found[1];
}

/** Whether the JDK is there whose compiler makes the bytes that are kept. */
export const compiles = (): boolean => findCommand("jar") !== undefined && runTool("javac", ["-version"]).startsWith(`javac ${VERSION}.`);

/**
 * Compiles all of them to jars in a folder: classes by name, neither compressed nor dated. Texts are joined by StringBuilder, as before
 * Java 9: the class library takes a million instructions to make a first joiner.
 * @throws RunError when the compiler fails
 */
export function compileJava(output: string): void {
  const classes = mkdtempSync(join(tmpdir(), "bplab-java-"));
  try {
    const files = sources().map((name) => `${FOLDER}${name}.java`);
    runTool("javac", [
      "--release",
      String(VERSION),
      "-Xlint:all",
      "-Werror",
      "-XDstringConcat=inline",
      "-g:source,lines",
      "-d",
      classes,
      ...files,
    ]);
    const made = readdirSync(classes).sort();
    // jar would name its own version there, which a security update changes
    const manifest = join(classes, "manifest.txt");
    writeFileSync(manifest, "Created-By: bplab\n");
    for (const name of sources()) {
      const main = mainClassOf(`${FOLDER}${name}.java`);
      const entries = made
        .filter((file) => file === `${main}.class` || file.startsWith(`${main}$`))
        .flatMap((file) => ["-C", classes, file]);
      const jar = `--file=${join(output, `${name}.jar`)}`;
      runTool("jar", [
        "--create",
        jar,
        "--no-compress",
        "--date=1980-01-01T00:00:02Z",
        `--manifest=${manifest}`,
        `--main-class=${main}`,
        ...entries,
      ]);
    }
  } finally {
    rmSync(classes, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (findCommand("javac") === undefined || !compiles())
    throw new UsageError(`javac ${VERSION} is not installed: apt-get install default-jdk-headless`);
  compileJava(FOLDER);
}
