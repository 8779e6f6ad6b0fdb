// Paths of files, as on Unix.
import { process } from "./process.ts";

export const sep = "/";
export const delimiter = ":";

export const isAbsolute = (path: string): boolean => path.startsWith("/");

/** A path without ".", "..", and slashes that are doubled. */
function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== ".." || (names.length === 0 ? !isAbsolute(path) : names.at(-1) === "..")) names.push(name);
    else names.pop();
  }
  const plain = `${isAbsolute(path) ? "/" : ""}${names.join("/")}` || ".";
  return path.endsWith("/") && plain !== "/" ? `${plain}/` : plain;
}

export const join = (...parts: readonly string[]): string => normal(parts.filter((part) => part !== "").join("/"));

export function resolve(...parts: readonly string[]): string {
  const path = parts.reduce((before, part) => (isAbsolute(part) ? part : `${before}/${part}`), process.cwd());
  const plain = normal(path);
  return plain.length > 1 && plain.endsWith("/") ? plain.slice(0, -1) : plain;
}

/** Without slashes at its end. */
const trimmed = (path: string): string => path.replace(/(?<=.)\/+$/, "");

export function dirname(path: string): string {
  const plain = trimmed(path);
  const at = plain.lastIndexOf("/");
  return at < 0 ? "." : at === 0 ? "/" : trimmed(plain.slice(0, at));
}

export function basename(path: string, ending = ""): string {
  const plain = trimmed(path);
  const name = plain.slice(plain.lastIndexOf("/") + 1);
  return ending !== "" && name !== ending && name.endsWith(ending) ? name.slice(0, -ending.length) : name;
}

/** The last point of a name and what follows it, unless nothing but a point is before it. */
export function extname(path: string): string {
  const name = basename(path);
  const at = name.lastIndexOf(".");
  return at > 0 && name !== ".." ? name.slice(at) : "";
}
