\ queens: counts all ways to put n queens on an n by n board so that none attacks another.
\
\ Backtracking row by row.  Three tables of bytes tell which columns and diagonals are attacked,
\ so a square is tested with up to three fetches.  What happens to a solution is deferred: it is
\ counted, or it stops the search with an exception to be shown.  A solution is fundamental if
\ none of its rotations and reflections is smaller in the order of strings.
\ Category: n-queens, the backtracking benchmark of many Forth collections.

full? [if] 10 [else] 7 [then] constant largest

variable size                   \ of the board in play
variable solutions
variable fundamentals
variable placed                 \ queens put on the board during a search

: bytes ( n "name" -- )         \ a table of bytes
  create  here over allot  swap erase
  does> ( i -- c-addr )  + ;

largest     bytes queen         \ column of the queen in each row
largest     bytes column        \ 1 for each attacked column
largest 2*  bytes rising        \ ... for each diagonal numbered by row+column
largest 2*  bytes falling       \ ... for each diagonal numbered by row-column+size
largest     bytes image         \ a board turned or reflected
largest     bytes spare

\ Attacks

: rising# ( row col -- i )      + ;
: falling# ( row col -- i )     - size @ + ;

: free? ( row col -- flag )
  dup column c@ if  2drop false exit  then
  2dup rising# rising c@ if  2drop false exit  then
  falling# falling c@ 0= ;

: mark ( 0|1 row col -- )
  2dup falling# falling >r  2dup rising# rising >r
  column nip                    ( flag c-addr )
  2dup c! drop  dup r> c!  r> c! ;

: put ( row col -- )            1 placed +!  2dup swap queen c!  1 -rot mark ;
: lift ( row col -- )           0 -rot mark ;

\ The search

defer solved ( -- )

: fill-from ( row -- )
  dup size @ = if  drop solved exit  then
  size @ 0 do
    dup i free? if  dup i put  dup 1+ recurse  dup i lift  then
  loop  drop ;

: clear-board ( -- )
  0 column largest erase  0 rising largest 2* erase  0 falling largest 2* erase ;

: search-all ( -- )             clear-board 0 placed !  0 fill-from ;

\ Symmetry

: board ( -- c-addr u )         0 queen size @ ;
: image-board ( -- c-addr u )   0 image size @ ;
: opposite ( i -- i' )          size @ 1- swap - ;

: quarter-turn ( -- )
  size @ 0 do  i opposite  i image c@ spare c!  loop
  0 spare image-board move ;

: reflect ( -- )
  image-board bounds do  i c@ opposite i c!  loop ;

: turns-smaller? ( -- flag )    \ does one of four turns of the image precede the board?
  4 0 do
    quarter-turn  image-board board compare 0< if  true unloop exit  then
  loop  false ;

: fundamental? ( -- flag )
  board 0 image swap move
  turns-smaller? if  false exit  then
  reflect turns-smaller? 0= ;

\ Counting

: tally ( -- )
  1 solutions +!  fundamental? if  1 fundamentals +!  then ;

: count-solutions ( -- )
  0 solutions !  0 fundamentals !
  ['] tally is solved  search-all ;

\ The first solution is thrown out of the depths of the search

1 constant found

: stop ( -- )                   found throw ;

: first-solution ( -- flag )
  ['] stop is solved
  ['] search-all catch  dup found = if  drop true exit  then
  throw false ;

: distance ( i j -- n )         - abs ;
: attack? ( row1 row2 -- flag )
  2dup distance >r  queen c@ swap queen c@ distance  ( columns apart ) ( r: rows apart )
  dup 0=  swap r> =  or ;

: safe? ( -- flag )             \ checks the board without the tables
  true  size @ 1 do  i 0 do  j i attack? 0= and  loop  loop ;

: .rank ( col -- )
  size @ 0 do  dup i = if ."  Q" else ."  ." then  loop  drop cr ;
: .board ( -- )
  board bounds do  i c@ .rank  loop ;

\ Report

create known  1 , 1 , 0 , 0 , 2 , 10 , 4 , 40 , 92 , 352 , 724 ,

: as-known? ( -- flag )         size @ cells known + @  solutions @ = ;

: row ( -- )
  size @ 4 .r  solutions @ 11 .r  fundamentals @ 13 .r  placed @ 9 .r
  as-known? if  ."   as known"  else  ."   WRONG"  then  cr ;

: show-first ( -- )
  first-solution if  .board  ."  safe " safe? if ." yes" else ." NO" then
  else  ."  no solution"  then
  ." , found with " placed @ . ." placements" cr ;

: main ( -- )
  ." size  solutions  fundamental  placed" cr
  largest 1+ 2 do  i size !  count-solutions row  loop
  3 size !  show-first
  largest size !  show-first ;

main
