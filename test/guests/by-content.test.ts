// Files whose names do not tell what they are.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../dist/src/index.js";
import { temporaryFolder } from "../support.ts";

const folder = temporaryFolder();
let files = 0;
async function kindOf(content: string | Uint8Array): Promise<string> {
  const path = join(folder, `${files++}.txt`);
  writeFileSync(path, content);
  return findProgram(path).then(
    ({ language }) => language.file,
    (error: Error) => error.message.replace(`${path}: `, "").slice(0, 28),
  );
}
const UNKNOWN = "expected a program id or a f";

describe("a file whose name does not tell what it is", () => {
  it("is a stream of opcodes where its lines are executed instructions, one of which comes again", async () => {
    for (const text of [
      "add\nload\nadd\nload\n",
      "# log\n0x10,add\n18, load\n0x10,add\n18, load\n",
      "\ufeffaddress,opcode\n1,a\n",
      "opcode\nadd\n",
      "0,add\n1,load\n2,add\n3,load\n",
    ])
      expect(await kindOf(text)).toBe("a stream of opcodes");
  });

  it("is not one where lines have blanks, mix forms, are all different, or few", async () => {
    for (const text of [
      "hello world\nhello world\na b\nc d\n",
      "a\n1,b\na\n1,b\n",
      "a\nb\nc\nd\ne\n",
      "a\na\n",
      "0,7\n1,8\n2,7\n3,8\n",
      "a\0b\na\0b\nc\nc\nc\n",
      "",
    ])
      expect(await kindOf(text)).toBe(UNKNOWN);
  });

  it("is of the kind of its content where it is compressed, and is not unpacked twice", async () => {
    const path = join(folder, "log.opcodes.gz");
    writeFileSync(path, gzipSync("add\nload\nadd\nload\n"));
    const [one, again] = [await findProgram(path), await findProgram(path)];
    expect([one.id, one.language.file, one.path]).toEqual([path, "a stream of opcodes", again.path]);
    expect(readFileSync(one.path, "utf8")).toBe("add\nload\nadd\nload\n");
    expect(await kindOf(gzipSync("add\nload\nadd\nload\n"))).toBe("a stream of opcodes");
    const forth = join(folder, "q.fs.gz");
    writeFileSync(forth, gzipSync(": main 1 . ;\nmain\n"));
    expect((await findProgram(forth)).language.file).toBe("a Forth source");
  });

  it("is refused where its compression is damaged, or none that is undone", async () => {
    const cut = join(folder, "cut.opcodes.gz");
    writeFileSync(cut, gzipSync("add\nload\n".repeat(1000)).subarray(0, 30));
    await expect(findProgram(cut)).rejects.toThrow(`${cut}: it is cut short: its gzip stream has no end`);
    const lz4 = join(folder, "log.opcodes.lz4");
    writeFileSync(lz4, Buffer.from("04224d1864407080", "hex"));
    await expect(findProgram(lz4)).rejects.toThrow(
      `${lz4}: it is compressed with lz4, which bplab does not undo: unpack it first: unlz4 ${lz4}`,
    );
  });

  it("is what --as says, whatever its name and content", async () => {
    const path = join(folder, "queens.txt");
    writeFileSync(path, ": main 1 . ;\nmain\n");
    expect((await findProgram(`${path} --as=fs`)).language.file).toBe("a Forth source");
    await expect(findProgram(`${path} --as=forth`)).rejects.toThrow("forth");
    await expect(findProgram(`${path} --as=fs --as=wasm`)).rejects.toThrow("--as: expected once, got fs and wasm");
  });

  it("is bytecode of OCaml where it ends as that does", async () => {
    expect(await kindOf("#!/usr/bin/ocamlrun\n…Caml1999X031")).toBe("an OCaml bytecode executable");
    expect(await kindOf("Caml1999X031 and more")).toBe(UNKNOWN);
  });
});
