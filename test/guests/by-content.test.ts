// Files whose names do not tell what they are.
import { writeFileSync } from "node:fs";
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
    ])
      expect(await kindOf(text)).toBe("a stream of opcodes");
  });

  it("is not one where lines have blanks, mix forms, are all different, or few", async () => {
    for (const text of [
      "hello world\nhello world\na b\nc d\n",
      "a\n1,b\na\n1,b\n",
      "a\nb\nc\nd\ne\n",
      "a\na\n",
      "a\0b\na\0b\nc\nc\nc\n",
      "",
    ])
      expect(await kindOf(text)).toBe(UNKNOWN);
  });

  it("is said to be compressed, with the command that unpacks it", async () => {
    const path = join(folder, "log.opcodes.gz");
    writeFileSync(path, gzipSync("add\nload\nadd\nload\n"));
    await expect(findProgram(path)).rejects.toThrow(
      `${path}: it is compressed with gzip and holds no recorded branches; unpack a program or a log of opcodes first: gunzip ${path}`,
    );
  });

  it("is bytecode of OCaml where it ends as that does", async () => {
    expect(await kindOf("#!/usr/bin/ocamlrun\n…Caml1999X031")).toBe("an OCaml bytecode executable");
    expect(await kindOf("Caml1999X031 and more")).toBe(UNKNOWN);
  });
});
