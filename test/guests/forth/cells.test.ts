// Cells of 64 bits. Expected numbers are what Gforth 0.7.3 prints on x86-64, whose cells have 64 bits, for the same text.
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCapturingConsole } from "../../../dist/src/guests/forth/console.js";
import { createForth } from "../../../dist/src/guests/forth/system.js";
import { session } from "./session.ts";

const recorder = createCapturingConsole();
const forth = createForth(recorder, { cellBits: 64 });
/** What a text prints; one Forth runs all of them. */
function prints(text: string): string {
  const before = recorder.text().length;
  forth.interpreter.evaluateText(text, "test");
  return recorder.text().slice(before).trim();
}

describe("with cells of 64 bits", () => {
  it.each([
    ["a cell is eight bytes", "1 cells . 3 cells . cell . 5 aligned . 0 cell+ .", "8 24 8 8 8"],
    ["sums wrap at 64 bits", "9223372036854775807 1+ . -9223372036854775808 1- .", "-9223372036854775808 9223372036854775807"],
    ["literals have 64 bits, with a sign or without", "$FFFFFFFFFFFFFFFF . -1 u.", "-1 18446744073709551615"],
    ["products are cut to 64 bits", "3037000500 dup * . 4294967296 dup * .", "-9223372036709301616 0"],
    ["division is floored", "-7 2 / . -7 2 mod . 7 -2 /mod . . -9223372036854775808 10 /mod . .", "-4 1 -4 -1 -922337203685477581 2"],
    ["*/ has 128 bits between", "4611686018427387904 6 4 */ .", "6917529027641081856"],
    ["um* and m* leave 128 bits", "-1 -1 um* u. u. -1 -1 m* . . 5 -1 1 m* . .", "18446744073709551614 1 0 1 -1 -1"],
    [
      "double numbers have 128 bits",
      "0 1 d. 1 1 d2* d. 0 1 d2/ d. 1 0 dnegate d.",
      "18446744073709551616 36893488147419103234 9223372036854775808 -1",
    ],
    ["128 bits are divided by 64", "0 1 3 um/mod . . 100. -7 fm/mod . . 100. -7 sm/rem . .", "6148914691236517205 1 -15 -5 -14 2"],
    [
      "sums of doubles carry",
      "-1 0 1. d+ d. 0 1 1. d- d. 5 -1 -3 m+ d.",
      "18446744073709551616 18446744073709551615 -18446744073709551614",
    ],
    ["m*/ has 192 bits between", "1000000007. 1000000009 1000003 m*/ d. -7. 3 2 m*/ d.", "999997016008 -11"],
    ["shifts reach the sign", "-1 63 rshift . 1 63 lshift . -8 1 rshift . -8 2/ .", "1 -9223372036854775808 9223372036854775804 -4"],
    ["comparisons are signed or not", "-1 1 u< . 1 -1 u< . -1 1 < . -5 -1 3 within .", "0 -1 -1 0"],
    ["doubles compare by their high cells", "-1 0 0 1 d< . -1 0 0 1 du< . -1. 0. d< . 0 1 -1 0 d< .", "-1 -1 -1 0"],
    [
      "numbers are shown in every base",
      "hex -1 u. -1 1 rshift . decimal -1. <# #s #> type",
      "FFFFFFFFFFFFFFFF 7FFFFFFFFFFFFFFF 340282366920938463463374607431768211455",
    ],
    ["memory holds cells of eight bytes", "create v 1 , -2 , v 2@ . . 17 18 v 2! v @ . v 8 + @ . -5 v +! v @ .", "1 -2 18 17 13"],
    [
      "parts of a cell are loaded and stored",
      "create b -1 , b ul@ . b sl@ . b uw@ . b sw@ . 305419896 b l! b @ u. $1234 b w! b @ u.",
      "4294967295 -1 65535 -1 18446744069720004216 18446744069719986740",
    ],
    ["constants and values hold 64 bits", "5000000000 constant five five value w 1 +to w : t five w + . ; t w .", "10000000001 5000000001"],
    [
      "locals hold 64 bits, doubles and addresses too",
      ": lo { a b d: c w^ e } a . b . c d. e @ . ; 1 5000000000 3. 7 lo",
      "1 5000000000 3 7",
    ],
    ["locals below the fourth are read", ": l2 { a b c d e f } a b + c + d + e + f + . ; 1 2 3 4 5 6000000000 l2", "6000000015"],
    ["floating-point locals lie among cells", ": fl { f: x f: y n } y f. x f. n . ; 1.5e 2.5e 9 fl", "2.5 1.5 9"],
    [
      "floating-point numbers become 64 and 128 bits",
      "1e18 f>s . 1e20 f>d d. 9007199254740993 s>f f>s . -3.7e f>s .",
      "1000000000000000000 100000000000000000000 9007199254740992 -3",
    ],
    [
      "loops run over the border of signs",
      ": l3 -9223372036854775808 -9223372036854775802 do i . -2 +loop ; l3",
      "-9223372036854775802 -9223372036854775804 -9223372036854775806 -9223372036854775808",
    ],
    ["an exception's number may be large", ": th 9000000000 throw ; ' th catch .", "9000000000"],
    ["texts become numbers of 128 bits", 's" 123456789012345678901" 0. 2swap >number 2drop d.', "123456789012345678901"],
    [
      "structures have fields of eight bytes",
      "begin-structure s field: s.a field: s.b 2field: s.c cfield: s.d end-structure s . 0 s.b . 0 s.c . 0 s.d .",
      "33 8 16 32",
    ],
    [
      "the environment says so",
      's" max-n" environment? . . s" max-ud" environment? . ud.',
      "-1 9223372036854775807 -1 340282366920938463463374607431768211455",
    ],
    [
      "random.fs has the sequence of such a Gforth",
      "require random.fs 1 seed ! 100 random . 100 random . 100 random . 100 random . 100 random .",
      "0 0 17 78 91",
    ],
    ["stack pointers step by eight bytes", "sp@ sp@ - . rp@ rp@ - . 7 sp@ @ . drop", "8 0 7"],
  ])("%s", (_, text, printed) => {
    expect(prints(text)).toBe(printed);
  });

  it("a literal that one or two cells do not hold is an error with its line", () => {
    const error = (text: string): string | undefined => session(text, Number.POSITIVE_INFINITY, 64).error;
    expect(error("18446744073709551616")).toMatch(/^test:1: 18446744073709551616 does not fit a cell of 64 bits/);
    expect(error(": t -9223372036854775809 ;")).toMatch(/does not fit a cell of 64 bits/);
    expect(error("340282366920938463463374607431768211456.")).toMatch(/does not fit two cells of 64 bits/);
  });

  it("an address that 32 bits would cut is refused", () => {
    const error = (text: string): string | undefined => session(text, Number.POSITIVE_INFINITY, 64).error;
    for (const word of ["@", "c@", "2@", "f@"]) expect(error(`4294979584 ${word}`)).toMatch(/invalid memory address 4294979584/);
    expect(error("pad 4294967297 erase")).toMatch(/invalid memory address/);
    expect(error("4294967296 execute")).toMatch(/not an execution token/);
    expect(session("4294967304 allocate nip .", Number.POSITIVE_INFINITY, 64).output).toBe("-59 ");
  });
});

describe("numbers that no word expects", () => {
  const run = (text: string) => session(text, Number.POSITIVE_INFINITY, 64);
  it("are errors of the program, or have an effect: fields, locals that there are not, waiting beyond all calendars", () => {
    expect(run("1e -1 2 3 f.rdp").error).toMatch(/field of -1 characters/);
    expect(run("1e 9223372036854775807 2 3 f.rdp").error).toMatch(
      /field of 9223372036854775807 characters|field of 9223372036854776000 characters/,
    );
    expect(run("1.25e 8 -4 1 f.rdp").error).toBeUndefined();
    expect(run("f@local0 fdrop").error).toMatch(/invalid memory address/);
    expect(run("-1 ms -1 ms time&date . 2drop 2drop drop").output).toBe("255509 ");
  });
});

describe("--cell", { tags: "slow" }, () => {
  const path = join(mkdtempSync(join(tmpdir(), "bplab-forth-cells-")), "cells.fs");
  writeFileSync(path, ": t 1 cells . -1 u. ; t");
  const bplab = (...words: readonly string[]) => spawnSync(process.execPath, ["dist/src/bin.js", ...words], { encoding: "utf8" });

  it("gives a program such cells, before the file or after it, and belongs to its name in rows", () => {
    expect(bplab("run", path).stdout).toBe("4 4294967295 ");
    expect(bplab("run", "--cell=64", path).stdout).toBe("8 18446744073709551615 ");
    expect(bplab("run", path, "--cell=64").stdout).toBe("8 18446744073709551615 ");
    const { stdout } = bplab("simulate", path, "--cell=64", "--technique=switch", "--format=csv");
    expect(stdout.split("\n")[1]).toMatch(/cells\.fs --cell=64,test,switch/);
  });

  it("is refused where it is no width, for programs that have none, and by compiled interpreters", () => {
    expect(bplab("run", path, "--cell=16")).toMatchObject({ status: 2, stderr: expect.stringMatching(/expected 32 or 64.*got 16/) });
    expect(bplab("simulate", "nested-loop", "--cell=64")).toMatchObject({ status: 2, stderr: expect.stringMatching(/no option --cell/) });
    expect(bplab("validate", `${path} --cell=64`)).toMatchObject({ status: 2, stderr: expect.stringMatching(/--cell/) });
  });
});
