// FLOATING and FLOATING EXT of Forth 2012: 64-bit numbers of IEEE 754 on a stack of their own, and what Gforth adds.
import type { Forth } from "../../../forth.ts";
import type { WordSet } from "../../../optional-words.ts";
import { floatArithmetic } from "./arithmetic.ts";
import { FLOAT_LITERAL, readFloat } from "./numbers.ts";
import { floatTexts } from "./output.ts";

/** A literal: a number in the dictionary, and code that fetches it, as in Gforth but for the branch that Gforth has over the number. */
function literal(forth: Forth, x: number): void {
  const { machine, compiler } = forth;
  forth.allot(-forth.dp & 7);
  const address = forth.dp;
  forth.allot(8);
  machine.memory.view.setFloat64(address, x, true);
  compiler.literal(address);
  compiler.emit("f@");
}

/** FVALUE, and PI: words that fetch a number, as DOES> makes them. */
function floatValues(forth: Forth): void {
  const { machine: m, compiler } = forth;
  const code = m.here;
  compiler.emit("f@");
  compiler.emit(";s");
  forth.storesOfValues.set(code, { instruction: "f!", store: (address) => m.memory.view.setFloat64(address, m.floats.pop(), true) });
  function create(name: string | undefined, x: number): void {
    forth.allot(-forth.dp & 7);
    compiler.create(name, "(dovar)", forth.dp);
    compiler.attachDoes(code);
    forth.allot(8);
    m.memory.view.setFloat64(forth.dp - 8, x, true);
  }
  forth.word("fvalue", "--", () => create(forth.newName(), m.floats.pop()));
  create("pi", Math.PI);
}

export const floating: WordSet<Forth> = {
  literals: new RegExp(`${FLOAT_LITERAL.source}|^f[:^]$`, "i"),
  words: [...floatArithmetic, ...floatTexts, ["fliteral", "--", (m, forth) => literal(forth, m.floats.pop()), { immediate: true }]],
  completes: ["fvalue", "pi"],
  complete(forth) {
    floatValues(forth);
    // Gforth's CLEARSTACKS empties this stack, too
    forth.word(
      "clearstacks",
      "--",
      (m) => {
        m.clearStack();
        m.floats.depth = 0;
      },
      { ends: true },
    );
    forth.literals.push((text) => {
      const x = readFloat(text);
      if (x === undefined) return false;
      if (forth.compiling) literal(forth, x);
      else forth.machine.floats.push(x);
      return true;
    });
  },
  prelude: `
15 value precision
: set-precision ( u -- ) to precision ;
: falign ( -- ) here dup faligned swap - allot ;
: dfalign ( -- ) here dup dfaligned swap - allot ;
: sfalign ( -- ) here dup sfaligned swap - allot ;
: f, ( r -- ) here 1 floats allot f! ;
: fconstant ( r -- ) falign create f, does> f@ ;
: fvariable ( -- ) falign create 0e f, ;
: f2* ( r -- r ) 2e f* ;
: f2/ ( r -- r ) 0.5e f* ;
: 1/f ( r -- r ) 1e fswap f/ ;
: f~abs ( r r r -- f ) frot frot f- fabs f> ;
: f~rel ( r r r -- f ) frot frot fover fabs fover fabs f+ frot frot f- fabs frot frot f* f< ;
: f~ ( r r r -- f )
  fdup f0= if fdrop (f~bits) exit then
  fdup f0> if f~abs else fnegate f~rel then ;
: fmod ( r r -- r ) fover fover f/ ftrunc f* f- ;
8 constant float
: ffield: ( n -- n ) faligned 1 floats +field ;
: dffield: ( n -- n ) dfaligned 1 dfloats +field ;
: sffield: ( n -- n ) sfaligned 1 sfloats +field ;
: float% ( -- align size ) 8 8 ;
: dfloat% ( -- align size ) 8 8 ;
: sfloat% ( -- align size ) 4 4 ;
`,
};
