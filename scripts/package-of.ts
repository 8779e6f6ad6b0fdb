// Which package of Debian's a file belongs to, for the origin of what was measured in it.
import { spawnSync } from "node:child_process";

/** The package of a file, with its version: "Debian's ocaml-base 4.13.1-4, "; "" if unknown. */
export function packageOf(path: string): string {
  const ask = (...words: readonly string[]): string => spawnSync("dpkg-query", words, { encoding: "utf8" }).stdout ?? "";
  const [owner] = ask("-S", path).split(":");
  return owner === "" ? "" : `Debian's ${ask("-W", owner).trim().replace("\t", " ").replace(/:\w+ /, " ")}, `;
}
