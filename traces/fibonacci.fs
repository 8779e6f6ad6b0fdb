\ fibonacci: computes Fibonacci numbers by double recursion and checks them against other ways.
\
\ The naive recursion makes 2F(n+1)-1 calls to find F(n); a second version counts its calls to
\ prove it.  The numbers are compared with those of a loop, of a recursion that doubles the index,
\ and with two identities: Cassini's, and gcd(F(m),F(n)) = F(gcd(m,n)).
\ Category: fib, the recursion benchmark distributed with Gforth.

full? [if] 25 [else] 14 [then] constant top
20 constant small                \ F(small)*F(small) stays well inside 31 bits

\ The benchmark proper

: fib ( n -- f )
  dup 2 < if  exit  then
  dup 1- recurse  swap 2 - recurse  + ;

\ The same recursion counting its calls

variable calls

: counted-fib ( n -- f )
  1 calls +!
  dup 1 > if  dup 1- recurse  swap 2 - recurse  +  then ;

: count-calls ( n -- f calls )
  0 calls !  counted-fib  calls @ ;

\ By iteration: the pair ( F(n) F(n+1) ) moves along

: successor ( f g -- g f+g )    tuck + ;
: pair ( n -- f g )             0 1 rot 0 ?do  successor  loop ;
: iterative ( n -- f )          pair drop ;

\ By doubling: F(2k) = F(k)(2F(k+1)-F(k)) and F(2k+1) = F(k)^2 + F(k+1)^2

: square ( n -- n*n )           dup * ;
: doubled ( f g -- f' g' )
  2dup 2* over - *              ( f g f' )
  -rot square swap square + ;

: fast-pair ( n -- f g )
  dup 0= if  drop 0 1 exit  then
  dup 2/ recurse doubled
  rot 1 and if  successor  then ;
: doubling ( n -- f )           fast-pair drop ;

\ In double cells, since F(90) needs 62 bits

: dsuccessor ( d1 d2 -- d2 d1+d2 )
  2swap 2over d+ ;
: dfib ( n -- d )
  0. 1. 4 roll 0 ?do  dsuccessor  loop  2drop ;

\ Identities

: cassini ( n -- f )            \ F(n-1)F(n+1) - F(n)^2, which is 1 or -1
  dup 1- iterative  over 1+ iterative *  swap iterative square - ;
: parity ( n -- 1|-1 )          1 and if  -1  else  1  then ;
: cassini-holds? ( -- flag )
  true  small 1 do  i cassini i parity = and  loop ;

: gcd ( x y -- z )              dup if  tuck mod recurse  else  drop  then ;
: gcd-agrees? ( m n -- flag )
  2dup gcd doubling  -rot  doubling swap doubling gcd  = ;
: gcd-holds? ( -- flag )
  true  small 1 do  i 1+ 1 do  j i gcd-agrees? and  loop  loop ;

\ Report

: yes/no ( flag -- )            if ." yes" else ." NO" then cr ;

: agree? ( n -- flag )          \ do all ways give the same number?
  dup fib swap 2dup iterative =  -rot doubling =  and ;

: calls-agree? ( n calls -- flag )
  swap 1+ iterative 2* 1- = ;

: row ( n -- )
  dup 3 .r  dup count-calls     ( n f calls )
  swap 9 .r  dup 9 .r
  over swap calls-agree? if  ."   calls ok"  else  ."   calls WRONG"  then
  agree? if  ."   value ok"  else  ."   value WRONG"  then  cr ;

: main ( -- )
  ."   n     F(n)    calls" cr
  top 1+ top 9 - do  i row  loop
  ." F(45) by doubling  " 45 doubling . cr
  ." F(90) in two cells " 90 dfib d. cr
  ." Cassini " cassini-holds? yes/no
  ." gcd     " gcd-holds? yes/no ;

main
