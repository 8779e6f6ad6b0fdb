import { describe, expect, it } from "vitest";
import { leaves, prints, session } from "./session.ts";

const WAIT = ": wait ( u -- ) utime drop begin 2dup utime drop swap - u< until 2drop ;";

describe("the clock of a Forth program", () => {
  it("lets a program that waits for it go on", () => {
    expect(prints(`${WAIT} .( before ) 100 wait .( after)`)).toBe("before after");
  });

  it("moves by what a loop executes", () => {
    const loop = ": t ( n -- u ) utime drop swap 0 ?do loop utime drop swap - ;";
    const [short, long] = leaves(`${loop} 100 t 1100 t`);
    expect(long - short).toBe(1000);
  });

  it("moves alike whether a run has a limit or not", () => {
    const text = `${WAIT} 100000 wait utime d. cputime 2drop d. time&date . . . . . .`;
    expect(session(text, 10_000_000).output).toBe(session(text).output);
  });

  it("moves by what MS waits, which is no work", () => {
    expect(prints(": t utime cputime 2drop d- 2>r 1500 ms utime cputime 2drop d- 2r> d- d. ; t")).toBe("1500000 ");
    expect(prints("90061000 ms time&date . . . . . .")).toMatch(/^2000 1 2 1 1 1 $/);
  });
});
