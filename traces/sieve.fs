\ sieve: finds all primes below growing limits with the sieve of Eratosthenes and describes them.
\
\ One byte stands for each number; it is 1 while the number may be prime.  Every pass clears the
\ bytes below a larger limit, strikes out the multiples of each prime found, and then walks the
\ bytes to count the primes, add them up, count the twins and find the widest gap.  At the end
\ the last stretch of the table is compared with plain trial division.
\ Category: the Byte magazine sieve, the small loop benchmark in nearly every Forth collection.

full? [if] 8192 [else] 112 [then] constant stride   \ growth of the limit from pass to pass
8 constant passes
stride passes * constant capacity

create flags  capacity allot
variable limit                  \ numbers below this one take part in the current pass

\ The table of flags

: flag ( n -- c-addr )          flags + ;
: prime? ( n -- 0|1 )           flag c@ ;
: in-play ( -- c-addr u )       flags limit @ ;
: end-flag ( -- c-addr )        limit @ flag ;
: rule-out ( n -- )             0 swap flag c! ;

: fresh ( -- )                  in-play 1 fill  0 rule-out  1 rule-out ;

\ The sieve itself: multiples of p below p*p have been struck by smaller primes

: square ( n -- n*n )           dup * ;

: strike ( p -- )
  end-flag over square flag ?do  0 i c!  dup +loop  drop ;

: sift ( -- )
  2 begin  dup square limit @ <  while
    dup prime? if  dup strike  then  1+
  repeat  drop ;

\ What the sieve found

: #primes ( -- n )
  0  in-play bounds ?do  i c@ +  loop ;

: sum ( -- n )
  0  limit @ 0 ?do  i prime? if  i +  then  loop ;

: twin? ( n -- flag )           dup prime?  swap 2 - prime?  and ;
: #twins ( -- n )
  0  limit @ 3 ?do  i twin? if  1+  then  2 +loop ;

: widest ( -- gap )
  0 2  limit @ 3 ?do            ( gap last )
    i prime? if  i over -  rot max  nip i  then
  loop  drop ;

: last-prime ( -- n )
  limit @ begin  1-  dup prime? until ;

\ Trial division, to check the end of the table independently

: divides? ( n d -- flag )      mod 0= ;

: prime-by-division? ( n -- flag )
  dup 2 < if  drop false exit  then
  2 begin  2dup square >= while
    2dup divides? if  2drop false exit  then  1+
  repeat  2drop true ;

: agrees? ( n -- flag )
  dup prime? 0<>  swap prime-by-division? = ;

: #wrong ( -- n )
  0  limit @ dup stride 4 / - ?do  i agrees? 0= if  1+  then  loop ;

\ Report

: heading ( -- )
  ."   limit  primes        sum  twins  gap   last" cr ;

: row ( -- )
  limit @ 7 .r  #primes 8 .r  sum 11 .r  #twins 7 .r  widest 5 .r  last-prime 7 .r  cr ;

: pass ( n -- )
  stride * limit !  fresh sift row ;

: main ( -- )
  heading
  passes 1+ 1 do  i pass  loop
  ." trial division disagrees " #wrong . ." times" cr ;

main
