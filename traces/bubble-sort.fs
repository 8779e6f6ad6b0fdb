\ bubble-sort: sorts arrays of pseudo-random numbers by exchanging neighbours and proves the order.
\
\ A pass carries large items upward and reports where it last exchanged two of them; everything
\ beyond that place is in order, so the next pass stops there.  Since each exchange removes one
\ inversion, the number of exchanges must equal the number of inversions counted beforehand by
\ comparing all pairs.  Three inputs are sorted: random, nearly sorted and reversed.
\ Category: bubble-sort, one of the four small benchmarks distributed with Gforth.

full? [if] 700 [else] 72 [then] constant #items

create items  #items cells allot
variable exchanges
variable bubbles

: item ( i -- addr )            cells items + ;
: all-items ( -- end start )    #items item items ;
: last-item ( -- addr )         #items 1- item ;

\ Pseudo-random numbers of 15 bits

variable seed
: random ( -- n )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift ;

\ Sorting

: ordered? ( addr -- flag )     2@ >= ;
: exchange ( addr -- )
  dup 2@ swap rot 2!  1 exchanges +! ;

: bubble ( end -- last )
  1 bubbles +!
  items swap  items ?do
    i ordered? 0= if  drop  i exchange  i  then
  cell +loop ;

: bubble-sort ( -- )
  0 exchanges !  0 bubbles !
  last-item begin  bubble  dup items = until  drop ;

\ Checks that know nothing of how the sort works

: sorted? ( -- flag )
  true  last-item items ?do  i ordered? and  cell +loop ;

: larger-before ( addr -- n )   \ items before addr that are larger than the one there
  0 over @                      ( addr n x )
  rot items ?do  dup i @ < if  swap 1+ swap  then  cell +loop  drop ;

: inversions ( -- n )
  0  all-items ?do  i larger-before +  cell +loop ;

: sum ( -- n )
  0  all-items ?do  i @ +  cell +loop ;

: mix ( n x -- n' )             swap 31 * + $ffffff and ;
: checksum ( -- n )             \ depends on the order of the items
  0  all-items ?do  i @ mix  cell +loop ;

\ Inputs

: shuffled ( -- )
  all-items ?do  random i !  cell +loop ;

: mirror ( i -- i' )            #items 1- swap - ;
: swap-items ( i j -- )
  item swap item                ( a b )
  over @ over @                 ( a b x y )
  >r swap !  r> swap ! ;

: reversed ( -- )               \ turn the sorted items around
  #items 2/ 0 ?do  i dup mirror swap-items  loop ;

: disturbed ( -- )              \ exchange a few items of a sorted array
  #items 20 / 1+ 0 ?do  random #items mod  random #items mod  swap-items  loop ;

\ Report

: yes/no ( flag -- )            if ." yes" else ." NO" then ;

variable expected
variable total

: describe ( -- )
  ."   inversions " expected @ .  ." exchanges " exchanges @ .  ." passes " bubbles @ . cr
  ."   agree " expected @ exchanges @ = yes/no
  ."   sorted " sorted? yes/no
  ."   sum kept " sum total @ = yes/no
  ."   checksum " checksum . cr ;

: sort-and-describe ( -- )
  sum total !  inversions expected !  bubble-sort  describe ;

: extremes ( -- )
  ." smallest " items @ .  ." median " #items 2/ item @ .  ." largest " last-item @ .
  ." sum " sum . cr ;

: main ( -- )
  20011 seed !
  #items . ." items" cr
  ." random:" cr          shuffled   sort-and-describe
  ." nearly sorted:" cr   disturbed  sort-and-describe
  ." reversed:" cr        reversed   sort-and-describe
  extremes ;

main
