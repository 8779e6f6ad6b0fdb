// Executables that are none, or damaged, or of another version: one line that says what came and what was expected.
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../dist/src/errors.js";
import { unmarshal } from "../../../dist/src/guests/ocaml/loading/unmarshal.js";
import { Custom, Float, fieldOf, isHeapBlock, sizeOf, tagOf, type Value } from "../../../dist/src/guests/ocaml/value.js";
import { bplab } from "../../support.ts";
import { assemble, blockHeader, executable, globalData, type Line, marshalled } from "./executable.ts";
import { file, session } from "./session.ts";

const STOP = assemble(["STOP"]);
const outcome = (bytes: Uint8Array): string | number | undefined => {
  const { error, exitCode } = session(file("x.byte", bytes));
  return error ?? exitCode;
};
const run = (...lines: Line[]): string | number | undefined => outcome(executable({ code: assemble(lines) }));

describe("executables", () => {
  it("run, with anything in front of them", () => {
    expect(outcome(executable({ code: STOP }))).toBe(0);
    expect(outcome(Buffer.concat([Buffer.from("\x7fELF anything"), executable({ code: STOP })]))).toBe(0);
    expect(run(["CONSTINT", 7], ["C_CALL1", 0], "STOP")).toBe(7);
  });

  it("of 4.14 and 5 run, of other versions are refused, with the versions named", () => {
    expect(outcome(executable({ code: STOP, magic: "Caml1999X031" }))).toBe(0);
    expect(outcome(executable({ code: STOP, magic: "Caml1999X035" }))).toBe(0);
    expect(outcome(executable({ code: STOP, magic: "Caml1999X029" }))).toBe(
      "x.byte: bytecode of OCaml 4.12 (Caml1999X029), expected that of OCaml 4.13, 4.14, 5.0, 5.1, 5.2 or 5.3 (Caml1999X030 to Caml1999X035): compile it with one of these",
    );
    expect(outcome(executable({ code: STOP, magic: "Caml1999X777" }))).toMatch(/^x\.byte: bytecode Caml1999X777, expected .*4\.13.*4\.14/);
  });

  it("that are something else are said to be none", () => {
    expect(outcome(Buffer.from('print_endline "hello"\n'))).toMatch(/^x\.byte is not an OCaml bytecode executable: /);
    expect(outcome(executable({ code: STOP }).subarray(0, -1))).toMatch(/or it was cut short$/);
    expect(outcome(Buffer.alloc(0))).toBe("x.byte is empty, expected an OCaml bytecode executable");
    expect(session("/nowhere/x.byte").error).toMatch(/^no such file: /);
  });

  it("are known by their content where their names say nothing", { tags: "slow" }, () => {
    const bytes = executable({ code: assemble(["STOP"]) });
    for (const name of ["a.out", "program.bc.exe", "program"]) {
      const path = file(name, bytes);
      expect(bplab(["run", path])).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(bplab(["simulate", path, "--technique=switch", "--format=csv"]).stdout).toContain(`\n${path},test,switch,`);
    }
    // another version is bytecode, too, and is called that
    expect(bplab(["run", file("b.out", executable({ code: STOP, magic: "Caml1999X036" }))]).stderr).toMatch(/bytecode of OCaml 5\.4/);
    for (const content of [bytes.subarray(0, -1), Buffer.from("Caml1999"), Buffer.alloc(0)]) {
      const { code, stderr } = bplab(["run", file("c.out", content)]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/c\.out: expected a program id or a file: [^\n]*an OCaml bytecode executable[^\n]*\n$/);
    }
  });

  it("whose sections do not fit are damaged", () => {
    const bytes = executable({ code: STOP });
    const many = Buffer.from(bytes);
    many.writeUInt32BE(0xffffffff, bytes.length - 16);
    expect(outcome(many)).toMatch(/^x\.byte is damaged: 4294967295 sections/);
    const long = Buffer.from(bytes);
    long.writeUInt32BE(0x7fffffff, bytes.length - 20);
    expect(outcome(long)).toMatch(/^x\.byte is damaged: section 2 has 2147483647 bytes, \d+ are left/);
    expect(outcome(executable({ code: Buffer.from([1, 2, 3]) }))).toMatch(/3 bytes of code, expected a multiple of 4/);
    expect(outcome(executable({ code: [] }))).toMatch(/0 bytes of code/);
    const none = Buffer.from(bytes.toString("latin1").replace("PRIM", "PRIX"), "latin1");
    expect(outcome(none)).toBe("x.byte is damaged: no section PRIM");
  });
});

describe("code", () => {
  it.each<[string, number[], RegExp]>([
    ["no instruction", [149], /word 0 of its code is 149, which is no instruction$/],
    ["a negative one", [-1], /word 0 of its code is -1/],
    ["an operand behind the end", assemble([["ACC", 1]]).slice(0, 1), /word 0 of its code, ACC, is cut short$/],
    ["a jump behind the end", assemble([["BRANCH", 5], "STOP"]), /word 1 of its code leads to 6, where no instruction begins$/],
    ["a jump in front of the beginning", assemble([["BRANCH", -2], "STOP"]), /leads to -1/],
    ["a jump into an instruction", assemble([["BRANCH", 2], ["ACC", 0], "STOP"]), /leads to 3, where no instruction begins/],
    ["a primitive that is not there", assemble([["C_CALL1", 1], "STOP"]), /C_CALL1, names primitive 1 of 1$/],
    ["a global that is not there", assemble([["GETGLOBAL", 16], "STOP"]), /GETGLOBAL, names global 16 of 16$/],
    ["a tag that is none", assemble([["MAKEBLOCK1", 256], "STOP"]), /MAKEBLOCK1, names tag 256 of 256$/],
    ["a switch longer than the code", assemble([["SWITCH", 0xffff], "STOP"]), /SWITCH, has 65535 labels, 1 words are left$/],
    ["a closure of no functions", assemble([["CLOSUREREC", 0, 0], "STOP"]), /CLOSUREREC, makes nothing$/],
    ["a function that takes arguments without RESTART", assemble([["GRAB", 1], "STOP"]), /GRAB, has no RESTART in front of it$/],
  ])("with %s is refused before it runs", (_, code, why) => {
    expect(outcome(executable({ code }))).toMatch(why);
    expect(outcome(executable({ code }))).toMatch(/^x\.byte is damaged: /);
  });

  it("that does what none compiled does ends in one line", () => {
    const corrupt = /^x\.byte: corrupt bytecode, or a value taken for one of another type(, near word \d+ of its code)?: /;
    expect(run("CONST1", "APPLY1", "STOP")).toMatch(corrupt);
    expect(run("CONST1", ["SWITCH", 1, "end"], "end:", "STOP")).toMatch(corrupt);
    expect(run(["POP", 5], ["BRANCH", "on"], "on:", "STOP")).toMatch(corrupt);
    expect(run("again:", "PUSH", ["BRANCH", "again"])).toMatch(corrupt);
    const hugeTable: Line[] = ["CONST0", ["PUSHCONSTINT", 0x7fffffff], ["MAKEBLOCK2", 0], ["MAKEBLOCK1", 248]];
    expect(run(...hugeTable, ["PUSHCONSTINT", 5], "GETDYNMET", "STOP")).toMatch(/a table of methods that are not there$/);
    expect(run("EVENT")).toMatch(/an instruction for debuggers$/);
    expect(run("ATOM0", "PUSHCONST1", "ADDINT")).toMatch(/arithmetic on what is no integer$/);
  });

  it("names a primitive that the guest does not have when it is called, not before", () => {
    const primitives = ["caml_sys_exit", "caml_of_nobody"];
    const calls = assemble(["CONST0", ["C_CALL1", 1], "STOP"]);
    const passes = assemble(["CONST3", ["C_CALL1", 0], ["C_CALL1", 1], "STOP"]);
    expect(outcome(executable({ code: calls, primitives }))).toBe(
      "x.byte calls the C primitive caml_of_nobody, which the OCaml guest does not have",
    );
    expect(outcome(executable({ code: passes, primitives }))).toBe(3);
  });

  it("that goes on is stopped at the limit", () => {
    const path = file("x.byte", executable({ code: assemble(["again:", "CHECK_SIGNALS", ["BRANCH", "again"]]) }));
    const { error, stream } = session(path, { maxInstructions: 1001 });
    expect(error).toBe("x.byte: stopped after 1001 virtual instructions (raise --max-instructions to let it run longer)");
    expect(stream.split("\n").length).toBeGreaterThan(1000);
    const { code, stderr } = bplab(["run", path, "--max-instructions=1001"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/x\.byte: stopped after 1001 .*\n$/) });
  });

  it.each(["run", "simulate"])("that takes all memory is stopped before V8 gives up, by bplab %s, too", { tags: "slow" }, (command) => {
    const path = file("x.byte", executable({ code: assemble(["again:", "PUSH", ["MAKEBLOCK2", 0], ["BRANCH", "again"]]) }));
    const { code, stdout, stderr } = bplab([command, path], { env: { NODE_OPTIONS: "--max-old-space-size=150" } });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^\S*x\.byte: the program needs more memory than Node\.js has for it, \d+ MB .*\n$/),
    });
  });

  it("that is one long straight run counts right", () => {
    const long = Array.from({ length: 100_000 }, () => "CONST0");
    const { stream, exitCode } = session(file("x.byte", executable({ code: assemble([...long, ["BRANCH", "on"], "on:", "STOP"]) })));
    expect(exitCode).toBe(0);
    expect(stream.split("\n").length - 1).toBe(100_002);
  });
});

describe("global data", () => {
  it("without the runtime's exceptions is damaged", () => {
    expect(outcome(executable({ code: STOP, data: marshalled(Buffer.from([0x41])) }))).toBe(
      "x.byte is damaged: its data is no table of globals",
    );
    const nameless = Buffer.from(globalData().toString("latin1").replace("Failure", "Railure"), "latin1");
    nameless[nameless.indexOf("Railure") - 1] = 0x41;
    expect(outcome(executable({ code: STOP, data: nameless }))).toMatch(/^x\.byte is damaged: /);
  });
});

describe("marshalled values", () => {
  const read = (...parts: (number[] | Buffer)[]): Value =>
    unmarshal(marshalled(Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part))))), {
      fail(why) {
        throw new UsageError(why);
      },
    });
  const uint64 = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return bytes;
  };

  it("integers of every width", () => {
    expect([read([0x7f]), read([0x00, 0x80]), read([0x01, 0xff, 0x00]), read([0x02, 0x80, 0, 0, 0])]).toEqual([
      63, -128, -256, -2147483648,
    ]);
    expect(read([0x03], uint64(2n ** 53n - 1n))).toBe(Number.MAX_SAFE_INTEGER);
    expect(read([0x03], uint64(-(2n ** 62n)))).toBe(-(2n ** 62n));
  });

  it("strings, floats, custom blocks", () => {
    expect(read([0x23], Buffer.from("abc"))).toEqual(new Uint8Array(Buffer.from("abc")));
    expect(read([0x09, 2], Buffer.from("ab"))).toEqual(new Uint8Array(Buffer.from("ab")));
    expect(read([0x0c, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f])).toEqual(new Float(1.5));
    expect(read([0x0b, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0])).toEqual(new Float(1.5));
    expect(read([0x0e, 1, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f])).toEqual(new Float64Array([1.5]));
    expect(read([0x19], Buffer.from("_j\0"), uint64(-5n))).toEqual(new Custom("_j", -5n));
    expect(read([0x19], Buffer.from("_i\0"), [0xff, 0xff, 0xff, 0xfe])).toEqual(new Custom("_i", -2));
    expect(read([0x19], Buffer.from("_n\0"), [2], uint64(9n))).toEqual(new Custom("_n", 9n));
  });

  it("blocks, what is shared, and what contains itself", () => {
    // (x, x) with x = "a"
    const pair = read([0xa0], [0x21], Buffer.from("a"), [0x04, 1]);
    if (!isHeapBlock(pair)) throw new Error("expected a block");
    expect([tagOf(pair), sizeOf(pair), fieldOf(pair, 0) === fieldOf(pair, 1)]).toEqual([0, 2, true]);
    const circle = read([0xa1, 0x45, 0x04, 1]);
    if (!isHeapBlock(circle)) throw new Error("expected a block");
    expect([tagOf(circle), fieldOf(circle, 0), fieldOf(circle, 1) === circle]).toEqual([1, 5, true]);
  });

  it("a long list takes no stack", () => {
    const length = 200_000;
    const cells = Buffer.concat([...Array.from({ length }, () => Buffer.from([0xa0, 0x41])), Buffer.from([0x40])]);
    let count = 0;
    for (let rest = read(cells); isHeapBlock(rest); rest = fieldOf(rest, 1)) count++;
    expect(count).toBe(length);
  });

  it.each<[string, (number[] | Buffer)[], RegExp]>([
    ["nothing", [], /1 bytes more at 20, 0 are left$/],
    ["a string that is too long", [[0x15], uint64(2n ** 62n)], /bytes more at 29, 0 are left$/],
    ["an array that is too long", [[0x17], uint64(2n ** 60n)], /bytes more at 29, 0 are left$/],
    ["a block that is too large", [blockHeader(0, 4194303)], /a block of 4194303 fields/],
    [
      "blocks that are too large together",
      [Buffer.concat(Array.from({ length: 100 }, () => blockHeader(0, 300)))],
      /a block of 300 fields/,
    ],
    ["a reference to nothing", [[0x04, 1]], /a reference 1 items back at 22, there are 0$/],
    ["a code pointer", [[0x10, 0, 0, 0, 0]], /a code pointer at 21/],
    ["a closure", [blockHeader(247, 1), [0x40]], /a block with tag 247 at 25$/],
    ["an unknown item", [[0x1f]], /an item of kind 31 at 21$/],
    ["an unknown custom block", [[0x19], Buffer.from("_chan\0")], /a custom block of an unknown kind at 21$/],
    ["a custom block's name without end", [[0x19], Buffer.alloc(1000, 0x61)], /no end of a custom block's name at 21$/],
  ])("with %s are refused", (_, parts, why) => {
    expect(() => read(...parts)).toThrow(UsageError);
    expect(() => read(...parts)).toThrow(why);
  });

  it("with another header, or a longer one than there are bytes, are refused", () => {
    const fail = (why: string): never => {
      throw new UsageError(why);
    };
    expect(() => unmarshal(new Uint8Array(5), { fail })).toThrow(/^5 bytes, expected a header of 20$/);
    expect(() => unmarshal(new Uint8Array(40), { fail })).toThrow(/^it begins with 0, expected 8495a6be$/);
    expect(() => unmarshal(marshalled(Buffer.from([0x41])).subarray(0, 20), { fail })).toThrow(/^20 bytes, expected 21$/);
  });
});
