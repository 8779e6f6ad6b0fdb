import { describe, expect, it } from "vitest";
import { leaves, prints, session } from "./session.ts";

// what Gforth 0.7.3 prints for these texts
describe("Gforth's libraries", () => {
  it("have strings that grow", () => {
    expect(
      prints(`require string.fs variable s s" one" s $! s"  two" s $+! s $@ type s $@len . s 3 1 $del s $@ type
      s" XY" s 2 $ins s $@ type`),
    ).toBe("one two7 onetwoonXYetwo");
    expect(
      prints(`require string.fs variable s : pr type ." ;" ; s" a,bc,,d" s $! s ',' ' pr $iter
      s" abc:def" ':' $split type space type s $off s @ .`),
    ).toBe("a;bc;;d;def abc0 ");
    expect(prints(`require string.fs variable e s" abc" e $! e $@ e $+! e $@ type variable n n $@ . drop 2 n $!len n $@len .`)).toBe(
      "abcabc0 2 ",
    );
    expect(prints(`require string.fs s" hello" pad swap move pad 5 2 delete pad 5 type ." |" s" ab" pad 5 insert pad 5 type`)).toBe(
      "llo  |abllo",
    );
  });

  it("have mini-oof's classes, which inherit", () => {
    expect(
      prints(`require mini-oof.fs object class cell var x method show method grow end-class a
        :noname x @ . ; a defines show :noname 1 swap x +! ; a defines grow
        a class cell var y end-class b :noname dup [ a :: show ] y @ . ; b defines show
        a new constant p 5 p x ! p grow p show b new constant q 7 q x ! 8 q y ! q grow q show`),
    ).toBe("6 8 8 ");
  });

  it("have the object model of objects.fs", () => {
    const point = `require objects.fs object class cell% inst-var x inst-value y
      m: ( a b ) [to-inst] y x ! ;m overrides construct m: x ? y . ;m overrides print selector area m: x @ 2* ;m method double end-class point`;
    expect(prints(`${point} 1 2 point heap-new constant p p print p double . p bind point print : t p [bind] point print ; t`)).toBe(
      "1 2 2 1 2 1 2 ",
    );
    expect(
      prints(`${point} point class protected cell% inst-var z public m: z ! this [parent] construct ;m overrides construct
        m: this [parent] print z ? ;m overrides print m: x @ y * z @ * ;m overrides area m: this [current] area . ;m method show end-class point3
        3 4 5 point3 dict-new constant q q print q area . q show q double . order`),
    ).toBe("3 4 5 60 60 6 Forth Forth     Forth ");
    expect(session(`${point} 1 2 point dict-new area`).error).toMatch(/no method defined/);
  });

  it("have interfaces, which classes inherit and change", () => {
    expect(
      prints(`require objects.fs interface selector fly selector land end-interface flyer
        object class flyer implementation m: ." flies " ;m overrides fly end-class bird
        bird class m: ." lands " ;m overrides land end-class eagle bird dict-new dup fly ' land catch . drop eagle dict-new dup fly land`),
    ).toBe("flies -2 flies lands ");
    expect(session("require objects.fs interface selector fly end-interface f object dict-new fly").error).toMatch(/does not implement/);
  });

  it("have Gforth's sequence of pseudo-random numbers, for cells of 32 bits", () => {
    // seed × 0x10450405 + 1, modulo 2^32: what Gforth computes where its cells have 32 bits
    const numbers: number[] = [];
    for (let i = 0, seed = 1n; i < 5; i++) {
      seed = BigInt.asUintN(32, seed * 0x10450405n + 1n);
      numbers.push(Number((seed * 100n) >> 32n));
    }
    expect(leaves("require random.fs 1 seed ! : t 5 0 do 100 random loop ; t")).toEqual(numbers);
  });
});

describe("words that look into the system", () => {
  it("show the stacks as memory, and move them", () => {
    expect(leaves("1 2 sp@ @ 5 6 7 sp@ cell+ @")).toEqual([1, 2, 2, 5, 6, 7, 6]);
    expect(leaves(": t 1 2 3 sp@ 4 5 rot sp! ; t")).toEqual([1, 2, 3]);
    expect(leaves(": t 7 >r 8 >r rp@ cell+ @ rp@ 9 >r rp! r> r> ; t : u { a b } lp@ @ lp@ cell+ @ ; 3 4 u")).toEqual([7, 8, 7, 3, 4]);
    expect(leaves("9 sp@ 5 swap ! ").length).toBe(1);
    const moves = ": f>r r> rp@ float - rp! rp@ f! >r ; : fr> r> rp@ f@ float rp@ + rp! >r ; ";
    expect(session(`${moves}: t 7 >r 1.5e f>r -2.25e f>r fr> fr> r> . ; t f. f. 3e 0 sp@ sf! sp@ sf@ drop f.`).output).toBe(
      "7 1.5 -2.25 3. ",
    );
    expect(session("create a 8 allot 0 a 4 + c! bl parse ab drop cstring>sstring . 1e 12 f!").error).toMatch(/invalid memory address 12/);
    expect(session("0 sp!").error).toMatch(/stack overflow/);
    expect(session(": t sp@ 800 + sp! ; t").error).toMatch(/stack underflow/);
  });

  it("give a word two meanings, and compile counted strings", () => {
    expect(
      prints(
        ": i1 .\" int \" ; : c1 postpone i1 postpone i1 ; ' i1 ' c1 interpret/compile: foo foo : t foo ; t : u postpone foo ; immediate : w u ; w",
      ),
    ).toBe("int int int int int ");
    expect(leaves('here s" abc" s, dup count nip swap here swap -')).toEqual([3, 4]);
  });

  it("give a command line without words, and no other programs", () => {
    expect(prints("argc @ . argv @ @ 5 type next-arg . .")).toBe("1 bplab0 0 ");
    expect(session('s" ls" system').error).toMatch(/SYSTEM is refused/);
  });
});
