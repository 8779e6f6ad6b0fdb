\ matrix: multiplies square integer matrices and verifies the products by algebraic identities.
\
\ Elements are small, so every exact product fits 32 bits.  Products are checked by associativity,
\ by transposition, by the trace and by determinants: det(AB) = det(A) det(B), computed modulo a
\ prime by Gaussian elimination, with inverses from Fermat's little theorem.
\ Category: matrix-mult, one of the four small benchmarks distributed with Gforth.

full? [if] 44 [else] 8 [then] constant size
size cells constant /row
size dup * constant #elements

: matrix ( "name" -- )          create #elements cells allot ;

matrix a   matrix b   matrix c
matrix ab  matrix ba  matrix bc
matrix left-product  matrix right-product  matrix work

: row ( i m -- addr )           swap /row * + ;
: column ( j m -- addr )        swap cells + ;
: element ( i j m -- addr )     column row ;
: elements ( m -- end start )   #elements cells bounds ;

\ Filling

variable seed
: random ( n -- 0..n-1 )
  seed @ 69069 * 1+ $3fffffff and  dup seed !  14 rshift  swap mod ;

: digit ( -- -9..9 )            19 random 9 - ;
: randomize ( m -- )            elements ?do  digit i !  cell +loop ;
: clear ( m -- )                #elements cells erase ;
: unit ( m -- )
  dup clear  size 0 ?do  1 over i i rot element !  loop  drop ;

\ Multiplying

: dot ( row column -- n )       \ inner product of a row and a column
  0 swap rot  /row bounds do    ( sum column )
    i @ over @ *  rot +  swap /row +
  cell +loop  drop ;

: multiply { left right product -- }
  size 0 do
    size 0 do
      j left row  i right column  dot   j i product element !
    loop
  loop ;

: flip-column ( from to -- )    \ copy a row into a column
  swap /row bounds do  i @ over !  /row +  cell +loop  drop ;

: transpose { from to -- }
  size 0 do  i from row  i to column  flip-column  loop ;

\ Comparing and summing up

: same? ( m1 m2 -- flag )
  true -rot  elements ?do       ( flag addr )
    dup @ i @ = rot and swap  cell+
  cell +loop  drop ;

: trace ( m -- n )
  0  size 0 do  over i i rot element @ +  loop  nip ;

: checksum ( m -- n )
  0 swap elements ?do  3 *  i @ +  $ffffff and  cell +loop ;

\ Determinants modulo a prime whose square fits 31 bits

32749 constant prime

: residue ( n -- 0..prime-1 )   prime mod  dup 0< if  prime +  then ;
: times ( x y -- z )            * residue ;
: minus ( x y -- z )            - residue ;
: power ( x n -- x^n )
  1 swap begin  dup while       ( x product n )
    dup 1 and if  >r over times r>  then
    rot dup times -rot  2/
  repeat  drop nip ;
: inverse ( x -- 1/x )          prime 2 - power ;

: reduce ( from -- )            \ copy a matrix to work, modulo the prime
  work swap elements ?do  i @ residue  over !  cell+  cell +loop  drop ;

: diagonal ( k -- addr )        dup work element ;

: pivot-row ( k -- i | size )   \ first row from k on with something in column k
  dup begin  dup size < while
    2dup swap work element @ 0= while  1+
  repeat then  nip ;

: exchange ( addr1 addr2 -- )
  2dup @ swap @                 ( addr1 addr2 y x )
  rot !  swap ! ;

: exchange-rows ( i j -- )
  work row swap work row  /row bounds do  i over exchange  cell+  cell +loop  drop ;

: subtract-row { factor from to bytes -- }
  bytes 0 ?do
    to i + @  from i + @ factor times  minus  to i + !
  cell +loop ;

: tail ( k -- bytes )           size swap - cells ;

: clear-below { k -- }          \ make column k zero below the diagonal
  k diagonal @ inverse
  size k 1+ ?do                 ( inverse )
    dup i k work element @ times          ( inverse factor )
    k diagonal  i k work element  k tail  subtract-row
  loop  drop ;

: bring-up ( sign k -- sign' flag )   \ bring a pivot to row k; flag is false if there is none
  dup pivot-row                 ( sign k i )
  dup size = if  2drop false exit  then
  2dup = if  2drop true exit  then
  exchange-rows  negate true ;

: eliminate ( -- sign | 0 )
  1  size 0 do
    i bring-up 0= if  drop 0 unloop exit  then
    i clear-below
  loop ;

: determinant ( m -- n )
  reduce  eliminate residue
  size 0 do  i diagonal @ times  loop ;

\ Report

: yes/no ( flag -- )            if ." yes" else ." NO" then cr ;
: describe ( m -- )
  ."  trace " dup trace 8 .r  ."   checksum " dup checksum 9 .r
  ."   determinant " determinant 6 .r cr ;

: products ( -- )
  a b ab multiply   b a ba multiply   b c bc multiply
  ab c left-product multiply   a bc right-product multiply ;

: associative? ( -- flag )      left-product right-product same? ;
: traces-agree? ( -- flag )     ab trace ba trace = ;
: determinants-agree? ( -- flag )
  a determinant b determinant times c determinant times   left-product determinant = ;

: neutral? ( -- flag )          \ multiplying by the unit matrix changes nothing
  work unit   a work left-product multiply   a left-product same? ;

: transposable? ( -- flag )     \ the transpose of AB is B' A'
  a left-product transpose   b right-product transpose
  right-product left-product work multiply
  ab left-product transpose   left-product work same? ;

: main ( -- )
  1848 seed !  a randomize b randomize c randomize
  products
  ." order " size . cr
  ." a   " a describe   ." b   " b describe   ." c   " c describe
  ." ab  " ab describe  ." ba  " ba describe  ." abc " left-product describe
  ." (ab)c = a(bc)                " associative? yes/no
  ." tr ab = tr ba                " traces-agree? yes/no
  ." det abc = det a det b det c  " determinants-agree? yes/no
  ." a e = a                      " neutral? yes/no
  ." (ab)' = b'a'                 " transposable? yes/no ;

main
