// The store of tapes: what it finds is what would run, and what it cannot be sure of, it does not find.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createTapeStore, type TapeStore } from "../../dist/src/guests/tapes/tape-store.js";
import { findProgram, type Program } from "../../dist/src/index.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import { recordBlocks, temporaryFolder } from "../support.ts";

const LIMIT = 250_000_000;
const BIN = new URL("../../dist/src/bin.js", import.meta.url).pathname;

let folder: string;
let programs: string;
let cache: TapeStore;
beforeEach(() => {
  folder = join(temporaryFolder(), "cache");
  programs = temporaryFolder();
  cache = createTapeStore(folder);
});

/** A program of ours or of the given text, and how often its guest started. */
function counted(program: Program): Program & { starts: number } {
  const watched = {
    ...program,
    starts: 0,
    start(...options: Parameters<Program["start"]>): VirtualRun {
      watched.starts++;
      return program.start(...options);
    },
  };
  return watched;
}
function written(text: string, name = "program.fs"): string {
  const path = join(programs, name);
  writeFileSync(path, text);
  return path;
}
/** Runs it through the cache; says whether its guest ran. */
async function ran(path: string, limit = LIMIT): Promise<boolean> {
  const program = counted(await findProgram(path));
  recordBlocks(cache.start(program, "test", limit));
  return program.starts === 1;
}
const tapes = (): string[] => readdirSync(folder).map((name) => join(folder, name));

describe("the cache", () => {
  it.each(["queens", "quickening", "nested-loop"])("plays %s without its guest the second time", async (id) => {
    const program = counted(await findProgram(id));
    const live = recordBlocks(cache.start(program, "test", LIMIT));
    expect(recordBlocks(cache.start(program, "test", LIMIT))).toEqual(live);
    expect(program.starts).toBe(1);
    expect(recordBlocks(cache.start(counted(await findProgram(id)), "test", LIMIT))).toEqual(live);
  });

  it("tells sizes, sources and programs apart", async () => {
    const source = ": f 3 0 do loop ; : g full? if f then f ; g";
    const path = written(source);
    expect(await ran(path)).toBe(true);
    expect(cache.find(await findProgram(path), "full", LIMIT)).toBeUndefined();
    expect(await ran(written(`${source} f`))).toBe(true);
    expect(await ran(written(source))).toBe(false);
  });

  it("does not care where a program stands that reads nothing", async () => {
    await ran(written(": f 3 0 do loop ; f"));
    expect(await ran(written(": f 3 0 do loop ; f", "copy.fs"))).toBe(false);
  });

  it("runs a program again when a file has changed that it includes, reads or looks for", async () => {
    const included = written(": f 3 0 do loop ;", "part.fs");
    const path = written(`include part.fs f s" ${join(programs, "note")}" r/o open-file drop drop`);
    expect([await ran(path), await ran(path)]).toEqual([true, false]);
    writeFileSync(included, ": f 4 0 do loop ;");
    expect([await ran(path), await ran(path)]).toEqual([true, false]);
    writeFileSync(join(programs, "note"), "now it is there");
    expect([await ran(path), await ran(path)]).toEqual([true, false]);
    rmSync(join(programs, "note"));
    expect(await ran(path)).toBe(true);
  });

  it("runs a program that includes others again where other files stand beside it", async () => {
    written(": f 3 0 do loop ;", "part.fs");
    await ran(written("include part.fs f"));
    mkdirSync(join(programs, "other"));
    written(": f 4 0 do loop ;", "other/part.fs");
    expect(await ran(written("include part.fs f", "other/program.fs"))).toBe(true);
  });

  it("runs a program again that asks for its name, elsewhere", async () => {
    const source = ": f sourcefilename nip 0 do loop ; f";
    await ran(written(source));
    expect(await ran(written(source, "another.fs"))).toBe(true);
    expect(await ran(written(source, "another.fs"))).toBe(false);
  });

  it.each([
    ["writes", 's" OUT" w/o create-file drop close-file drop'],
    ["opens to write", 's" OUT" r/w open-file drop drop'],
    ["deletes", 's" OUT" delete-file drop'],
    ["renames", 's" OUT" s" OUT2" rename-file drop'],
  ])("keeps no tape of a program that %s a file", async (_, does) => {
    const path = written(`: f 3 0 do loop ; f ${does.replaceAll("OUT", join(programs, "out"))}`);
    expect([await ran(path), await ran(path)]).toEqual([true, true]);
    expect(tapes()).toEqual([]);
  });

  it("keeps no tape of a run that fails, or that nobody ran to its end", async () => {
    const path = written(": f 3 0 do loop 7 throw ; f");
    await expect(ran(path)).rejects.toThrow("7");
    const queens = await findProgram("queens");
    expect(() =>
      cache.start(queens, "test", LIMIT).run(() => {
        throw new Error("enough");
      }),
    ).toThrow("enough");
    expect(tapes()).toEqual([]);
  });

  it("lets a program run and fail whose tape is longer than the limit", async () => {
    const path = written(": f 100000 0 do loop ; f");
    expect([await ran(path), await ran(path)]).toEqual([true, false]);
    // a window of it is another run, whose tape takes the place of the whole one
    expect([await ran(path, 1000), await ran(path, 1000)]).toEqual([true, false]);
    // near its limit a guest makes other chunks
    expect(await ran(path, 300_000)).toBe(true);
    expect(await ran(path, 300_000)).toBe(false);
    expect(await ran(path, LIMIT)).toBe(true);
  });

  it("tapes anew what is damaged, cut short, empty, or of another run", async () => {
    const other = written(": f 4 0 do loop ; f", "other.fs");
    const path = written(": f 3 0 do loop ; f");
    await ran(other);
    const [foreign] = tapes();
    await ran(path);
    const tape = tapes().find((name) => name !== foreign) ?? "";
    const whole = readFileSync(tape);
    const flipped = Uint8Array.from(whole);
    flipped[whole.length >> 1] ^= 4;
    for (const bytes of [flipped, whole.subarray(0, whole.length - 100), Buffer.alloc(0), Buffer.from("a text"), readFileSync(foreign)]) {
      writeFileSync(tape, bytes);
      expect([await ran(path), await ran(path)]).toEqual([true, false]);
      expect(readFileSync(tape)).toEqual(whole);
    }
  });

  it("reads long tapes piece by piece, and they are the same", async () => {
    const live = recordBlocks((await findProgram("sieve")).start("test", LIMIT));
    recordBlocks(cache.start(await findProgram("sieve"), "test", LIMIT));
    const piecewise = createTapeStore(folder, { mostMemoryBytes: 100 });
    expect(recordBlocks(piecewise.start({ ...(await findProgram("sieve")), start: () => expect.unreachable() }, "test", LIMIT))).toEqual(
      live,
    );
    truncateSync(tapes()[0], 1000);
    expect(piecewise.find(await findProgram("sieve"), "test", LIMIT)).toBeUndefined();
  });

  it("drops what was used longest ago, and keeps nothing that takes more than half of the room", async () => {
    const paths = [3, 4, 5].map((n) => written(`: f ${n} 0 do loop ; f`, `${n}.fs`));
    await ran(paths[0]);
    const { size } = statSync(tapes()[0]);
    cache = createTapeStore(folder, { mostBytes: Math.floor(2.5 * size) });
    // what a file system calls now may stand still for some milliseconds
    const soon = () => new Promise((done) => setTimeout(done, 20));
    await soon();
    await ran(paths[1]);
    await soon();
    expect(await ran(paths[0])).toBe(false);
    await soon();
    await ran(paths[2]);
    expect([await ran(paths[0]), await ran(paths[1]), await ran(paths[2])]).toEqual([false, true, true]);
    const narrow = createTapeStore(folder, { mostBytes: Math.floor(1.5 * size) });
    narrow.clear();
    recordBlocks(narrow.start(await findProgram(paths[0]), "test", LIMIT));
    expect(tapes()).toEqual([]);
  });

  it("deletes what processes of this host left that ended while they wrote, and nothing of other hosts", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(folder);
    const part = (host: string, writer: number): string => {
      const path = join(folder, `.${"a".repeat(40)}.${host}.${writer}.0123abcd.part`);
      writeFileSync(path, "part of a tape");
      return path;
    };
    const host = hostname().replace(/[^\w-]/g, "_");
    const parts = [part(host, pid), part(host, process.ppid), part(`${host}-2`, pid)];
    await ran(written(": f 3 0 do loop ; f"));
    expect(parts.map((path) => existsSync(path))).toEqual([false, true, true]);
  });

  it("is left out where nothing can be written", async () => {
    const file = written("no folder", "file");
    cache = createTapeStore(join(file, "cache"));
    const path = written(": f 3 0 do loop ; f");
    expect([await ran(path), await ran(path)]).toEqual([true, true]);
    expect([cache.list(), cache.clear()]).toEqual([[], 0]);
  });

  it("tapes nothing of a loop of words, which is no file", async () => {
    recordBlocks(cache.start(await findProgram("A B A GOTO"), "test", LIMIT));
    expect(existsSync(folder)).toBe(false);
  });
});

describe("bplab", () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      env: { ...process.env, BPLAB_CACHE: folder },
      encoding: "utf8",
    });
    return { code: status, stdout, stderr };
  };

  it("simulates the same from tapes, with training programs and other bodies", { tags: "slow" }, () => {
    const args = [
      "simulate",
      "quickening",
      "fibonacci",
      "--technique=switch,static-superinstructions,unrolled-switch",
      "--train=sieve",
      "--per-site",
      "--format=csv",
    ];
    const own = [
      "simulate",
      "fibonacci",
      "--technique=static-superinstructions,tail-call-no-elimination",
      "--train=sieve",
      "--warmup=1000",
      "--format=csv",
    ];
    const results = [run(...own), run(...own), run(...own, "--no-cache")];
    expect(results[0].code).toBe(0);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(run(...args.filter((arg) => !arg.startsWith("--train")), "--bodies=ocamlrun-4.13-gcc12")).toEqual(
      run(...args.filter((arg) => !arg.startsWith("--train")), "--bodies=ocamlrun-4.13-gcc12", "--no-cache"),
    );
  });

  it("lists tapes and deletes them, and nothing else", { tags: "slow" }, () => {
    expect(run("cache").stdout).toBe(`0 tapes, 0 of at most 2,147,483,648 bytes in ${folder}.\n`);
    run("simulate", "fibonacci", "queens", "--technique=switch");
    writeFileSync(join(folder, "notes.txt"), "mine");
    const { stdout } = run("cache", "--format=csv");
    expect(stdout.replace(/\d+$/gm, "N")).toBe(
      "program,size,language,virtual_instructions,executed_blocks,bytes\nfibonacci,test,a Forth source,145965,51325,N\nqueens,test,a Forth source,210129,87789,N\n",
    );
    expect(run("cache").stdout).toContain("queens     test  a Forth source");
    writeFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".tape")) ?? ""), "damaged");
    expect(run("cache").stdout).toContain("(damaged)");
    expect(run("cache", "clear").stdout).toBe(`2 tapes deleted from ${folder}\n`);
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
    expect(run("cache", "clean")).toEqual({
      code: 2,
      stdout: "",
      stderr: "unknown thing to do with the cache: clean; did you mean clear? (known: clear)\n",
    });
  });

  it("keeps nothing with --no-cache", () => {
    expect(run("simulate", "fibonacci", "--technique=switch", "--no-cache").code).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it("gives the same in several processes at once that share an empty cache, and leaves whole tapes behind", { tags: "slow" }, async () => {
    const args = ["simulate", "fibonacci", "sieve", "--technique=switch", "--format=csv"];
    const outputs = await Promise.all(
      [1, 2, 3, 4].map(
        () =>
          new Promise<string>((done) => {
            const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, BPLAB_CACHE: folder } });
            let text = "";
            child.stdout.on("data", (piece) => {
              text += piece;
            });
            child.on("close", () => done(text));
          }),
      ),
    );
    expect(new Set(outputs)).toEqual(new Set([run(...args, "--no-cache").stdout]));
    expect(readdirSync(folder).length).toBe(2);
    expect(cache.find(await findProgram("sieve"), "test", LIMIT)).toBeDefined();
  });
});
