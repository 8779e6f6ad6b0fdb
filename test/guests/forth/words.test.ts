import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leaves, prints, session } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "bplab-forth-"));
const at = (name: string): string => join(folder, name);

describe("files", () => {
  it("are created, written, read by lines and positioned", () => {
    const path = at("lines.txt");
    expect(
      prints(`s" ${path}" r/w create-file throw value f
        s" one" f write-line throw s" two" f write-file throw f file-position throw d.
        0. f reposition-file throw pad 80 f read-line throw . pad swap type space
        pad 80 f read-line throw . . pad 80 f read-line throw . . f close-file throw`),
    ).toBe("7 -1 one -1 3 0 0 ");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo");
  });

  it("answer with a result code when they are not there, or not open", () => {
    expect(
      leaves(`s" ${at("none")}" r/o open-file nip 0<> 99 close-file 0<> pad 1 99 read-file nip 0<> s" ${at("none")}" delete-file 0<>`),
    ).toEqual([-1, -1, -1, -1]);
  });

  it("are included beside the file that names them, and required once", () => {
    writeFileSync(at("a.fs"), "1 . require b.fs require ./b.fs include b.fs\n");
    writeFileSync(at("b.fs"), "2 .\n");
    expect(prints(`include ${at("a.fs")} require ${at("a.fs")} require ${at("b.fs")}`)).toBe("1 2 2 ");
  });

  it("are looked for beside the program last, as parts of a library name each other", () => {
    mkdirSync(at("library"));
    writeFileSync(at("program.fs"), "include library/first.fs 3 .\n");
    writeFileSync(at("library/first.fs"), "require library/second.fs require library/second.fs 1 .\n");
    writeFileSync(at("library/second.fs"), "2 .\n");
    expect(prints(`include ${at("program.fs")}`)).toBe("2 1 3 ");
  });

  it("of Gforth's own are there without being there", () => {
    expect(leaves("require struct.fs require random.fs 1 seed ! 100 random 100 < rnd rnd <>")).toEqual([-1, -1]);
  });

  it("may close while they are being read", () => {
    writeFileSync(at("closes.fs"), "source-id close-file throw\n1\n");
    expect(session(`include ${at("closes.fs")}`).error).toMatch(/closes\.fs:1: cannot read/);
  });

  it("take what OUTFILE-EXECUTE prints", () => {
    const path = at("out.txt");
    prints(`: t ." to a file " 5 . cr ; s" ${path}" w/o create-file throw value f ' t f outfile-execute f close-file throw`);
    expect(readFileSync(path, "utf8")).toBe("to a file 5 \n");
  });
});

describe("blocks", () => {
  it("are kept in a file, made when something is written", () => {
    const path = at("test.fb");
    const use = `use ${path}`;
    expect(leaves(`${use} 3 block c@`)).toEqual([32]);
    expect(existsSync(path)).toBe(false);
    expect(leaves(`${use} 2 buffer dup 1024 blank s" 40 2 + " rot swap move update flush 2 load`)).toEqual([42]);
    expect(readFileSync(path).length).toBe(3 * 1024);
    expect(leaves(`${use} 2 load 2 2 thru`)).toEqual([42, 42]);
  });
});

describe("the search order", () => {
  it("finds words of vocabularies in the order in which they were put", () => {
    expect(leaves("vocabulary v also v definitions : x 1 ; previous definitions : x 2 ; x v x forth x also v x previous")).toEqual([
      2, 1, 2, 1,
    ]);
    expect(leaves("vocabulary v v definitions : y 3 ; forth definitions v y")).toEqual([3]);
    expect(session("vocabulary v only v dup").error).toMatch(/undefined word \(dup\)/);
  });

  it("shows word lists by name", () => {
    expect(prints("vocabulary voc also voc order previous")).toBe("voc Forth Forth     Forth ");
  });

  it("tells capital letters apart in a table, not in a word list", () => {
    const holding = "get-current swap set-current : Abc ; set-current";
    expect(leaves(`table value w w ${holding} s" abc" w search-wordlist s" Abc" w search-wordlist nip`)).toEqual([0, -1]);
    expect(leaves(`wordlist value w w ${holding} s" aBC" w search-wordlist nip`)).toEqual([-1]);
  });

  it("refuses what is no word list", () => {
    for (const text of ["99 >order", "99 set-current", "99 1 set-order", "99 current ! : x ;", 's" x" 99 search-wordlist']) {
      expect(session(text).error, text).toMatch(/99 is not a word list/);
    }
  });

  it("gives name tokens", () => {
    expect(leaves(': abc 7 ; s" abc" find-name dup name>string nip swap name>interpret execute latest name>string nip')).toEqual([3, 7, 3]);
  });

  it("finds a word by its body, as programs for Gforth do, and says what has no name", () => {
    const size = "name>string nip";
    expect(leaves(`create abc 7 , 0 value de ' abc >body 0 >body - >name ${size} ' de >body 0 >body - >name ${size}`)).toEqual([3, 2]);
    expect(leaves(`: abc ; ' abc look swap ${size} 123456 look ' abc 0 >body - >name`)).toEqual([-1, 3, 0, 0, 0]);
    expect(session(": abc ; ' abc >body").error).toMatch(/>BODY used on a word that CREATE did not make/);
  });
});

describe("strings", () => {
  it("compare, search and cut", () => {
    expect(leaves('s" abc" s" abd" compare s" abc" s" ab" compare s" b" s" abc" compare s" abc" s" abc" str=')).toEqual([-1, 1, 1, -1]);
    expect(leaves('s" hello world" s" wor" search nip nip s" hello" s" z" search nip nip s" abc" s" ab" string-prefix?')).toEqual([
      -1, 0, -1,
    ]);
    expect(prints('s" hello world" bl scan type s"   x" bl skip type s" ab  " -trailing type s" abcd" 2 /string type')).toBe(" worldxabcd");
    expect(prints('s" abc" s" def" s+ 2dup type s" gh" append type')).toBe("abcdefabcdefgh");
  });

  it("escape and substitute", () => {
    expect(prints('s\\" a\\tb\\x41\\q\\\\" type .\\" \\n"')).toBe('a\tbA"\\\n');
    expect(prints('s" World" s" who" replaces s" Hello %who%, 100%%" pad 80 substitute drop type')).toBe("Hello World, 100%");
  });

  it("that the text interpreter reads stay for many more", () => {
    const many = Array.from({ length: 5000 }, (_, i) => `s" string number ${i}" 2drop`).join(" ");
    expect(prints(`s" the first" ${many} type`)).toBe("the first");
  });

  it("leave the data space aligned when they are compiled", () => {
    expect(leaves('align here : t s" abc" 2drop ." de" ; here swap - 3 and')).toEqual([0]);
  });

  it("become numbers", () => {
    expect(leaves('s" 12" snumber? s" 12." snumber? s" x" snumber?')).toEqual([12, -1, 12, 0, 1, 0]);
    expect(leaves('0. s" 123x" >number nip hex s" ff" s>number decimal')).toEqual([123, 0, 1, 255, 0]);
  });
});

describe("numbers on the screen", () => {
  it("stand where .R puts them, in the base that holds", () => {
    expect(prints("5 4 .r -5 4 .r 255 hex . decimal -1 u. -1. d. 5. 4 d.r 0. <# #s #> type")).toBe("   5  -5FF 4294967295 -1    50");
    expect(prints("-7 s>d tuck dabs <# # '.' hold #s rot sign #> type 5 ' . 2 base-execute")).toBe("-0.7101 ");
  });

  it("nest", () => {
    expect(prints("12. <<# # 34. <<# #s #> type #>> # #> type #>>")).toBe("3412");
  });
});

describe("[IF]", () => {
  it("skips over nested ones, lines and names in comments alike", () => {
    expect(leaves("0 [if] 1 [if] 2 [else] 3 [then] \n 4 [else] 5 [then] [ifdef] dup 6 [endif] [ifundef] dup 7 [else] 8 [then]")).toEqual([
      5, 6, 8,
    ]);
    expect(session("0 [if] 1").error).toMatch(/\[THEN\] is missing/);
  });
});

describe("Gforth's habits", () => {
  it("are answered for by environment?", () => {
    expect(prints('s" gforth" environment? [if] type [then]')).toBe("0.7.3");
    expect(leaves('s" constructor" environment? s" floored" environment?')).toEqual([0, -1, -1]);
  });

  it("redefine TYPE and EMIT for all output, and go on with what they did", () => {
    const text = "variable n : count-type dup n +! defers type ; ' count-type is type";
    expect(prints(`${text} : t ." abc" 12 . cr ; t n @ . what's type ' count-type = .`)).toBe("abc12 \n7 -1 ");
    expect(prints(": star drop [char] * ; : t star defers emit ; ' t is emit : u 65 emit space ; u")).toBe("**");
  });

  it("check assertions up to a level", () => {
    expect(leaves(": t assert( dup 0> ) ; 5 t 2 assert-level ! : u assert3( false ) ; u")).toEqual([5]);
    expect(leaves(": p postpone +loop ; : q do i -1 [ p ] ; 1 4 q")).toEqual([4, 3, 2, 1]);
    expect(leaves(": d postpone does> ; : a [ d ] @ 1+ ; create c 7 , a c")).toEqual([8]);
    const found = ": t 2>r get-order 2r> forth-wordlist 1 set-order ['] evaluate catch dup if nip nip then >r set-order r> ; ";
    expect(leaves(`${found} s" root forth" t s" root +" t`)).toEqual([0, -13]);
    // interpreted, a closing parenthesis takes nothing: gforth 0.7.3 leaves the same
    expect(leaves("7 ) assert( 0 )")).toEqual([7, 0]);
    expect(session(": t assert( dup 0> ) ; -5 t").error).toMatch(/assertion failed/);
  });

  it("lay out structures", () => {
    expect(leaves("struct cell% field a char% field b cell% field c end-struct s s %size 0 a 0 b 0 c")).toEqual([12, 0, 4, 8]);
    expect(leaves("begin-structure s field: a cfield: b 2field: c end-structure s 0 c")).toEqual([16, 8]);
  });

  it("use memory in 16 and 32 bits, and variables of the system", () => {
    expect(leaves("pad 0 over ! -2 over w! dup w@ over sw@ rot l@")).toEqual([65534, -2, 65534]);
    expect(leaves("get-current current @ = here dp @ = base @ state @")).toEqual([-1, -1, 10, 0]);
  });

  it("use return stack and locals across EVALUATE", () => {
    expect(leaves(': t s" 1 >r" evaluate r> ; t : u { a } s" 2" evaluate a ; 5 u')).toEqual([1, 2, 5]);
  });
});

describe("the input", () => {
  it("is moved by >IN, which cannot leave the line", () => {
    expect(leaves("1 2 3 -1 >in ! 4")).toEqual([1, 2, 3]);
    expect(leaves("7 pad @ 2 < [if] 1 pad +! 0 >in ! [then]")).toEqual([7, 7, 7]);
  });

  it("is parsed by words and by EXECUTE-PARSING", () => {
    expect(prints("bl word abc count type char x emit parse-name yz type .( done)")).toBe("abcxyzdone");
    expect(leaves('s" foo 5" \' create execute-parsing 7 , foo @')).toEqual([7]);
    expect(leaves("1 ( a comment ( ) 2 \\ the rest\n")).toEqual([1, 2]);
  });
});

describe("function keys", () => {
  it("have Gforth's older names as well, alone and with shift, whatever the base", () => {
    expect(leaves("k1 k-f1 = k9 k-f9 = k12 k-f12 = s-k1 k-f1 k-shift-mask or = s-k12 s-k11 -")).toEqual([-1, -1, -1, -1, 1]);
    expect(leaves("hex : f ( -- u ) K10 ; f k-f10 =")).toEqual([-1]);
  });
});
