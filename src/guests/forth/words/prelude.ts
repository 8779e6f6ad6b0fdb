// Words that are Forth in Gforth too, so that they leave the trace of colon definitions here as well.

import type { CellBits } from "../machine/cells.ts";

/** Memory by 32 bits: with cells of 32 that is a cell. */
const cellsAreLong = `synonym l@ @
synonym l! !
synonym ul@ @
synonym sl@ @`;
const cellsAreExtended = `synonym l@ ul@
synonym x@ @
synonym x! !`;

export const prelude = (cellBits: CellBits): string => `
: bounds ( addr u -- addr+u addr ) over + swap ;
: on ( a -- ) true swap ! ;
: off ( a -- ) false swap ! ;
: erase ( a u -- ) 0 fill ;
: blank ( a u -- ) bl fill ;
: 2constant ( x y -- ) create 2, does> 2@ ;
: dabs ( d -- d ) dup 0< if dnegate then ;
: dmax ( d d -- d ) 2over 2over d< if 2swap then 2drop ;
: dmin ( d d -- d ) 2over 2over d< 0= if 2swap then 2drop ;
: d0<> ( d -- f ) d0= 0= ;
: d<> ( d d -- f ) d= 0= ;
: d> ( d d -- f ) 2swap d< ;
: d>s ( d -- n ) drop ;
: s>d ( n -- d ) dup 0< ;
: umax ( u u -- u ) 2dup u< if swap then drop ;
: umin ( u u -- u ) 2dup u> if swap then drop ;
: sgn ( n -- n ) dup 0> swap 0< - negate ;
: third ( a b c -- a b c a ) 2 pick ;
: fourth ( a b c d -- a b c d a ) 3 pick ;
: -trailing ( a u -- a u ) begin dup while 2dup 1- + c@ bl = while 1- repeat then ;
: str= ( a u a u -- f ) compare 0= ;
: str< ( a u a u -- f ) compare 0< ;
: string-prefix? ( a u a u -- f ) tuck 2>r min 2r> compare 0= ;
: search ( a1 u1 a2 u2 -- a3 u3 f )
  2>r 2dup
  begin dup r@ u>= while
    over r@ 2r@ drop over compare 0= if 2nip 2r> 2drop true exit then
    1 /string
  repeat
  2drop 2r> 2drop false ;
: scan ( a u c -- a u ) >r begin dup while over c@ r@ <> while 1 /string repeat then rdrop ;
: skip ( a u c -- a u ) >r begin dup while over c@ r@ = while 1 /string repeat then rdrop ;
: tolower ( c -- c ) dup [char] A [char] Z 1+ within if 32 + then ;
: place ( a u a -- ) over >r rot over 1+ r> move c! ;
: +place ( a u a -- ) dup >r count + swap 2dup 2>r move 2r> nip r@ c@ + r> c! ;
: cell/ ( n -- n ) ${Math.log2(cellBits / 8)} rshift ;
: hex ( -- ) 16 base ! ;
: decimal ( -- ) 10 base ! ;
: binary ( -- ) 2 base ! ;
: ?exit ( f -- ) postpone if postpone exit postpone then ; immediate
: begin-structure ( -- a 0 ) create here 0 0 , does> @ ;
: end-structure ( a n -- ) swap ! ;
: +field ( n n -- n ) create over , + does> @ + ;
: field: ( n -- n ) aligned 1 cells +field ;
: cfield: ( n -- n ) 1 chars +field ;
: 2field: ( n -- n ) aligned 2 cells +field ;
( Gforth's structures: align size on the stack )
: nalign ( a n -- a ) 1- tuck + swap invert and ;
synonym naligned nalign
: struct ( -- align 0 ) 1 0 ;
: create-field ( align1 offset1 align size -- align2 offset2 )
  >r tuck nalign ( align1 align offset ) ( r: size )
  create dup , r> + -rot max swap ;
: field ( align1 offset1 align size -- align2 offset2 ) create-field does> @ + ;
: end-struct ( align size -- ) over nalign 2constant ;
: cell% ( -- align size ) 1 cells 1 cells ;
: char% ( -- align size ) 1 chars 1 chars ;
: double% ( -- align size ) 1 cells 2 cells ;
: %alignment ( align size -- align ) drop ;
: %size ( align size -- size ) nip ;
: %align ( align size -- ) drop here swap nalign here - allot ;
: %allot ( align size -- a ) tuck %align here swap allot ;
: %alloc ( align size -- a ) nip allocate throw ;
: %allocate ( align size -- a ior ) nip allocate ;
: mem, ( a u -- ) here over allot swap move ;
: string, ( a u -- ) dup c, mem, ;
: ," ( "text" -- ) [char] " parse string, ;
: save-mem ( a u -- a u ) swap >r dup allocate throw swap 2dup r> -rot move ;
: +load ( n -- ) blk @ + load ;
: --> ( -- ) blk @ 1+ load ; immediate
: vocabulary ( "name" -- ) create (vocabulary) , does> @ (context) ;
: marker ( "name" -- ) (mark) create , does> @ (forget) ;
( comparisons, arithmetic )
synonym u= =
synonym u<> <>
synonym du= d=
synonym du<> d<>
: d>= ( d d -- f ) d< 0= ;
: d<= ( d d -- f ) 2swap d< 0= ;
: d0> ( d -- f ) 2dup d0= >r d0< r> or 0= ;
: d0>= ( d -- f ) d0< 0= ;
: d0<= ( d -- f ) d0> 0= ;
: du> ( ud ud -- f ) 2swap du< ;
: du>= ( ud ud -- f ) du< 0= ;
: du<= ( ud ud -- f ) 2swap du< 0= ;
: ud/mod ( ud u -- u ud ) >r 0 r@ um/mod r> swap >r um/mod r> ;
( names of newer versions of Gforth )
: u/mod ( u u -- u u ) 0 swap um/mod ;
: u/ ( u u -- u ) u/mod nip ;
: umod ( u u -- u ) u/mod drop ;
synonym /f /
synonym modf mod
synonym /modf /mod
: /mods ( n n -- n n ) >r s>d r> sm/rem ;
: /s ( n n -- n ) /mods nip ;
: mods ( n n -- n ) /mods drop ;
: arshift ( n u -- n ) ${cellBits - 1} umin 0 ?do 2/ loop ;
( memory )
: th ( a n -- a ) cells + ;
: char- ( a -- a ) 1 chars - ;
${cellBits === 32 ? cellsAreLong : cellsAreExtended}
synonym w@ uw@
synonym maxaligned aligned
synonym cfaligned aligned
: cell-fill ( a u x -- ) -rot cells bounds ?do dup i ! cell +loop drop ;
: s+ ( a u a u -- a u ) { a u b v -- } u v + allocate throw { c } a c u move b c u + v move c u v + ;
: append ( a u a u -- a u ) { a u b v -- } a u v + resize throw { c } b c u + v move c u v + ;
: toggle ( a x -- ) over @ xor swap ! ;
( addresses that Gforth's images relocate )
synonym a! !
synonym a, ,
synonym aconstant constant
synonym avariable variable
synonym avalue value
: user ( "name" -- ) variable ;
( older names )
synonym parse-word parse-name
synonym name parse-name
: defined ( "name" -- f ) parse-name find-name 0<> ;
synonym >head >name
: number? ( a -- a 0 | n -1 | d 1 ) dup >r count snumber? dup if rdrop else r> swap then ;
: ?struc ( f -- ) abort" unstructured" ;
: sys? ( x -- x ) dup 0= ?struc ;
: linked ( a -- ) here over @ , swap ! ;
synonym what's action-of
synonym [is] is
synonym <is> is
synonym clearstacks clearstack
: convert ( ud a -- ud a ) char+ 65535 >number drop ;
: expect ( a n -- ) accept span ! ;
: tib ( -- a ) source drop ;
variable (#tib)
: #tib ( -- a ) source nip (#tib) ! (#tib) ;
( characters )
7 constant #bell
8 constant #bs
9 constant #tab
10 constant #lf
12 constant #ff
13 constant #cr
27 constant #esc
127 constant #del
4 constant #eof
: newline ( -- a u ) s\\" \\n" ;
: bell ( -- ) #bell emit ;
: typewhite ( a u -- ) bounds ?do i c@ #tab = if #tab else bl then emit loop ;
: rows ( -- n ) form drop ;
: cols ( -- n ) form nip ;
( keys: codes that EKEY>FKEY would leave )
hex
8000 constant k-left
8001 constant k-right
8002 constant k-up
8003 constant k-down
8004 constant k-home
8005 constant k-end
8006 constant k-prior
8007 constant k-next
8008 constant k-insert
8009 constant k-delete
8011 constant k-f1
8012 constant k-f2
8013 constant k-f3
8014 constant k-f4
8015 constant k-f5
8016 constant k-f6
8017 constant k-f7
8018 constant k-f8
8019 constant k-f9
801A constant k-f10
801B constant k-f11
801C constant k-f12
10000 constant k-shift-mask
20000 constant k-ctrl-mask
40000 constant k-alt-mask
decimal
( compiling )
: ]l ( n -- ) ] postpone literal ;
: but ( -- ) 1 cs-roll ; immediate
: yet ( -- ) 0 cs-pick ; immediate
: defers ( "name" -- ) ' defer@ compile, ; immediate
: restore ( -- ) postpone iferror postpone then ; immediate
: nothrow ( -- ) ;
( assertions: the text between assert( and a closing parenthesis must leave true )
variable assert-level
1 assert-level !
: (end-assert) ( f -- ) 0= abort" assertion failed" ;
: assertn ( n -- ) assert-level @ > if postpone ( then ;
: assert0( ( -- ) 0 assertn ; immediate
: assert1( ( -- ) 1 assertn ; immediate
: assert2( ( -- ) 2 assertn ; immediate
: assert3( ( -- ) 3 assertn ; immediate
: assert( ( -- ) 1 assertn ; immediate
: ) ( -- ) state @ if postpone (end-assert) else noop then ; immediate ( interpreted it takes nothing, as in Gforth )
: +thru ( n n -- ) 1+ swap ?do i +load loop ;
`;
