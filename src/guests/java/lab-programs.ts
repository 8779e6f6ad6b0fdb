// The lab's programs in Java: jars beside their sources.
import { readdirSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";

const FOLDER = ownFolder("traces/java");
const JAR = ".jar";
const PREFIX = "java/";

const fileOf = (id: string, ending: string): string => `${FOLDER}${id.slice(PREFIX.length)}${ending}`;

/** The ids of the lab's programs in Java, sorted: "java/compress". */
export function javaProgramIds(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(JAR))
    .map((file) => `${PREFIX}${file.slice(0, -JAR.length)}`)
    .sort();
}

/** Path of a program's classes. */
export const javaJar = (id: string): string => fileOf(id, JAR);

/** Path of its source. */
export const javaSource = (id: string): string => fileOf(id, ".java");
