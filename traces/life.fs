\ life: Conway's game of life, and a variant of it, on a torus.
\
\ The world is a byte array with a border one cell wide, into which the opposite edges are copied
\ before each step, so that no coordinate is ever wrapped.  Along a row the sums of three cells
\ above each other slide through the stack; sum and cell are looked up in the table of the rule.
\ It starts from a glider and an r-pentomino, whose populations in a free world are well known:
\ 5 6 7 9 8 9 12 11 18 11 11 ...  The glider adds 5 until the two meet.  The variant, highlife, is
\ famous for its replicator, which makes a copy of itself within 12 generations.
\ Category: simulation, as in the published benchmark brew (evolutionary programming).

full? [if] 48 [else] 20 [then] constant width
full? [if] 48 [else] 16 [then] constant height       \ even, for the picture
full? [if] 180 [else] 10 [then] constant #steps
full? [if] 60 [else] 1 [then] constant #variant-steps

\ ---- rules ------------------------------------------------------------------------------------
\ A rule has 20 bytes, for 2 * sum of all nine cells + the cell in the middle.

: digit ( char -- n )  [char] 0 - ;
: births ( c-addr u rule -- )
  -rot bounds ?do  1 over i c@ digit 2* + c!  loop  drop ;
: survivals ( c-addr u rule -- )             \ here the cell itself is one of the sum
  -rot bounds ?do  1 over i c@ digit 1+ 2* 1+ + c!  loop  drop ;
: rule ( births survivals "name" -- )
  create  here 20 allot  dup 20 erase  dup >r survivals  r> births ;

s" 3" s" 23" rule conway
s" 36" s" 23" rule highlife

\ ---- worlds -----------------------------------------------------------------------------------

width 2 + constant stride
stride height 2 + * constant size

create world1  size allot
create world2  size allot
world1 value now
world2 value coming
conway value law

: swap-worlds ( -- )  now coming to now to coming ;
: at-row ( row -- addr )  1+ stride * now + 1+ ;     \ of the first true cell
: cell-at ( row column -- addr )  swap at-row + ;
: clear ( -- )  now size erase ;

: wrap-row ( addr -- )                       \ first cell behind the last, last before the first
  dup c@ over width + c!  dup width + 1- c@  swap 1- c! ;
: wrap ( -- )
  height 0 do  i at-row wrap-row  loop
  height 1- at-row 1-  now  stride move
  0 at-row 1-  height at-row 1-  stride move ;

\ ---- one step ---------------------------------------------------------------------------------

: column-sum ( addr -- n )  dup stride - c@  over c@ +  swap stride + c@ + ;
: fate ( sum addr -- 0|1 )  c@ swap 2* + law + c@ ;
: there ( addr -- addr' )  now - coming + ;    \ the same cell in the coming world
: cell-step ( sum1 sum2 addr -- sum2 sum3 )
  >r  r@ 1+ column-sum  rot over + 2 pick +  r@ fate  r> there c! ;
: row-step ( row -- )
  at-row  dup 1- column-sum  over column-sum  rot
  width bounds do  i cell-step  loop  2drop ;
: step ( -- )  wrap  height 0 do  i row-step  loop  swap-worlds ;

: row-population ( row -- n )  0 swap at-row width bounds do  i c@ +  loop ;
: population ( -- n )  0  height 0 do  i row-population +  loop ;

\ ---- patterns ---------------------------------------------------------------------------------

: plot ( row column -- )  cell-at 1 swap c! ;
: pattern-row ( row column c-addr u -- )
  bounds do  i c@ [char] # = if  2dup plot  then  1+  loop  2drop ;
: glider ( row column -- )
  2dup s" .#." pattern-row  swap 1+ swap
  2dup s" ..#" pattern-row  swap 1+ swap  s" ###" pattern-row ;
: r-pentomino ( row column -- )
  2dup s" .##" pattern-row  swap 1+ swap
  2dup s" ##." pattern-row  swap 1+ swap  s" .#." pattern-row ;
: replicator ( row column -- )               \ of highlife: two of them after 12 generations
  2dup s" ..###" pattern-row  swap 1+ swap  2dup s" .#..#" pattern-row  swap 1+ swap
  2dup s" #...#" pattern-row  swap 1+ swap  2dup s" #..#." pattern-row  swap 1+ swap
  s" ###.." pattern-row ;
: place-both ( -- )  clear  1 1 glider  height 2/ width 2/ r-pentomino ;
: place-replicator ( -- )  clear  height 2/ 2 -  width 2/ 2 -  replicator ;

\ ---- watching ---------------------------------------------------------------------------------

variable digest   0 digest !
variable generation

: note ( n -- )  digest @ 31 * + $7ffffff and digest ! ;
: mark? ( generation -- flag )               \ to be reported: up to 10, then every 12th
  dup 11 < swap 12 mod 0= or ;
: report ( -- )
  population dup note  generation @ mark? if  generation @ 0 u.r ." :" .  else  drop  then ;
: evolve ( steps rule -- )
  to law  0 generation !  report
  0 ?do  step  1 generation +!  report  loop  cr ;

: half ( row column -- n )  cell-at c@ ;
: .cells ( row column -- )                   \ two cells above each other as one character
  2dup half  -rot swap 1+ swap half 2* +  s"  '.:" drop + c@ emit ;
: .rows ( row -- )  ." |"  width 0 do  dup i .cells  loop  drop ." |" cr ;
: .world ( -- )  height 0 do  i .rows  2 +loop ;

: row-hash ( row -- )  at-row width bounds do  i c@ note  loop ;
: world-hash ( -- n )  0 digest !  height 0 do  i row-hash  loop  digest @ ;

: main ( -- )
  ." torus of " width . ." x " height . cr
  place-replicator  ." highlife: " #variant-steps highlife evolve
  place-both  ." conway: " #steps conway evolve
  .world  ." populations digest " digest @ .  ." world " world-hash . cr ;

main
