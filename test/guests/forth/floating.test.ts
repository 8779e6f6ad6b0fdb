import { describe, expect, it } from "vitest";
import { createCapturingConsole } from "../../../dist/src/guests/forth/console.js";
import { createForth } from "../../../dist/src/guests/forth/system.js";
import { calculator, prints, session } from "./session.ts";

const one = calculator();

describe("floating-point numbers", () => {
  // what Gforth 0.7.3 prints
  it.each([
    ["0e f. -0e f. 1.5e f. 1e20 f. 1e-5 f. 123456789012345678e f.", "0. -0. 1.5 100000000000000000000. 0.00001 123456789012346000. "],
    ["3e fs. 0e fs. -33300e fs. 6.6667e-2 fs.", "3.00000000000000E0 0.00000000000000E0 -3.33000000000000E4 6.66670000000000E-2 "],
    ["0e fe. 12345e fe. 1e5 fe. 1e-7 fe.", "0.00000000000000E0 12.3450000000000E3 100.000000000000E3 100.000000000000E-9 "],
    ["5 set-precision pi f. pi fe. pi fs. 100000e f. precision .", "3.1416 3.1416E0 3.1416E0 100000. 5 "],
    ["1e 2e -0.5e f.s", "<3> 1.000000000000E0 2.000000000000E0 -5.0000000000E-1 "],
    ["1.5e 10 3 3 f.rdp 1e9 8 2 4 f.rdp 1e9 3 2 4 f.rdp 2.5e 6 0 1 f.rdp", "     1.5001.0000E91E9    2."],
    ["12345.678e 9 2 3 f.rdp 0.05e 6 1 1 f.rdp 0.96e 4 1 1 f.rdp 0e 5 2 1 f.rdp 1e99 3 0 1 f.rdp", " 12345.685.0E-2 1.0 0.00***"],
    ["2e 0.5e f** f. 1e fexp f. 10e flog f. 2e falog f. 0e fcos f.", "1.4142135623731 2.71828182845905 1. 100. 1. "],
    ["1.5e fround f. 2.5e fround f. -1.5e floor f. -0.5e fround f. -1.5e ftrunc f.", "2. 2. -2. -0. -1. "],
    ["7e 2e fmod f. 3e f2* f. 3e f2/ f. 4e 1/f f. 1e 2e fmax f. 1e 2e fmin f.", "1. 6. 1.5 0.25 2. 1. "],
  ])("are computed and shown as in Gforth: %s", (text, output) => {
    expect(prints(text)).toBe(output);
  });

  it("are read with an E alone, and by >FLOAT with less", () => {
    expect(one("1e 1.e+2 -1.5E-1 .5e0 fdepth f* f* f* f>s")).toEqual([4, -7]);
    for (const text of ["1.5", "1+3", "1e", "1.5d2", "-.5", "   ", ""]) expect(one(`clearstacks s" ${text}" >float`)).toEqual([-1]);
    for (const text of ["1 ", " 1", "e", ".", ".e", "0x10", "inf", "1e1.5", "1-"]) expect(one(`s" ${text}" >float`)).toEqual([0]);
    expect(session("1.5e1e").error).toMatch(/undefined word/);
  });

  it("leave their digits by REPRESENT, the even one of two that are as near", () => {
    expect(prints("2.5e pad 1 represent . . . pad 1 type  99999.6e pad 5 represent . . . pad 5 type")).toBe("-1 0 1 2-1 0 6 10000");
    expect(prints("-1e 0e f/ pad 6 represent . . . pad 6 type")).toBe("0 0 0 -inf  ");
  });

  it("compare by F~ in its three ways", () => {
    expect(one("1e 1.05e 0.1e f~ 1e 1.2e 0.1e f~ 0e -0e 0e f~ 1e 1e 0e f~ 100e 101e -0.01e f~ 100e 110e -0.01e f~")).toEqual([
      -1, 0, 0, -1, -1, 0,
    ]);
    expect(one("0e 0e f/ fdup fnegate 0e f~ 0e 0e f/ fdup 0e f~")).toEqual([0, -1]);
  });

  it("lie in memory, alone and in structures", () => {
    expect(one("falign here 1.5e f, f@ f>s  here 2.5e dup sf! sf@ f>s")).toEqual([1, 2]);
    expect(one("begin-structure s cfield: s.c ffield: s.f sffield: s.s end-structure s 0 s.f 0 s.s")).toEqual([20, 8, 16]);
    expect(one("3e fconstant three fvariable v three v f! v f@ f>s 4e fvalue w w 5e to w w f>s f>s : t 6e to w w f>s ; t")).toEqual([
      3, 5, 4, 6,
    ]);
  });

  it("are locals", () => {
    expect(prints(": t { F: a b F: c } a c f- f. b . 9e to c c f. ; 1e 7 5e t")).toBe("-4. 7 9. ");
    expect(prints(": t {: a F: b | c F: d :} c . d f. b f. a . ; 3 2e t")).toBe("0 0. 2. 3 ");
  });

  it("come and go with exceptions", () => {
    expect(one("clearstacks 1e : t 2e 3e 5 throw ; ' t catch fdepth : u ['] t catch fdepth ; u fdrop")).toEqual([5, 1, 5, 1]);
    expect(session("f+").error).toMatch(/floating-point stack underflow/);
    expect(session(": t begin 1e again ; t").error).toMatch(/floating-point stack overflow/);
    expect(session(": t 0e drop ; t").error).toMatch(/stack underflow/);
  });

  it("are virtual instructions with the bodies that Gforth's have", () => {
    expect(session(": t 1e 2e f+ f>s drop ; t").trace.join(" ")).toBe("lit f@ lit f@ f+ f>s drop ;s");
    const forth = createForth(createCapturingConsole());
    forth.optional.provide("f+");
    expect(forth.machine.opcodes.find(({ name }) => name === "f+")).toMatchObject({ bodyBytes: 31, nativeInstructions: 6, helperCalls: 0 });
  });

  it("add nothing to a program that does not use them", () => {
    const forth = createForth(createCapturingConsole());
    const before = forth.machine.opcodes.length;
    forth.optional.provideFor(": t ( 1e pi ) 5 ; \\ f+ fdup\n( floor ) t");
    expect(forth.machine.opcodes.length).toBe(before);
    forth.optional.provideFor(": t 1e ;");
    expect(forth.machine.opcodes.length).toBeGreaterThan(before);
  });

  it("are there wherever a program first names them", () => {
    expect(prints(': t s" 1.5e f." evaluate ; t')).toBe("1.5 ");
    expect(
      prints('8 base ! create a 1 , s" 2e f>s" evaluate , 3 , a @ . a cell+ @ . a 2 cells + @ . : u s" pi f." evaluate ; u base @ .'),
    ).toBe("1 2 3 3.14159265358979 10 ");
    expect(prints('vocabulary v v definitions s" f+" find-name 0<> . forth definitions')).toBe("-1 ");
  });
});
