// What stands between the lab and the machine: for each module of src/platform/node, through which alone the core reaches Node.js,
// src/platform/page has one that does the same.

import { createHash as nodeHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as nodePath from "node:path";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, gzipSync, inflateRawSync as inflate, deflateRawSync as nodeDeflate } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createHash } from "../../src/platform/page/crypto.ts";
import * as pageFs from "../../src/platform/page/fs.ts";
import { gunzipped } from "../../src/platform/page/gunzip.ts";
import { installOwnFiles } from "../../src/platform/page/own-files.ts";
import * as pagePath from "../../src/platform/page/path.ts";
import { process as pageProcess } from "../../src/platform/page/process.ts";
import * as pageZlib from "../../src/platform/page/zlib.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const modulesOf = (side: string): string[] => readdirSync(`${ROOT}src/platform/${side}`).sort();

/** Names that a module exports, but types. */
function exportsOf(file: string): string[] {
  const text = readFileSync(`${ROOT}${file}`, "utf8");
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gms)].flatMap(([, names]) => names.split(","));
  const declared = [...text.matchAll(/^export (?:async )?(?:function\*? |const )(\w+)/gm)].map(([, name]) => name);
  return [...listed.map((name) => name.trim().split(" as ").at(-1) ?? "").filter((name) => name !== ""), ...declared].sort();
}

describe("what the lab asks the machine", () => {
  // the bundle, which is what the page runs, has its own of these
  const ofTheBundle = ["own-code.ts", "plug-ins.ts"];

  it.each(modulesOf("node").filter((module) => !ofTheBundle.includes(module)))(
    "finds %s on both sides, with everything that Node's gives",
    (module) => {
      expect(modulesOf("page")).toContain(module);
      expect(exportsOf(`src/platform/page/${module}`)).toEqual(expect.arrayContaining(exportsOf(`src/platform/node/${module}`)));
    },
  );
});

describe("the file system in memory", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "bplab-fs-")));
  afterAll(() => rmSync(folder, { recursive: true }));
  installOwnFiles({});
  let serial = 0;

  const name = fc.constantFrom("a", "b", "a/c", "a/d", "b/c", "a/c/e", "n/x");
  const how = fc.constantFrom("r", "r+", "w", "wx", "w+", "a", "a+");
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
  const place = fc.option(fc.nat({ max: 15 }), { nil: null });
  const step = fc.oneof(
    fc.record({ do: fc.constant("open" as const), name, how }),
    fc.record({ do: fc.constant("write" as const), which: fc.nat(3), bytes, place }),
    fc.record({ do: fc.constant("read" as const), which: fc.nat(3), length: fc.integer({ min: 1, max: 10 }), place }),
    fc.record({ do: fc.constant("truncate" as const), which: fc.nat(3), length: fc.nat(10) }),
    fc.record({ do: fc.constantFrom("close" as const, "size" as const), which: fc.nat(3) }),
    fc.record({ do: fc.constantFrom("make" as const, "unlink" as const, "remove" as const, "list" as const, "whole" as const), name }),
    fc.record({ do: fc.constant("rename" as const), name, to: name }),
    fc.record({ do: fc.constant("rm" as const), name, force: fc.boolean(), recursive: fc.boolean() }),
  );
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** What a file system answers to these steps: values, or codes of errors. */
  function answers(fs: typeof nodeFs, root: string, steps: readonly Step[]): unknown[] {
    const open: number[] = [];
    const at = (path: string): string => `${root}/${path}`;
    const answer = (one: Step): unknown => {
      try {
        switch (one.do) {
          case "open":
            open.push(fs.openSync(at(one.name), one.how));
            return "open";
          case "write":
            return fs.writeSync(open[one.which] ?? 999, one.bytes, 0, one.bytes.length, one.place);
          case "read": {
            const into = new Uint8Array(one.length);
            const count = fs.readSync(open[one.which] ?? 999, into, 0, one.length, one.place);
            return [count, ...into];
          }
          case "truncate":
            return fs.ftruncateSync(open[one.which] ?? 999, one.length);
          case "size":
            return fs.fstatSync(open[one.which] ?? 999).isFile() ? fs.fstatSync(open[one.which] ?? 999).size : "folder";
          case "close": {
            const [descriptor = 999] = open.splice(one.which, 1);
            return fs.closeSync(descriptor);
          }
          case "make":
            return fs.mkdirSync(at(one.name));
          case "unlink":
            return fs.unlinkSync(at(one.name));
          case "remove":
            return fs.rmdirSync(at(one.name));
          case "list":
            return fs.readdirSync(at(one.name)).sort();
          case "whole":
            return fs.readFileSync(at(one.name), "utf8");
          case "rename":
            return fs.renameSync(at(one.name), at(one.to));
          case "rm":
            return fs.rmSync(at(one.name), { force: one.force, recursive: one.recursive });
        }
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // names that Node has for its own check before the system is asked
        return code === "ERR_FS_EISDIR" ? "EISDIR" : code;
      }
    };
    const done = steps.map(answer);
    for (const descriptor of open) fs.closeSync(descriptor);
    return done;
  }

  it.skipIf(process.platform !== "linux")("answers what Node's does on Linux, errors included, whatever is done to it", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const root = `${folder}/${++serial}`;
        nodeFs.mkdirSync(root);
        pageFs.mkdirSync(root, { recursive: true });
        expect(answers(pageFs as unknown as typeof nodeFs, root, steps)).toEqual(answers(nodeFs, root, steps));
      }),
      { numRuns: 300, seed: 24 },
    );
  });

  it("has paths as Unix has them", () => {
    const part = fc
      .array(fc.constantFrom("a", "b.c", ".d", "..", ".", "/", ".e.f", "g."), { maxLength: 6 })
      .map((parts) => parts.join("").replace(/\/+/g, "/"));
    fc.assert(
      fc.property(part, part, (a, b) => {
        const { posix } = nodePath;
        const partsOf = ({ dirname, basename, extname, isAbsolute }: typeof pagePath): unknown[] => [
          dirname(a),
          basename(a),
          extname(a),
          isAbsolute(a),
        ];
        expect(partsOf(pagePath)).toEqual(partsOf(posix as unknown as typeof pagePath));
        expect(pagePath.join(a, b)).toBe(posix.join(a, b));
        expect(pagePath.resolve(a, b)).toBe(posix.resolve(pageProcess.cwd(), a, b));
      }),
      { numRuns: 1000, seed: 24 },
    );
  });
});

describe("checksums and compression of a page", () => {
  it("are Node's", () => {
    const text = "branches\u00e9".repeat(1000);
    for (const algorithm of ["sha256", "md5"] as const)
      expect(
        createHash(algorithm)
          .update(text)
          .update(Buffer.from([1]))
          .digest("hex"),
      ).toBe(
        nodeHash(algorithm)
          .update(text)
          .update(Buffer.from([1]))
          .digest("hex"),
      );
    const bytes = Buffer.from(text);
    expect(pageZlib.crc32(bytes, 17)).toBe(crc32(bytes, 17));
    expect(pageZlib.inflateRawSync(nodeDeflate(bytes), { maxOutputLength: bytes.length + 1 })).toEqual(bytes);
    expect(inflate(pageZlib.deflateRawSync(bytes))).toEqual(bytes);
  });

  it("give at most as many bytes as asked for", () => {
    expect(pageZlib.inflateRawSync(nodeDeflate(Buffer.alloc(100_000)), { maxOutputLength: 1000 }).length).toBe(1000);
  });

  async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
  }
  async function all(from: AsyncIterable<Uint8Array>): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const part of from) parts.push(part);
    return Buffer.concat(parts).toString();
  }

  it("undo gzip piece by piece, several members too, and name what is cut short", async () => {
    const text = Array.from({ length: 3000 }, (_, i) => i * i).join(" ");
    const packed = gzipSync(text);
    expect(await all(gunzipped(pieces(packed)))).toBe(text);
    expect(await all(gunzipped(pieces(Buffer.concat([packed, gzipSync("more")]))))).toBe(`${text}more`);
    await expect(all(gunzipped(pieces(packed.subarray(0, packed.length / 2))))).rejects.toMatchObject({ code: "Z_BUF_ERROR" });
    expect(existsSync("nothing is written")).toBe(false);
  });
});
