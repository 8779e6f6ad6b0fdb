\ hash-table: keeps a stock of named goods in a chained hash table under random transactions.
\
\ The table maps strings to cells.  Entries are allotted in the dictionary; deleted ones go to a
\ free list and are used again.  The vector of chains is allocated on the heap and doubles when
\ the chains get long.  Goods are received, shipped (and deleted once none are left), looked up
\ and asked for with an exception when missing.  An array indexed by the number of the article
\ does the same bookkeeping, and in the end both must agree.
\ Category: the hash-table benchmarks (string keys, chains) of Forth and shoot-out collections.

full? [if] 1000 [else] 40 [then] constant #goods
full? [if] 22000 [else] 220 [then] constant #transactions

\ Entries and chains

14 constant longest             \ key, in characters

begin-structure /entry
  field: >link                  \ must come first: a link leads to a link
  field: >hash
  field: >value
  longest 1+ +field >key        \ counted string
end-structure

variable chains                 \ address of the vector
variable #chains                \ a power of two
variable #entries
variable free-entries           \ deleted entries, linked
variable #allotted
variable #grown

variable searches
variable probes

: chain ( hash -- addr )        #chains @ 1- and cells chains @ + ;

: new-chains ( n -- )
  dup #chains !  cells dup allocate throw  dup chains !  swap erase ;

: fold ( n -- n' )              dup 15 rshift xor ;
: hash-of ( c-addr u -- n )
  18652613 -rot bounds ?do  i c@ xor  16777619 *  $7fffffff and  loop  fold ;

\ Searching.  The result is the link to the entry, or the empty link at the end of the chain

: same-key? ( c-addr u hash entry -- flag )
  1 probes +!
  tuck >hash @ <> if  drop 2drop false exit  then
  >key count compare 0= ;

variable wanted                 \ hash of the key searched for

: locate ( c-addr u -- c-addr u link )
  1 searches +!
  2dup hash-of dup wanted !  chain
  begin  dup @  while           ( c-addr u link )
    >r 2dup wanted @ r@ @ same-key? r> swap 0=  while
    @ >link
  repeat then ;

\ Growing

: push ( entry link -- )        2dup @ swap >link !  ! ;
: pop ( link -- entry )         dup @ tuck >link @ swap ! ;

: move-chain ( link -- )        \ distribute the entries of an old chain
  begin  dup @  while
    dup pop  dup >hash @ chain push
  repeat  drop ;

: grow ( -- )
  1 #grown +!
  chains @ #chains @            ( old n )
  dup 2* new-chains
  over swap cells bounds ?do  i move-chain  cell +loop
  free throw ;

: crowded? ( -- flag )          #entries @  #chains @ 2*  > ;

\ Storing and fetching

: fresh-entry ( -- entry )
  free-entries @ if  free-entries pop exit  then
  align here /entry allot  1 #allotted +! ;

: key! ( c-addr u entry -- )    >key 2dup c!  1+ swap move ;

: add-entry ( c-addr u -- entry )
  fresh-entry dup >r key!
  wanted @ r@ >hash !  r@ wanted @ chain push
  1 #entries +!  crowded? if  grow  then  r> ;

: entry-for ( c-addr u -- entry )    \ found or made
  locate @ dup if  nip nip  else  drop add-entry  0 over >value !  then ;

: entry? ( c-addr u -- entry | 0 )   locate @ nip nip ;

2 constant missing

: demand ( c-addr u -- n )      \ throws if there is no such key
  entry? dup 0= if  missing throw  then  >value @ ;

: remove ( link -- )            pop free-entries push  -1 #entries +! ;

: delete-key ( c-addr u -- flag )
  locate nip nip  dup @ if  remove true  else  drop false  then ;

\ Names for the goods, made of syllables

create label  longest 1+ allot

: start-label ( -- )            0 label c! ;
: add-char ( c -- )             label count + c!  label c@ 1+ label c! ;

: consonant ( n -- c )          s" bdfgklmnprstvz" drop + c@ ;
: vowel ( n -- c )              s" aeiou" drop + c@ ;
: syllable ( 0..69 -- )         5 /mod consonant add-char  vowel add-char ;

: name-of ( n -- c-addr u )     \ different for each number below 3000
  start-label  7919 * 13 +
  begin  70 /mod swap syllable  dup 0= until  drop
  label count ;

\ The same stock by article number

create stock  #goods cells allot
: in-stock ( n -- addr )        cells stock + ;

\ Transactions

variable seed
: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  15 rshift  swap mod ;

variable hits
variable misses
variable refused
variable deleted
variable wrong

: check ( flag -- )             0= if  1 wrong +!  then ;
: article ( -- n )              #goods random ;

: receive ( n -- )
  dup name-of entry-for >value  9 random 1+ tuck swap +!
  swap in-stock +! ;

: discontinue ( n -- )
  name-of delete-key dup check  if  1 deleted +!  then ;

: ship ( n -- )                 \ sends all there is
  dup in-stock dup @ 0= if  2drop exit  then
  0 swap !  discontinue ;

: look-up ( n -- )
  dup in-stock @ swap  name-of entry? dup if
    1 hits +!  >value @ = check
  else
    1 misses +!  drop 0= check
  then ;

: buy ( n -- )                \ takes one away, refused if there is none
  dup name-of ['] demand catch if
    2drop  1 refused +!  in-stock @ 0= check  exit
  then
  over in-stock @ = check
  -1 over in-stock +!  -1 over name-of entry-for >value +!
  dup in-stock @ if  drop  else  discontinue  then ;

: transaction ( -- )
  article 10 random case
    0 of  ship     endof
    1 of  buy    endof
    2 of  buy    endof
    3 of  look-up  endof
    4 of  look-up  endof
    5 of  look-up  endof
    >r receive r>
  endcase ;

\ Checks of the whole table

: chain-length ( link -- n )
  0 swap begin  @ dup while  swap 1+ swap >link  repeat  drop ;

: all-chains ( -- end start )   chains @ #chains @ cells bounds ;
: longest-chain ( -- n )        0 all-chains ?do  i chain-length max  cell +loop ;
: empty-chains ( -- n )         0 all-chains ?do  i @ 0= -  cell +loop ;
: counted ( -- n )              0 all-chains ?do  i chain-length +  cell +loop ;

: chain-value ( link -- n )
  0 swap begin  @ dup while  tuck >value @ + swap >link  repeat  drop ;
: table-value ( -- n )          0 all-chains ?do  i chain-value +  cell +loop ;
: stock-value ( -- n )          0 #goods 0 ?do  i in-stock @ +  loop ;
: #stocked ( -- n )             0 #goods 0 ?do  i in-stock @ 0<> -  loop ;

: checksum ( -- n )             \ of names and amounts, by article number
  0  #goods 0 ?do
    i name-of entry? dup if  dup >hash @ swap >value @ + + $ffffff and  else  drop  then
  loop ;

: check-all ( -- )
  #goods 0 ?do  i look-up  loop
  counted #entries @ = check  #stocked #entries @ = check  table-value stock-value = check ;

\ Report

: .example ( n -- )
  dup name-of 2dup type ."  " ['] demand catch if  2drop ." none"  else  0 .r  then
  drop  ."   " ;

: .statistics ( -- )
  ." entries " #entries @ .  ." allotted " #allotted @ .  ." deleted " deleted @ . cr
  ." chains " #chains @ .  ." empty " empty-chains .  ." longest " longest-chain .
  ." rehashed " #grown @ . ." times" cr
  ." searches " searches @ .  ." probes " probes @ . cr
  ." hits " hits @ .  ." misses " misses @ .  ." refused " refused @ . cr
  ." value " table-value .  ." expected " stock-value .  ." checksum " checksum . cr
  ." wrong " wrong @ . cr ;

: clear-out ( -- )              \ ship everything; nothing must remain
  #goods 0 ?do  i ship  loop
  ." after shipping everything: entries " #entries @ .  ." chained " counted .
  ." free " free-entries chain-length . cr ;

: clear ( -- )                  \ an empty table, an empty stock, all counters zero
  4 new-chains  stock #goods cells erase
  0 #entries !  0 free-entries !  0 #allotted !  0 #grown !  0 searches !  0 probes !
  0 hits !  0 misses !  0 refused !  0 deleted !  0 wrong ! ;

: main ( -- )
  31415 seed !  clear
  #transactions 0 ?do  transaction  loop
  check-all
  5 0 do  #goods 5 / i * .example  loop cr
  .statistics  clear-out ;

main
