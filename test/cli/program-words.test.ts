// Words and standard input of programs that are simulated or traced: simulate PROGRAM --stdin=FILE -- WORDS.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { extendReference, readReference } from "../../dist/src/guests/program-reference.js";
import { findRecording } from "../../dist/src/recordings/find-recording.js";
import { bplab, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** Reads a character, then lines. */
const COUNT = file(
  "count.fs",
  ": first ['] key catch 0= if emit then ; first\n: lines 0 begin pad 80 accept dup while + repeat drop . ; lines\n",
);

/** The first row of a simulation, by column. */
function rowOf(words: readonly string[], ...after: readonly string[]): Readonly<Record<string, string>> {
  const result = bplab(["simulate", ...words, "--technique=switch", "--predictor=btb", "--format=csv", ...after]);
  if (result.code !== 0) throw new Error(result.stderr);
  const [header, row] = result.stdout.split("\n").map((line) => line.split(","));
  return Object.fromEntries(header.map((name, i) => [name, row[i]]));
}
const refusal = (...words: string[]): string => {
  const { code, stdout, stderr } = bplab(words);
  expect([code, stdout]).toEqual([2, ""]);
  return stderr;
};

describe("standard input of Forth", () => {
  const input = file("input.txt", "one\ntwo\nthree");

  it("is what a file holds, and the row names both, by one checksum of one after the other", () => {
    const row = rowOf([COUNT, `--stdin=${input}`]);
    const both = createHash("sha256").update(readFileSync(COUNT)).update(readFileSync(input)).digest("hex");
    expect(row.program).toBe(`${COUNT} --stdin=${input}`);
    expect(row.program_sha256).toBe(both.slice(0, 16));
    const none = rowOf([COUNT]);
    expect(none.program_sha256).toBe(createHash("sha256").update(readFileSync(COUNT)).digest("hex").slice(0, 16));
    expect(Number(row.virtual_instructions)).toBeGreaterThan(Number(none.virtual_instructions));
  });

  it("is the tape's, too: a file that holds something else is another run, without or with a cache", { tags: "slow" }, () => {
    const changing = file("changing.txt", "ab\n");
    const few = rowOf([COUNT, `--stdin=${changing}`]).virtual_instructions;
    expect(rowOf([COUNT, `--stdin=${changing}`]).virtual_instructions).toBe(few);
    file("changing.txt", "ab\n".repeat(50));
    const many = rowOf([COUNT, `--stdin=${changing}`]).virtual_instructions;
    expect(Number(many)).toBeGreaterThan(Number(few));
    expect(rowOf([COUNT, `--stdin=${changing}`, "--no-cache"]).virtual_instructions).toBe(many);
  });

  it("goes into traces, and is not written over", { tags: "slow" }, () => {
    const path = join(folder, "count.csv");
    const virtual = (...words: string[]): number => {
      bplab(["trace", COUNT, "--virtual", "-o", path, ...words]);
      return readFileSync(path, "utf8").split("\n").length - 2;
    };
    expect(virtual(`--stdin=${input}`)).toBe(Number(rowOf([COUNT, `--stdin=${input}`]).virtual_instructions));
    expect(virtual()).toBe(Number(rowOf([COUNT]).virtual_instructions));
    expect(refusal("simulate", COUNT, `--stdin=${input}`, `--output=${input}`)).toBe(`cannot write ${input}: it is an input\n`);
    expect(readFileSync(input, "utf8")).toBe("one\ntwo\nthree");
  });
});

describe("what is given", () => {
  it("is refused where nothing reads it", { tags: "slow" }, () => {
    const branches = file("branches.csv", "pc,target,kind,taken\n16,32,jump,1\n");
    expect(refusal("simulate", "queens", "--", "5")).toBe("queens: a Forth source reads no words after --\n");
    expect(refusal("simulate", "A B A GOTO", "--", "5")).toBe("A B A GOTO: a loop of virtual instructions reads no words after --\n");
    expect(refusal("simulate", "quickening", `--stdin=${COUNT}`)).toMatch(/^quickening: a stream of opcodes has no option --stdin/);
    for (const [given, name] of [
      [[`--stdin=${COUNT}`], "--stdin"],
      [["--as=opcodes"], "--as"],
      [["--", "5"], "words after --"],
    ] as const)
      expect(refusal("simulate", branches, ...given)).toBe(`${branches} is a recording, which takes no ${name}: leave that out\n`);
    expect(refusal("advise", branches, "--cell=64")).toBe(`${branches} is a recording, which takes no --cell: leave that out\n`);
    expect(refusal("advise", "--cell=64", "--", "true")).toMatch(/^--cell is for a Forth program, and a command is recorded/);
    expect(refusal("trace", "--wasm", "--memory=8M", "-o", join(folder, "x.tape"), "--", "node")).toMatch(/^--memory: it changes nothing/);
  });

  it("belongs to a program also where its last word, or its standard input, is called like a recording", async () => {
    const input = file("input.bt9", "one\n");
    expect(await findRecording(`${COUNT} --stdin=${input}`)).toBeUndefined();
    expect(await findRecording(`${COUNT} -- out.sbbt`)).toBeUndefined();
    await expect(findRecording(`${input} --cell=64`)).rejects.toThrow(`${input} is a recording, which takes no --cell`);
  });

  it("is for one program", { tags: "slow" }, () => {
    expect(refusal("simulate", "queens", "sieve", `--stdin=${COUNT}`)).toMatch(/^--stdin is for one program, got queens, sieve: [^\n]*\n$/);
    expect(refusal("simulate", "--", "5")).toMatch(/^words after -- are for one program, got none: [^\n]*\n$/);
    expect(refusal("trace", "queens", "sieve", "-o", join(folder, "x.csv"))).toMatch(/^sieve: expected one program, got more/);
    expect(refusal("simulate", "a.byte -- 1", "--", "2")).toMatch(/^a\.byte -- 1: words are given twice/);
  });

  it("of run are words after --, too, whatever they look like; a second -- is the program's", { tags: "slow" }, () => {
    const words = file("words.fs", ': -- ." dashes " ; : --size=full ." full " ;\n');
    expect(bplab(["run", words, "--", "--size=full", "1", "."]).stdout).toBe("full 1 ");
    expect(bplab(["run", words, "--max-instructions=1000000", "--", "--", "2", "."]).stdout).toBe("dashes 2 ");
    expect(bplab(["run", words, "3", ".", "--", "4", "."]).stdout).toBe("3 dashes 4 ");
  });

  it("is a file that is there and can be read again", { tags: "slow" }, () => {
    expect(refusal("simulate", COUNT, "--stdin=nowhere")).toBe("no such file: nowhere\n");
    expect(refusal("simulate", COUNT, `--stdin=${folder}`)).toBe(`${folder} is a folder, expected a file for standard input\n`);
    expect(refusal("simulate", COUNT, "--stdin=/dev/null")).toMatch(/^stdin: \/dev\/null is no file that can be read more than once/);
    expect(refusal("run", `${COUNT} --stdin=${COUNT}`)).toMatch(/bplab run FILE < INPUT\n$/);
  });

  it("is one text, and read back as it was, whatever it holds", () => {
    const words = ["-c", "x y.ml", "", "it's", 'a "b"', "--", "--size=full", "$HOME", "\t"];
    const text = extendReference("my file.byte", { options: { stdin: ["in put"] }, words });
    expect(readReference(text)).toEqual({ file: "my file.byte", options: { stdin: ["in put"] }, words });
    expect(extendReference("x.wasm --dir=a", { options: { stdin: ["b"] }, words: ["c"] })).toBe("x.wasm --dir=a --stdin=b -- c");
    expect(extendReference("x.wasm", { options: {}, words: undefined })).toBe("x.wasm");
  });
});

const noOcaml = spawnSync("ocamlc", ["-version"]).error !== undefined;
describe.skipIf(noOcaml)("words of OCaml (skipped without ocamlc: apt-get install ocaml-nox)", () => {
  it("OCaml's own compiler is measured while it compiles", { tags: "slow" }, () => {
    const compiler = spawnSync("which", ["ocamlc.byte"], { encoding: "utf8" }).stdout.trim();
    const source = file("small.ml", "let rec f n = if n = 0 then 1 else n * f (n - 1)\nlet () = print_int (f 10)\n");
    const result = bplab(["simulate", compiler, "--technique=switch", "--format=csv", "--", "-c", source]);
    expect(result.stderr).toBe("");
    const compiled = readFileSync(join(folder, "small.cmo"));
    spawnSync(compiler, ["-c", source]);
    expect(compiled.equals(readFileSync(join(folder, "small.cmo")))).toBe(true);
    expect(result.stdout).toContain(`\n${compiler} -- -c ${source},`);
  });

  it("programs find words and standard input, and its length", { tags: "slow" }, () => {
    const source = file(
      "sum.ml",
      `let () = let n = int_of_string Sys.argv.(1) in
       if in_channel_length stdin <> 6 || input_line stdin <> "a b" || input_char stdin <> 'c' then exit 3;
       for i = 1 to n do ignore (Sys.opaque_identity i) done`,
    );
    const program = join(folder, "sum.byte");
    spawnSync("ocamlc", ["-o", program, source]);
    const input = file("six.txt", "a b\ncd");
    const executed = (n: string): number => Number(rowOf([program, `--stdin=${input}`], "--", n).virtual_instructions);
    const [ten, twenty, thirty] = [executed("10"), executed("20"), executed("30")];
    expect(twenty).toBeGreaterThan(ten);
    expect(thirty - twenty).toBe(twenty - ten);
  });
});
