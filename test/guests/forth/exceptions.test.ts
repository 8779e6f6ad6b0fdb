import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { leaves, prints, session } from "./session.ts";

describe("CATCH and THROW", () => {
  it("take the stacks back to where CATCH stood", () => {
    expect(leaves(": t 1 2 3 4 5 >r >r 42 throw ; 9 ' t catch")).toEqual([9, 42]);
    expect(leaves(": a 1 throw ; : b ['] a catch 10 + throw ; ' b catch")).toEqual([11]);
    expect(leaves(": t 0 throw 7 ; ' t catch")).toEqual([7, 0]);
  });

  it("nest a thousand deep", () => {
    expect(leaves(": deep ?dup if 1- [ latestxt ] literal catch throw else 5 throw then ; 1000 ' deep catch nip")).toEqual([5]);
  });

  it("come through EVALUATE and back to the text after it", () => {
    expect(leaves(': t s" 1 2 5 throw 3" evaluate ; \' t catch 7')).toEqual([5, 7]);
    expect(leaves('s" nothing" \' evaluate catch nip nip')).toEqual([-13]);
  });

  it('keep the message of ABORT" for a handler that throws on', () => {
    expect(session(': t true abort" oh no" ; : u [\'] t catch throw ; u').error).toBe("test:1: oh no (u)");
  });

  it("turn machine errors into numbers of the standard", () => {
    const codes = (text: string): readonly number[] => leaves(`: t ${text} ; ' t catch >r clearstack r>`);
    expect(codes("1 0 /")).toEqual([-10]);
    expect(codes("drop")).toEqual([-4]);
    expect(codes("0 @")).toEqual([-9]);
    expect(codes("1 -1 c!")).toEqual([-9]);
    expect(codes("77777 execute")).toEqual([-9]);
    expect(codes("begin 1 again")).toEqual([-3]);
    expect(codes("recurse 1")).toEqual([-5]);
    expect(codes('s" nothing" evaluate')).toEqual([-13]);
    expect(codes("2000000000 allot")).toEqual([-8]);
    expect(codes("<# begin 1 hold again")).toEqual([-17]);
  });
});

describe("TRY", () => {
  it("comes to IFERROR with the stack of the TRY and the number", () => {
    expect(leaves(": t try 1 2 3 7 throw 0 iferror 100 + then endtry ; t")).toEqual([107]);
    expect(leaves(": t try 5 0 iferror 100 + then endtry ; t")).toEqual([5, 0]);
  });

  it("restores in both cases", () => {
    expect(prints(': t try 7 throw 0 restore ." restored " endtry . ; t : u try 0 restore ." restored " endtry . ; u')).toBe(
      "restored 7 restored 0 ",
    );
  });

  it("keeps the frame up to ENDTRY, and drops it before RECOVER", () => {
    expect(leaves(": t 0 { n } try 1 throw iferror 1 +to n n 3 < if 2 throw then then endtry n ; t")).toEqual([2, 3]);
    expect(leaves(": t try 1 throw recover 2 throw endtry ; ' t catch : u try 5 recover 2 endtry ; u")).toEqual([2, 5]);
    expect(leaves(": t try 3 throw 0 endtry-iferror 10 + then ; t")).toEqual([13]);
  });
});

describe("a return stack that a definition leaves out of balance", () => {
  it.each([
    ": t 0 >r ; t",
    ": t 1 >r ; t",
    ": t 2 >r ; t",
    ": t r> r> ; t",
    ": t 10 0 do exit loop ; t",
    ": t -5 >r ; t",
    ": t begin r> drop again ; t",
  ])("is an error (%s)", (text) => {
    expect(session(text).error).toMatch(/return stack|stack underflow/);
  });

  it("does not lead back to where an EXECUTE was", () => {
    expect(session(": t ['] noop execute 10 >r ; t", 100000).error).toMatch(/return stack/);
  });

  it("is an error where it takes or overwrites the frame of a CATCH", () => {
    expect(session(": t r> r> r> r> r> r> 3 throw ; : u ['] t catch ; u").error).toMatch(/no longer holds what CATCH left/);
    expect(
      session(": t r> r> r> r> r> r> 2drop 2drop 2drop 7 7 7 7 7 7 >r >r >r >r >r >r 3 throw ; : u ['] t catch ; u").error,
    ).toBeDefined();
  });

  it("may hold what the text interpreter puts there", () => {
    expect(leaves("1 >r 2 r>")).toEqual([2, 1]);
    expect(session("r>").error).toMatch(/return stack underflow/);
  });
});

describe("an uncaught exception", () => {
  it.each([
    ["1 +", 'test:1: stack underflow in "+", needs 2, has 1 (+)'],
    [": t drop ; t", 'test:1: stack underflow in "drop", needs 1, has 0 (t)'],
    ["foo", "test:1: undefined word (foo)"],
    [": t if ;", "test:1: IF without its end (;)"],
    [": t begin then ;", "test:1: control structure mismatch (then)"],
    [": t 1 2", "test:1: unfinished definition at the end (t)"],
    ["if", "test:1: interpreting a compile-only word (if)"],
    [": t ; compile-only t", "test:1: interpreting a compile-only word (t)"],
    ["12345 throw", "test:1: exception 12345 (throw)"],
    ['s" my error" exception throw', "test:1: my error (throw)"],
    ["defer d d", "test:1: deferred word has no action yet (d)"],
    ["defer d ' d is d d", "test:1: a chain of 1000 deferred words: does one defer to itself? (d)"],
    ["5 to bl", "test:1: bl is not a value (to)"],
    ["create", "test:1: a name is missing at the end of the line (create)"],
    ["include nowhere.fs", "test:1: no such file: nowhere.fs (include)"],
    ["99 base ! 5 .", "test:1: BASE is 99, must be 2 to 36 (.)"],
    [": t assert( 1 2 = ) ; t", "test:1: assertion failed (t)"],
    ['s\\" two\\nlines" exception throw', "test:1: two lines (throw)"],
  ])("of %s reads %s", (text, error) => {
    expect(session(text).error).toBe(error);
  });

  it("is the same however often a text evaluates itself", () => {
    const first = session(': t s" t" evaluate ; t').error;
    expect(first).toMatch(/160 nested files and strings/);
    expect(session(': t s" t" evaluate ; t').error).toBe(first);
  });
});

describe("words with absurd counts", () => {
  it.each([
    "pad 2000000000 0 fill",
    "pad -1 0 fill",
    "pad here -1 move",
    "1 2 3 2000000000 roll",
    "1 2 3 -1 roll",
    "1 2 3 2000000000 pick",
    "-1 allocate throw",
    "2000000000 block",
    "2000000000 2000000000 thru",
    "5 2000000000 .r",
    "1 2 2000000000 n>r",
    ": t nr> ; t",
    "2000000000 set-order",
    "12345 free throw",
    ": t begin 100000 allocate throw drop again ; t",
    ": t begin also again ; t",
  ])("fail at once (%s)", (text) => {
    expect(session(text, 1_000_000).error).toBeDefined();
  });
});

describe("bplab run", () => {
  const bin = fileURLToPath(new URL("../../../dist/src/bin.js", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "bplab-forth-"));
  const file = (name: string, text: string | Buffer): string => {
    writeFileSync(join(folder, name), text);
    return name;
  };
  const run = (...words: string[]): { code: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "run", ...words], { cwd: folder, encoding: "utf8", input: "" });
    return { code: status, out: stdout, err: stderr.replace(/^bplab: /, "") };
  };

  it("names the innermost file and line, and exits with 1", () => {
    file("inner.fs", "\n\n: t 0 / ;\n1 t\n");
    file("outer.fs", "1 .\ninclude inner.fs\n");
    expect(run("outer.fs")).toEqual({ code: 1, out: "1 ", err: "inner.fs:4: division by zero (t)\n" });
  });

  it("says where a file ends in the middle of a definition", () => {
    expect(run(file("open.fs", ": t 1 if\n2\n"))).toEqual({ code: 1, out: "", err: "open.fs:2: unfinished definition at the end (t)\n" });
  });

  it("stops a file that includes itself", () => {
    const { code, err } = run(file("self.fs", "include self.fs\n"));
    expect(code).toBe(1);
    expect(err).toMatch(/^self\.fs:1: 160 nested files.*\n$/);
  });

  it("reads CRLF, a last line without an end, very long lines and bytes that are no text", () => {
    expect(run(file("crlf.fs", "1 .\r\n2 .\r\n: t\r\n3 . ;\r\nt"))).toEqual({ code: 0, out: "1 2 3 ", err: "" });
    expect(run(file("long.fs", `${"1 drop ".repeat(30000)}${"x".repeat(100000)}`)).err).toMatch(
      /^long\.fs:1: undefined word \(x{80}…\)\n$/,
    );
    const { code, err } = run(file("junk.fs", Buffer.from([0xff, 0xfe, 0x80, 0x1b, 0x81, 0x0a])));
    expect([code, err.split("\n").length]).toEqual([1, 2]);
  });

  it("bounds runs of text that repeats itself without running an instruction", () => {
    const { code, err } = run(file("again.fs", "0 >in !\n"), "--max-instructions=10000");
    expect([code, err]).toEqual([
      1,
      "again.fs:1: stopped after 10000 virtual instructions (raise --max-instructions to let it run longer)\n",
    ]);
  });

  it("ends programs that ask for input for ever", () => {
    expect(run(file("ask.fs", ": t begin pad 80 accept drop again ; t\n")).err).toBe("ask.fs:1: unexpected end of input in ACCEPT (t)\n");
  });

  it("evaluates the words after the file", () => {
    expect(run(file("words.fs", ": sq dup * ;\n"), "7 sq .", "-3", "sq", ".").out).toBe("49 9 ");
    expect(run("words.fs", "1", "0", "/").err).toBe("command line:1: division by zero (/)\n");
    expect(run("words.fs", "3 (bye)").code).toBe(3);
  });
});
