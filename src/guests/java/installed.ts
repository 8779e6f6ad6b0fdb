// The installed JDK: where its commands are, and which version it is. Read off its file `release`: `java -version` and `javac -version`
// together take 0.5 s of CPU time, as long as a small program without the JDK's classes.
import { spawnSync } from "#platform/child-process";
import { readFileSync, realpathSync } from "#platform/fs";
import { dirname, join } from "#platform/path";
import { findCommand } from "../../files/find-command.ts";

export interface Version {
  readonly major: number;
  /** All that is known of it: differs between any two versions. */
  readonly text: string;
}

/** What the JDK's own file says; undefined where there is none: the command may be a script that chooses a JDK. */
function released(java: string): string | undefined {
  try {
    return readFileSync(join(dirname(dirname(realpathSync(java))), "release"), "utf8");
  } catch {
    return undefined;
  }
}

function asked(java: string): string {
  const { status, stdout, stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}`.trim() : "";
}

/** The version of `java`; undefined if it is not installed, or does not say. */
export function javaVersion(): Version | undefined {
  const java = findCommand("java");
  if (java === undefined) return undefined;
  for (const read of [released, asked]) {
    const text = read(java);
    const [, major] = /(?:^JAVA_VERSION="|version ")(\d+)/m.exec(text ?? "") ?? [];
    if (text !== undefined && major !== undefined) return { major: Number(major), text };
  }
  return undefined;
}
