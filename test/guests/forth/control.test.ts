import { describe, expect, it } from "vitest";
import { leaves, prints, session } from "./session.ts";

describe("counted loops", () => {
  const loop = (start: string, end: string, body = "i ."): string => prints(`: t ${start} ${body} ${end} ; t`);

  it("run from the start up to the limit", () => {
    expect(loop("3 0 do", "loop")).toBe("0 1 2 ");
    expect(loop("3 3 ?do", "loop")).toBe("");
    expect(loop("1 0 do 2 0 do", "loop loop", "i . j .")).toBe("0 0 1 0 ");
  });

  it("end where +LOOP crosses the border below the limit, upwards and downwards", () => {
    expect(loop("10 0 do", "3 +loop")).toBe("0 3 6 9 ");
    expect(loop("0 10 do", "-3 +loop")).toBe("10 7 4 1 ");
    expect(loop("0 9 do", "-3 +loop")).toBe("9 6 3 0 ");
    expect(loop("0 0 do", "-1 +loop")).toBe("0 ");
    expect(loop("5 0 do", "5 +loop")).toBe("0 ");
    expect(loop("-5 -1 do", "-2 +loop")).toBe("-1 -3 -5 ");
  });

  it("wrap around the largest numbers", () => {
    expect(prints(": t 0 $80000002 $7ffffffe do 1+ loop . ; t")).toBe("4 ");
    expect(prints(": t 0 $7ffffffe $80000001 do 1+ -1 +loop . ; t")).toBe("4 ");
    expect(prints(": t 0 10 0 do 1+ $7fffffff +loop . ; t")).toBe("1 ");
  });

  it("go down and stop as Gforth's -DO, S+LOOP and FOR do", () => {
    expect(loop("0 5 -do", "1 -loop")).toBe("5 4 3 2 1 ");
    expect(loop("5 0 -do", "1 -loop")).toBe("");
    expect(loop("0 5 +do", "loop")).toBe("");
    expect(loop("3 for", "next")).toBe("3 2 1 0 ");
    expect(loop("0 10 do", "-3 s+loop")).toBe("10 7 4 1 ");
    expect(loop("0 9 do", "-3 s+loop")).toBe("9 6 3 ");
  });

  it("are left early by LEAVE, and by EXIT after UNLOOP", () => {
    expect(loop("9 0 do", "loop 7 .", "i . i 2 = if leave then")).toBe("0 1 2 7 ");
    expect(loop("9 0 do", "loop 7 .", "i . i 2 = if unloop exit then")).toBe("0 1 2 ");
    expect(session(": t 9 0 do exit loop ; t").error).toMatch(/return stack/);
  });
});

describe("other control structures", () => {
  it("choose among cases", () => {
    const text = ": t case 1 of 10 endof 2 of 20 endof 30 swap endcase ;";
    expect(leaves(`${text} 1 t 2 t 3 t`)).toEqual([10, 20, 30]);
    expect(leaves(": t case dup 5 > ?of drop 1 endof 0 swap endcase ; 9 t 2 t")).toEqual([1, 0]);
  });

  it("mix by hand with CS-PICK and CS-ROLL", () => {
    expect(leaves(": t begin dup 3 < while 1+ dup 2 = until 100 else 200 then ; 0 t")).toEqual([2, 100]);
    expect(leaves(": t begin dup 3 < while 1+ dup 2 = until 100 else 200 then ; 5 t")).toEqual([5, 200]);
    expect(leaves(": t ahead 1 then 2 ; t")).toEqual([2]);
  });

  it("recurse, by RECURSE and by name", () => {
    expect(leaves(": fac dup 1 > if dup 1- recurse * then ; 6 fac : g recursive dup if 1- g then ; 5 g")).toEqual([720, 0]);
  });

  it("may be quotations", () => {
    expect(leaves(": t [: dup * ;] ; 7 t execute 3 [: 1+ ;] execute")).toEqual([49, 4]);
    expect(leaves(": t { a } a [: { b } b 1+ ;] execute a + ; 5 t")).toEqual([11]);
  });

  it("may stand around a definition made between [ and ]", () => {
    expect(leaves(": t 1 [ :noname 2 ; ] literal execute [ variable v ] 3 ; t")).toEqual([1, 2, 3]);
  });
});

describe("defining words", () => {
  it("keep their DOES> parts apart", () => {
    expect(leaves(": k create , does> @ ; 5 k a 6 k b a b : c create does> drop 7 ; c d d")).toEqual([5, 6, 7]);
    expect(leaves(": w create 1 , does> @ does> @ 1+ ; w x x x")).toEqual([1, 2]);
  });

  it("take names from NEXTNAME and none from NONAME", () => {
    expect(leaves('s" foo" nextname create 7 , foo @ noname create 8 , latestxt execute @ noname 9 constant latestxt execute')).toEqual([
      7, 8, 9,
    ]);
  });

  it("change values and deferred words, at once and when compiled", () => {
    expect(leaves("1 value v 2 to v v : t 3 to v ; t v 4 +to v v 1. 2value d 5. to d d")).toEqual([2, 3, 7, 5, 0]);
    expect(leaves(": a 1 ; : b 2 ; defer x ' a is x x : t ['] b is x ; t x : c 9 ; ' c is x action-of x execute")).toEqual([1, 2, 9]);
    expect(leaves("defer x : a 1 ; ' a is x : b defers x 2 ; ' b is x x")).toEqual([1, 2]);
  });

  it("compile what other words will compile", () => {
    expect(leaves(": sq postpone dup postpone * ; immediate : t sq ; 5 t")).toEqual([25]);
    expect(leaves(": t ]] 5 dup + [[ ; immediate : u t ; u : v [ 2 3 + ]l ; v : w [ 1. ] 2literal ; w")).toEqual([10, 5, 1, 0]);
    expect(leaves(": if, postpone if ; immediate : t if, 1 else 2 then ; 0 t comp' dup drop ' dup =")).toEqual([2, -1]);
  });

  it("go back to where a MARKER or FORGET says", () => {
    expect(leaves("here : a 1 ; marker m : a 2 ; variable v m a swap here = drop")).toEqual([1]);
    expect(session("marker m m m").error).toMatch(/undefined word \(m\)/);
    expect(leaves(": a 1 ; : b 2 ; : a 3 ; forget b a")).toEqual([1]);
    expect(session("forget dup").error).toMatch(/invalid FORGET/);
  });
});

describe("local variables", () => {
  it("take their values in the order of their names", () => {
    expect(leaves(": t { a b c -- d } a b c ; 1 2 3 t : u {: a | b -- :} b 5 to b a b ; 4 u : v locals| a b | a b ; 1 2 v")).toEqual([
      1, 2, 3, 0, 4, 5, 2, 1,
    ]);
  });

  it("count with TO and +TO, hold doubles, give addresses", () => {
    expect(leaves(": t { a d: b w^ c } 9 +to a a b c @ 5. to b b ; 1 2. 3 t")).toEqual([10, 2, 0, 3, 5, 0]);
  });

  it("are freed on every way out of a scope", () => {
    const outer = (body: string): readonly number[] => leaves(`: inner ${body} ; : t 77 { z } inner z ; t`);
    expect(outer("0 begin dup { x } 1+ x 3 < while repeat drop")).toEqual([77]);
    expect(outer("5 0 do i { k } k 2 = if leave then loop")).toEqual([77]);
    expect(outer("3 begin { x } x 1- x 0= until drop")).toEqual([77]);
    expect(outer("1 if 2 { b } b drop else 3 { c } c drop then")).toEqual([77]);
    expect(outer("1 { a } 2 { b } a b 2drop exit")).toEqual([77]);
  });

  it("come back after an exception", () => {
    expect(leaves(": boom { a b } 5 throw ; : t { z } 1 2 ['] boom catch nip nip z ; 9 t")).toEqual([5, 9]);
  });

  it("are as many as a program declares", () => {
    const names = Array.from({ length: 20 }, (_, i) => `x${i}`);
    const values = names.map((_, i) => i);
    expect(leaves(`: t { ${names.join(" ")} } ${[...names].reverse().join(" ")} ; ${values.join(" ")} t`)).toEqual([...values].reverse());
  });
});
