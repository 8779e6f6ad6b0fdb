// Words that are Forth in Gforth too, so that they leave the trace of colon definitions here as well.

export const prelude = `
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
: cell/ ( n -- n ) 2 rshift ;
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
: struct ( -- align 0 ) 1 0 ;
: field ( align1 offset1 align size -- align2 offset2 )
  >r tuck nalign ( align1 align offset ) ( r: size )
  create dup , r> + -rot max swap
  does> @ + ;
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
`;
