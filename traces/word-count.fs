\ word-count: counts how often each word occurs in a text and prints the most frequent ones.
\
\ The text is a page of prose kept in the dictionary, followed by sentences made up by a small
\ random grammar.  Words are cut out, turned to lower case and looked up in a binary tree whose
\ nodes are allotted as they are needed.  A walk over the tree collects the nodes in a vector,
\ and Shell's sort puts them in order of frequency, words of equal frequency alphabetically.
\ Category: the word frequency programs used to compare languages and string handling in Forth.

full? [if] 5000 [else] 4 [then] constant #sentences

\ The prose.  Each line is copied to the dictionary with a blank at its end;
\ the last paragraph is left out of the small size

: | ( "ccc<|>" -- )
  [char] | parse  here over allot swap move  bl c, ;

create prose
| The ferry crosses the river eleven times a day, and old Marten has counted every crossing|
| since the spring the bridge fell. He keeps the count in chalk on the inside of the cabin|
| door. When the door is full he copies the sum to a slate, wipes the door with his sleeve,|
| and begins again at one. Nobody asked him to count. The town pays him by the week, whether|
| the ferry carries a wagon of flour, a wedding, or nobody at all.|
| In the third summer a surveyor came to measure the river for the new bridge. She set up|
| her brass instrument on the landing, and she asked Marten how deep the water was, how fast|
| it ran in flood, and how many people wanted to reach the other side. Marten didn't know|
| the depth in any unit she could use: he knew it in lengths of his own pole. He knew the|
| flood by the stones it covered. But the people he knew exactly, and he opened the cabin|
| door and showed her the chalk, and then the slates, one for every season, in a row under|
| the bench.|
full? [if]
| She read the slates until the evening. The bridge, she said, would have to be wider than|
| the town had planned. It would have to carry the wagons of the mill and the wagons of the|
| market on the same morning, because the slates said so. Marten asked what a ferry was good|
| for when there was a bridge. The surveyor thought about the question longer than he had|
| expected. A bridge, she said at last, is only a count that somebody believed. Then she|
| paid her fare, and he made the twelfth crossing of the day, and wrote it on the door.|
[then]
here prose - constant #prose

\ Pseudo-random choice

variable seed
: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift  swap mod ;
: chance ( n -- flag )          random 0= ;      \ true once in n times

\ A buffer for a sentence

2000 constant room
create sentence  room allot
variable used

: put ( c-addr u -- )           \ strings that do not fit are dropped
  dup used @ + room > if  2drop exit  then
  tuck sentence used @ + swap move  used +! ;
: say ( c-addr u -- )           put s"  " put ;

\ Lexica: words that say one of their words at random

: text, ( c-addr u -- )
  dup c,  here over allot  swap move ;

: nth ( c-addr1 n -- c-addr2 )  0 ?do  count +  loop ;

: lexicon ( n "name" "word1" ... "wordn" -- )
  create  dup ,  0 ?do  parse-name text,  loop
  does> ( -- )  dup cell+ swap @ random nth count say ;

11 lexicon noun          miller ferry bridge river goose market surveyor lantern door slate wagon
 6 lexicon proper        Marten Agnes Corvin Odile Tobias Wenna
 5 lexicon determiner    the a every that no
 9 lexicon adjective     old wide crooked silent green heavy seventh patient empty
 8 lexicon transitive    counts carries follows mends paints forgets measures remembers
 6 lexicon intransitive  waits sinks returns sleeps turns hums
 6 lexicon adverb        slowly again twice tonight upstream alone
 6 lexicon preposition   under beside behind without near on
 4 lexicon conjunction   and but while because

\ The grammar

defer noun-phrase

: prepositional ( -- )          preposition noun-phrase ;

: common ( -- )
  determiner  3 chance if  adjective  then  noun  5 chance if  prepositional  then ;

:noname ( -- )
  4 chance if  proper  else  common  then ;
is noun-phrase

: verb-phrase ( -- )
  5 random case
    0 of  intransitive                endof
    1 of  intransitive adverb         endof
    2 of  intransitive prepositional  endof
    >r  transitive noun-phrase  r>
  endcase ;

: clause ( -- )                 noun-phrase verb-phrase ;

: make-sentence ( -- c-addr u )
  0 used !  clause  3 chance if  conjunction clause  then
  -1 used +!  s" ." put
  sentence used @ ;

\ Cutting out words

create folded  256 allot        \ the lower case of each letter, 0 for other characters

: fold ( c -- c' )              folded + c@ ;
: fold! ( c' c -- )             folded + c! ;

: fold-all ( -- )
  folded 256 erase
  26 0 do  [char] a i +  dup dup fold!  dup bl - fold!  loop
  [char] ' dup fold! ;

: skip-gap ( c-addr u -- c-addr' u' )
  begin  dup  while  over c@ fold 0=  while  1 /string  repeat then ;
: skip-word ( c-addr u -- c-addr' u' )
  begin  dup  while  over c@ fold  while  1 /string  repeat then ;

: next-word ( c-addr u -- c-addr' u' word u2 )
  skip-gap  2dup skip-word  2swap 2 pick - ;

24 constant longest
create lowered  longest allot

: lower-word ( c-addr u -- c-addr' u' )
  longest min  tuck lowered swap        ( u c-addr lowered u )
  0 ?do  over i + c@ fold  over i + c!  loop
  nip swap ;

\ The tree of words

begin-structure /node
  field: >left
  field: >right
  field: >count
  0 +field >word                \ counted string
end-structure

variable tree
variable #nodes
variable #words

: side ( sign node -- link )  swap 0< if  >left  else  >right  then ;

: locate ( c-addr u -- c-addr u link )  \ the link to the word's node, or the one to hang it on
  tree begin  dup @  while
    >r 2dup r@ @ >word count compare  dup while
    r> @ side
  repeat  drop r> then ;

: node ( c-addr u -- node )
  1 #nodes +!
  align here  /node allot  dup /node erase  -rot text, ;

: tally ( c-addr u -- )
  1 #words +!
  lower-word locate  dup @ 0= if  dup 2over node swap !  then
  @ >count 1 swap +!  2drop ;

: tally-text ( c-addr u -- )
  begin  next-word dup  while  tally  repeat  2drop 2drop ;

: walk ( xt node -- )           \ executes xt ( node -- ) for all nodes in alphabetical order
  dup 0= if  2drop exit  then
  2dup >left @ recurse  2dup swap execute  >right @ recurse ;

: tree-depth ( node -- n )
  dup if  dup >left @ recurse  swap >right @ recurse  max 1+  then ;

\ Ranking by frequency with Shell's sort

variable ranking                \ address of a vector of nodes

: collect ( -- )
  align here ranking !  ['] , tree @ walk ;

: ranked ( n -- addr )          cells ranking @ + ;
: frequency ( n -- u )          ranked @ >count @ ;

: alphabetic? ( node1 node2 -- flag )
  >r >word count  r> >word count  compare 0< ;

: ahead? ( node1 node2 -- flag )
  over >count @ over >count @
  2dup = if  2drop alphabetic?  else  > nip nip  then ;

variable gap                    \ in address units

: back ( addr -- addr' )        gap @ - ;

: sift ( addr -- )
  dup @ >r
  begin  dup back ranking @ u< 0=  while
    r@ over back @ ahead?  while
    dup back @ over !  back
  repeat then
  r> swap ! ;

: sift-all ( -- )
  #nodes @ ranked  ranking @ gap @ +  ?do  i sift  cell +loop ;

: wider ( n -- n' )             3 * 1+ ;
: first-gap ( -- n )
  1 begin  dup wider #nodes @ <  while  wider  repeat ;

: rank ( -- )
  first-gap begin  dup  while  dup cells gap !  sift-all  3 /  repeat  drop ;

\ Checks

: in-order? ( -- flag )
  true  #nodes @ 1 ?do  i 1- ranked @  i ranked @  ahead? and  loop ;
: total ( -- n )
  0  #nodes @ 0 ?do  i frequency +  loop ;
: once ( -- n )
  0  #nodes @ 0 ?do  i frequency 1 = -  loop ;
: checksum ( -- n )
  0  #nodes @ 0 ?do
    i frequency +  i ranked @ >word count bounds ?do  31 * i c@ +  $ffffff and  loop
  loop ;

\ Report

12 constant #top

: .entry ( n -- )
  dup 1+ 3 .r  dup frequency 7 .r  2 spaces  ranked @ >word count type cr ;
: .top ( -- )
  #nodes @ #top min 0 ?do  i .entry  loop ;

: yes/no ( flag -- )            if ." yes" else ." NO" then ;

: .summary ( -- )
  ." words " #words @ .  ." different " #nodes @ .  ." used once " once .
  ." depth of tree " tree @ tree-depth . cr
  ." in order " in-order? yes/no  ."   total " total #words @ = yes/no
  ."   checksum " checksum . cr ;

: first-sentence ( -- )
  make-sentence 2dup type cr  tally-text ;

: main ( -- )
  271828 seed !  fold-all  0 tree !  0 #nodes !  0 #words !
  prose #prose tally-text
  first-sentence
  #sentences 1 ?do  make-sentence tally-text  loop
  collect rank
  .summary .top ;

main
