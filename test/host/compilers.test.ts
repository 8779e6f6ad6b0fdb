// What is read off objects, and the messages about it; compiling is for the slow test.
import { describe, expect, it } from "vitest";
import { changeIn, examineCompilers } from "../../dist/src/host/compilers/compilers.js";
import { EXAMPLES } from "../../dist/src/host/compilers/examples.js";
import { findCompilers } from "../../dist/src/host/compilers/find.js";
import { readListing } from "../../dist/src/host/compilers/object.js";

describe("a listing of machine code", () => {
  it("has indirect jumps and calls, and places in read-only data", () => {
    const text = [
      "   0:\tjmp    *0x0(,%rax,8)\n\t\t\t3: R_X86_64_32S\t.rodata",
      "   8:\tnotrack jmp *%rax",
      "   b:\tcall   *%rdx",
      "   d:\tcall   12 <handle>\n\t\t\te: R_X86_64_PLT32\thandle-0x4",
      "  12:\tcall   *0x0(%rip)        # 18 <f>\n\t\t\t14: R_X86_64_GOTPCRELX\thandle-0x4",
      "  18:\tlea    0x0(%rip),%rcx\n\t\t\t1b: R_X86_64_PC32\t.rodata+0x3c",
    ].join("\n");
    expect(readListing(text)).toEqual({ jumps: 2, calls: 1, tables: 2 });
  });
  it("may be one of aarch64, or Go's", () => {
    expect(readListing("  4:\tbr\tx9\n  8:\tblr\tx1\n  c:\tbl\t20 <f>\n")).toMatchObject({ jumps: 1, calls: 1 });
    expect(readListing("  x.go:5\t0x10\tffe0\tJMP AX\n  x.go:6\t0x12\teb10\tJMP 0x24\n  x.go:7\t0x14\tffd1\tCALL CX\n")).toMatchObject({
      jumps: 1,
      calls: 1,
    });
  });
});

describe("what a compiler did", () => {
  const own = { wanted: "own", opcodes: 12 } as const;
  const shared = { wanted: "shared", opcodes: 12 } as const;
  it.each([
    [own, 12, 0, ""],
    [own, 2, 0, "merged: 2 dispatches of 12"],
    [own, 1, 0, "merged: 1 dispatch of 12"],
    [own, 0, 12, "12 calls instead of jumps"],
    [shared, 1, 0, ""],
    [shared, 11, 0, "split: 11 dispatches"],
    [shared, 0, 0, "it compares"],
  ])("%j with %i jumps and %i calls", (source, jumps, calls, what) => {
    const said = changeIn(source, { jumps, calls });
    if (what === "") expect(said).toBe("");
    else expect(said).toContain(what);
  });
});

describe("compilers", () => {
  it("have examples in every language, each with its own id", () => {
    expect(new Set(EXAMPLES.map(({ language }) => language))).toEqual(new Set(["c", "rust", "zig", "go"]));
    expect(new Set(EXAMPLES.map(({ id }) => id)).size).toBe(EXAMPLES.length);
  });
  it("are none where there is none", () => {
    expect(findCompilers("/nowhere")).toEqual([]);
    expect(() => examineCompilers(["gcc-999"])).toThrow("gcc-999");
  });
});
