// Installed programs, found as a shell finds them.
import { statSync } from "#platform/fs";
import { delimiter, join, resolve } from "#platform/path";
import { process } from "#platform/process";

function isProgram(path: string): boolean {
  try {
    const status = statSync(path);
    return status.isFile() && (status.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** The absolute path of a command on the PATH, or of a program at a path, which has a slash; undefined if there is none. */
export function findCommand(name: string): string | undefined {
  const places = name.includes("/") ? [name] : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder || ".", name));
  const found = places.find(isProgram);
  return found === undefined ? undefined : resolve(found);
}
