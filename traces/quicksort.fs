\ quicksort: sorts cells by several orders with recursive quicksort and a deferred comparison.
\
\ The pivot is the median of the first, middle and last item; parts of a few items are finished
\ by insertion.  The order is any word ( x1 x2 -- flag ) that tells whether x1 comes before x2:
\ up, down, by the sum of the decimal digits, by the number of one bits, or alphabetically for
\ the addresses of names.  Each result is checked for order and for having lost nothing.
\ Category: the recursive quicksort found in most Forth benchmark collections.

full? [if] 3000 [else] 60 [then] constant #items
9 cells constant short          \ parts below this length are sorted by insertion

create items  #items cells allot
: last-item ( -- addr )         items #items 1- cells + ;
: all-items ( -- end start )    items #items cells bounds ;

\ The order

defer before? ( x1 x2 -- flag )
variable comparisons
: earlier? ( x1 x2 -- flag )    1 comparisons +!  before? ;

\ Insertion for the short parts

: sink ( first addr -- )        \ move the item at addr down to its place
  dup @ >r
  begin  2dup u<  while         ( first addr ) ( r: x )
    r@ over cell - @ earlier?  while
    dup cell - @ over !  cell -
  repeat then
  r> swap !  drop ;

: insertion-sort ( first last -- )
  cell+ over cell+ ?do  dup i sink  cell +loop  drop ;

\ Quicksort

variable pivot

: sort2 ( x1 x2 -- x1' x2' )    2dup swap earlier? if  swap  then ;
: median ( x1 x2 x3 -- x )
  >r sort2 r> sort2 drop sort2 nip ;

: middle ( first last -- addr ) over - 2/ aligned + ;
: choose ( first last -- )
  2dup middle @ >r  @ swap @ r>  median pivot ! ;

: scan-up ( addr -- addr' )
  begin  dup @ pivot @ earlier?  while  cell+  repeat ;
: scan-down ( addr -- addr' )
  begin  pivot @ over @ earlier?  while  cell -  repeat ;

: exchange ( addr1 addr2 -- )
  over @ over @  >r swap !  r> swap ! ;

: crossed? ( lo hi -- lo hi flag )   2dup u> ;

: partition ( first last -- lo hi )  \ items up to hi precede those from lo on
  begin
    swap scan-up swap scan-down
    crossed? 0= if  2dup exchange  cell - swap cell+ swap  then
  crossed? until ;

: quick ( first last -- )
  2dup swap - short < if  insertion-sort exit  then
  2dup choose  2dup partition   ( first last lo hi )
  -rot swap recurse  recurse ;

: sort ( xt -- )
  is before?  0 comparisons !  items last-item quick ;

\ Orders

: digit-sum ( u -- n )
  0 swap begin  10 /mod >r + r>  dup 0= until  drop ;

: one-bits ( u -- n )
  0 swap begin  dup while  dup 1- and  swap 1+ swap  repeat  drop ;

: by-digits ( x1 x2 -- flag )
  over digit-sum over digit-sum
  2dup = if  2drop <  else  < nip nip  then ;

: by-bits ( x1 x2 -- flag )
  over one-bits over one-bits
  2dup = if  2drop <  else  < nip nip  then ;

: alphabetic ( name1 name2 -- flag )
  >r count r> count compare 0< ;

\ Items

variable seed
: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift  swap mod ;

: numbers ( -- )
  all-items ?do  32768 random i !  cell +loop ;

6 constant #letters             \ longest name
#letters 1+ chars constant /name
create names  #items /name * allot

: letter ( -- c )               26 random [char] a + ;
: name! ( c-addr -- )           \ make up a name
  #letters 1- random 2 +  over c!
  count bounds ?do  letter i c!  loop ;

: name-items ( -- )             \ make items point to names
  names  all-items ?do  dup name!  dup i !  /name +  cell +loop  drop ;

\ Checks

: in-order? ( -- flag )
  true  last-item items ?do  i 2@ before? 0= and  cell +loop ;

: sum ( -- n )                  0  all-items ?do  i @ $ffff and +  cell +loop ;
: parity ( -- n )               0  all-items ?do  i @ xor  cell +loop ;

: mix ( n x -- n' )             swap 33 * xor $ffffff and ;
: checksum ( -- n )             0  all-items ?do  i @ mix  cell +loop ;
: name-checksum ( -- n )
  0  all-items ?do  i @ count bounds ?do  i c@ mix  loop  cell +loop ;

\ Report

: yes/no ( flag -- )            if  ." yes"  else  ." NO"  then ;

: attempt ( xt c-addr u -- )    \ sort by xt; the string describes the order
  type  parity sum 2>r  sort
  ."  in order " in-order? yes/no
  ."   nothing lost " parity sum 2r> d= yes/no
  ."   comparisons " comparisons @ 6 .r ;

: .numbers ( -- )               ."   checksum " checksum 8 .r  cr ;

: .ends ( -- )
  ." first numbers"  items 8 cells bounds do  i @ 6 .r  cell +loop  cr ;
: .names ( -- )
  ." first names"  items 8 cells bounds do  space i @ count type  cell +loop  cr ;

: main ( -- )
  4711 seed !  #items . ." items" cr
  numbers  ['] <          s" up        " attempt .numbers
           ['] <          s" up again  " attempt .numbers  .ends
           ['] >          s" down      " attempt .numbers
           ['] by-digits  s" by digits " attempt .numbers  .ends
           ['] by-bits    s" by bits   " attempt .numbers  .ends
  name-items
           ['] alphabetic s" by name   " attempt ."   checksum " name-checksum 8 .r cr  .names ;

main
