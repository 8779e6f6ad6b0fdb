import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { session } from "./session.ts";

/** The instructions that a text's colon definitions executed, as one line. */
const ran = (text: string): string => session(text).trace.join(" ");

describe("the trace of a Forth program", () => {
  it("has the instructions of a straight definition, and its return", () => {
    expect(ran(": a 1 2 + drop ; a")).toBe("lit lit + drop ;s");
  });

  it("has nothing of what the text interpreter executes itself", () => {
    expect(ran("1 2 + drop 5 constant c c drop variable v 3 v ! v @ drop : a 1 drop ; ' + drop 3 4 ' + execute drop")).toBe("");
    expect(ran("' noop catch drop 1 >r r> drop 2 ?dup 2drop : a ; defer d ' noop is d d")).toBe("");
    expect(ran("7 ' throw catch drop hex decimal")).toBe("lit lit ! ;s lit lit ! ;s");
  });

  it("takes one way through IF and ELSE", () => {
    const text = ": a if 1 else 2 then drop ;";
    expect(ran(`${text} true a`)).toBe("?branch lit branch drop ;s");
    expect(ran(`${text} false a`)).toBe("?branch lit drop ;s");
  });

  it("has the body of a loop as often as it runs", () => {
    expect(ran(": a 2 0 do i drop loop ; a")).toBe("lit lit (do) i drop (loop) i drop (loop) unloop ;s");
    expect(ran(": a 0 0 ?do i drop loop ; a")).toBe("lit lit (?do) unloop ;s");
    expect(ran(": a 2 begin 1- dup while repeat drop ; a")).toBe("lit 1- dup ?branch branch 1- dup ?branch drop ;s");
    expect(ran(": a 9 0 do i 1 = if leave then loop ; a")).toBe("lit lit (do) i lit = ?branch (loop) i lit = ?branch branch unloop ;s");
  });

  it("goes into called definitions and comes back", () => {
    expect(ran(": a 1 ; : b a drop a drop ; b")).toBe("call lit ;s drop call lit ;s drop ;s");
    expect(ran(": down dup if 1- recurse then ; 1 down drop")).toBe("dup ?branch 1- call dup ?branch ;s ;s");
  });

  it("shows EXECUTE of a primitive, of a definition and of data words", () => {
    expect(ran(": a 5 ['] negate execute drop ; a")).toBe("lit lit execute negate drop ;s");
    expect(ran(": b 1 ; : a ['] b execute drop ; a")).toBe("lit execute (docol) lit ;s drop ;s");
    expect(ran("5 constant k : a ['] k execute drop ; a")).toBe("lit execute (docon) drop ;s");
    expect(ran("variable v : a ['] v execute drop ; a")).toBe("lit execute (dovar) drop ;s");
    expect(ran("5 value k : a ['] k execute drop ; a")).toBe("lit execute (doval) drop ;s");
  });

  it("shows constants and variables as literals, values as a fetch", () => {
    expect(ran("5 constant k variable v 6 value x : a k v x drop drop drop ; a")).toBe("lit lit lit@ drop drop drop ;s");
  });

  it("goes through words made with DOES>", () => {
    expect(ran(": field create , does> @ ; 7 field seven : a seven drop ; a").split(" ").slice(-5).join(" ")).toBe(
      "does-exec @ ;s drop ;s",
    );
    expect(ran(": field create , does> @ ; 7 field seven")).toBe("create , lit (does>) ;s");
    expect(ran("create b 1 , does> @ ; : a ['] b execute drop ; a")).toBe("lit execute (dodoes) @ ;s drop ;s");
  });

  it("goes through deferred words", () => {
    expect(ran("defer d : b 1 ; ' b is d : a d drop ; a")).toBe("lit-perform (docol) lit ;s drop ;s");
    expect(ran("defer d ' dup is d : a 1 d 2drop ; a")).toBe("lit lit-perform dup 2drop ;s");
    expect(ran("defer d ' dup is d : a 1 ['] d execute 2drop ; a")).toBe("lit lit execute (dodefer) dup 2drop ;s");
  });

  it("cuts the block in which an exception happens", () => {
    expect(ran(": b 1 0 / drop drop ; : a ['] b catch drop ; a")).toBe("lit catch (docol) lit lit / drop ;s");
    expect(ran(": b 1 throw ; : a ['] b catch drop ; a")).toBe("lit catch (docol) lit throw drop ;s");
    expect(ran(": b 1 drop ; : a ['] b catch drop ; a")).toBe("lit catch (docol) lit drop ;s (catch-end) drop ;s");
  });

  it("cuts a block where the stack underflows, the instruction that found it empty included", () => {
    expect(ran(": b 1 + + drop drop ; : a ['] b catch drop ; a")).toBe("lit catch (docol) lit + drop ;s");
    expect(session(": b 1 + + drop drop ; 5 b").trace.join(" ")).toBe("lit + +");
  });

  it("cuts no block that was left before, when the stack overflows at the start of the next", () => {
    const { trace, blocks, error } = session(": a begin 1 again ; a");
    expect(error).toMatch(/stack overflow/);
    expect(trace.length).toBe(2 * blocks.length);
  });

  it("has what EVALUATE runs between the instructions around it", () => {
    expect(ran(': b 1 drop ; : a s" b 7 drop" evaluate 2 drop ; a')).toBe("lit lit evaluate lit drop ;s lit drop ;s");
    expect(ran(': b 0 0 / ; : c s" b" evaluate 5 ; : a [\'] c catch drop ; a')).toBe(
      "lit catch (docol) lit lit evaluate lit lit / drop ;s",
    );
  });

  it("has words that are compiled while the program runs", () => {
    expect(ran(': a s" : b 1 drop ;" evaluate ; a b')).toBe("lit lit evaluate ;s lit drop ;s");
    expect(ran(": a ]] 1 drop [[ ; immediate : b a ; b").split(" ").slice(-3).join(" ")).toBe("lit drop ;s");
  });

  it("has nested runs in the order in which they happen", () => {
    expect(ran(": w 2drop true ; wordlist constant l : a l set-current ; a")).toBe("lit set-current ;s");
    expect(ran(": out 2drop ; ' out is type : a 5 0 .r 1 drop ; a")).toBe("lit lit .r 2drop ;s lit drop ;s");
  });

  it("counts every block once, over many buffers", () => {
    const { trace } = session(": a 100000 0 do loop ; a");
    expect(trace.length).toBe(3 + 100000 + 2);
  });

  it("keeps within a few blocks of the limit", () => {
    const { halted, trace } = session(": a begin again ; a", 1000);
    expect(halted).toBe("limit");
    expect(trace.length).toBeGreaterThanOrEqual(900);
    expect(trace.length).toBeLessThan(1100);
  });
});

/** A tiny language: what it looks like in Forth, and what running it executes. */
type Statement =
  | { readonly kind: "push"; readonly n: number }
  | { readonly kind: "call"; readonly word: number }
  | { readonly kind: "execute"; readonly word: number }
  | { readonly kind: "if"; readonly flag: boolean; readonly yes: Statement[]; readonly no: Statement[] }
  | { readonly kind: "loop"; readonly times: number; readonly body: Statement[] }
  | { readonly kind: "catch"; readonly word: number; readonly code: number };

const source = (body: readonly Statement[]): string =>
  body
    .map((s) => {
      if (s.kind === "push") return `${s.n} drop`;
      if (s.kind === "call") return `w${s.word}`;
      if (s.kind === "execute") return `['] w${s.word} execute`;
      if (s.kind === "if") return `${s.flag ? -1 : 0} if ${source(s.yes)} else ${source(s.no)} then`;
      if (s.kind === "loop") return `${s.times} 0 ?do ${source(s.body)} loop`;
      return `${s.code} ['] t${s.word} catch drop drop`;
    })
    .join(" ");

/** What each statement executes; t0, t1, … call w0, w1, … and then throw what is on the stack. */
function model(words: readonly (readonly Statement[])[], body: readonly Statement[], trace: string[]): void {
  const call = (word: number): void => {
    model(words, words[word], trace);
    trace.push(";s");
  };
  for (const s of body) {
    if (s.kind === "push") trace.push("lit", "drop");
    else if (s.kind === "call") {
      trace.push("call");
      call(s.word);
    } else if (s.kind === "execute") {
      trace.push("lit", "execute", "(docol)");
      call(s.word);
    } else if (s.kind === "if") {
      trace.push("lit", "?branch");
      model(words, s.flag ? s.yes : s.no, trace);
      if (s.flag) trace.push("branch");
    } else if (s.kind === "loop") {
      trace.push("lit", "lit", "(?do)");
      for (let i = 0; i < s.times; i++) {
        model(words, s.body, trace);
        trace.push("(loop)");
      }
      trace.push("unloop");
    } else {
      trace.push("lit", "lit", "catch", "(docol)", "call");
      call(s.word);
      trace.push("dup", "throw");
      if (s.code === 0) trace.push(";s", "(catch-end)");
      trace.push("drop", "drop");
    }
  }
}

const statements = (words: number): fc.Arbitrary<Statement[]> =>
  fc.letrec<{ body: Statement[]; statement: Statement }>((tie) => ({
    body: fc.array(tie("statement"), { maxLength: 4, depthIdentifier: "body" }),
    statement: fc.oneof(
      { depthSize: "small", depthIdentifier: "body" },
      fc.record({ kind: fc.constant("push" as const), n: fc.nat(9) }),
      ...(words === 0
        ? []
        : [
            fc.record({ kind: fc.constant("call" as const), word: fc.nat(words - 1) }),
            fc.record({ kind: fc.constant("execute" as const), word: fc.nat(words - 1) }),
            fc.record({ kind: fc.constant("catch" as const), word: fc.nat(words - 1), code: fc.constantFrom(0, 7) }),
          ]),
      fc.record({ kind: fc.constant("if" as const), flag: fc.boolean(), yes: tie("body"), no: tie("body") }),
      fc.record({ kind: fc.constant("loop" as const), times: fc.nat(3), body: tie("body") }),
    ),
  })).body;

describe("the trace of random programs", () => {
  it("is what an independent model of threaded code executes", { tags: "slow" }, () => {
    const program = fc.tuple(statements(0), statements(1), statements(2), statements(3));
    fc.assert(
      fc.property(program, (words) => {
        const definitions = words.map((body, i) => `: w${i} ${source(body)} ; : t${i} w${i} dup throw ;`).join("\n");
        const expected: string[] = [];
        model(words, words[3], expected);
        expected.push(";s");
        expect(session(`${definitions} w3`).trace).toEqual(expected);
      }),
      { seed: 20260729, numRuns: 60 },
    );
  });
});
