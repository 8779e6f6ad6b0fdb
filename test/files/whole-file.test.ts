// Files that appear whole: what is there at every moment, and what is deleted of what others left.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createWholeFile, partPath, removeAbandonedParts, writeWhole } from "../../dist/src/files/whole-file.js";
import { temporaryFolder } from "../support.ts";

const DAY_MS = 24 * 3600 * 1000;
const HOST = hostname().replace(/[^\w-]/g, "_");

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** A process that has ended. */
const ended = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

function part(name: string, host: string, pid: number): string {
  const path = join(folder, `.${name}.${host}.${pid}.0123abcd.part`);
  writeFileSync(path, "half");
  return path;
}

describe("a file that appears whole", () => {
  it("is not there before it is committed, and leaves nothing beside it", () => {
    const path = join(folder, "out.csv");
    const file = createWholeFile(path);
    file.write(Buffer.from("a,b\n"));
    expect(existsSync(path)).toBe(false);
    file.write(Buffer.from("1,2\n"));
    file.commit();
    file.discard();
    expect([readdirSync(folder), readFileSync(path, "utf8")]).toEqual([["out.csv"], "a,b\n1,2\n"]);
  });

  it("leaves what was there before when it is discarded, or when what fills it fails", () => {
    const path = join(folder, "out.csv");
    writeWhole(path, Buffer.from("old"), 0o640);
    const file = createWholeFile(path);
    file.write(Buffer.from("new"));
    file.discard();
    const failing = (write: (bytes: Uint8Array) => void): void => {
      write(Buffer.from("new"));
      throw new Error("no more");
    };
    expect(() => writeWhole(path, failing)).toThrow("no more");
    expect([readdirSync(folder), readFileSync(path, "utf8"), lstatSync(path).mode & 0o777]).toEqual([["out.csv"], "old", 0o640]);
  });

  it("can have the longest name that a file system takes", () => {
    const longest = "\u{1f3e0}".repeat(62);
    writeWhole(join(folder, longest), Buffer.from("x"));
    expect(readdirSync(folder)).toEqual([longest]);
  });

  it("takes the place of the part that a killed process left of the same file, and of no other", () => {
    const pid = ended();
    const [same, other] = [part("out.csv", HOST, pid), part("other.csv", HOST, pid)];
    writeWhole(join(folder, "out.csv"), Buffer.from("x"));
    expect([existsSync(same), existsSync(other)]).toEqual([false, true]);
  });
});

describe("parts of files", () => {
  it("are deleted when a process of this host wrote them that has ended", () => {
    const left = part("a.tape", HOST, ended());
    const working = [part("a.tape", HOST, process.pid), part("b.tape", HOST, process.ppid), partPath(join(folder, "c.tape"))];
    writeFileSync(working[2], "half");
    const strange = join(folder, `.a.tape.${HOST}.${ended()}.part`);
    writeFileSync(strange, "not ours");
    removeAbandonedParts(folder);
    expect(existsSync(left)).toBe(false);
    expect([...working, strange].every((path) => existsSync(path))).toBe(true);
  });

  it("of other hosts are left alone, whatever processes this host runs, until nobody has written to them for a week", () => {
    const pid = ended();
    const foreign = part("a.tape", "node-17", pid);
    const similar = part("b.tape", `${HOST}-2`, pid);
    const old = part("c.tape", "node-17", process.pid);
    const now = lstatSync(folder).mtimeMs;
    utimesSync(similar, new Date(now - 6 * DAY_MS), new Date(now - 6 * DAY_MS));
    utimesSync(old, new Date(now - 8 * DAY_MS), new Date(now - 8 * DAY_MS));
    removeAbandonedParts(folder);
    expect([foreign, similar, old].map((path) => existsSync(path))).toEqual([true, true, false]);
  });

  it("may be folders, as compilers need", () => {
    const path = join(folder, `.program.byte.${HOST}.${ended()}.0123abcd.part`);
    mkdirSync(path);
    writeFileSync(join(path, "program.ml"), "");
    removeAbandonedParts(folder);
    expect(existsSync(path)).toBe(false);
  });

  it("are not looked for where there is no folder", () => {
    removeAbandonedParts(join(folder, "nothing"));
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });
});
