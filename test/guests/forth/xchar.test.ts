import { describe, expect, it } from "vitest";
import { leaves, prints, session } from "./session.ts";

// a file's bytes are UTF-8, one a character in the texts that Forth sees
const bytes = (text: string): string => Buffer.from(text).toString("latin1");

describe("characters beyond ASCII", () => {
  it("are characters to CHAR, to quoted literals and to XC@+", () => {
    expect(leaves(bytes("char é char ∞ 'é' s\" é\" drop xc@+ nip : t [char] 😀 ; t"))).toEqual([233, 8734, 233, 233, 128512]);
  });

  it("are stored, measured and stepped over", () => {
    expect(leaves("$7f xc-size $80 xc-size $7ff xc-size $800 xc-size $ffff xc-size $10000 xc-size")).toEqual([1, 2, 2, 3, 3, 4]);
    expect(
      leaves(
        bytes('s" aé∞" +x/string +x/string nip s" aé∞" x\\string- nip s" é" x-size s" é" over + xchar- - s" é" drop dup xchar+ swap -'),
      ),
    ).toEqual([3, 3, 2, 0, 2]);
    expect(leaves("8734 pad xc!+ pad - pad xc@+ nip here 233 xc, here swap -")).toEqual([3, 8734, 2]);
    // too little room: nothing is stored, and what was given is left
    expect(leaves("233 pad 1 xc!+? rot pad - 233 pad 2 xc!+? rot pad -")).toEqual([1, 0, 0, 0, -1, 2]);
  });

  it("take columns of a terminal", () => {
    expect(leaves(bytes('s" aé漢" x-width 233 xc-width $6f22 xc-width $301 xc-width'))).toEqual([4, 1, 2, 0]);
  });

  it("are shown by XEMIT and XHOLD", () => {
    expect(prints("$e9 xemit 8734 xemit 0 <# 8734 xhold 65 hold 0 #> type")).toBe("é∞A∞");
  });

  it("lose a garbled end, and are refused in the middle", () => {
    expect(leaves(bytes('s" aé" 1- -trailing-garbage nip s" aé" -trailing-garbage nip'))).toEqual([1, 3]);
    expect(session("$80 pad c! pad xc@+").error).toMatch(/malformed character/);
    expect(session("$110000 xemit").error).toMatch(/beyond Unicode/);
  });

  it("are answered for by ENVIRONMENT?", () => {
    expect(
      prints('s" xchar-encoding" environment? . type space s" max-xchar" environment? . hex . s" xchar-maxmem" environment? . .'),
    ).toBe("-1 UTF-8 -1 10FFFF -1 4 ");
  });
});
