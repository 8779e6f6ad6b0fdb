\ regex: compiles regular expressions to nondeterministic automata and runs them over texts.
\
\ The pattern is parsed by recursive descent; each part becomes a few nodes (Thompson's way).  A
\ node holds two execution tokens: how it is entered and which characters it accepts.  Running
\ means keeping the set of nodes that can be reached, so no pattern needs more than linear time.
\ Patterns know . * + ? | ( ) [a-z] [^a-z] ^ $ and \ before a character to be taken as it is.
\ Category: generators and pattern matching, as in the published benchmarks gray and vmgen.

full? [if] 700 [else] 60 [then] constant text-size
full? [if] 16 [else] 1 [then] constant #rounds
full? [if] 24 [else] 5 [then] constant hard          \ size of the hard pattern

\ ---- nodes ------------------------------------------------------------------------------------

begin-structure node
  field: node-enter                          \ xt ( node -- ) how it is entered
  field: node-accepts                        \ xt ( char node -- flag )
  field: node-next                           \ the node that follows
  field: node-other                          \ another one, for alternatives
  field: node-what                           \ the character or the class
  field: node-seen                           \ the last step in which it was entered
end-structure

200 constant max-nodes
create nodes  max-nodes node * allot
variable #nodes

10 constant max-classes
create classes  max-classes 128 * allot      \ one byte for each character
variable #classes

101 constant too-big   102 constant missing-bracket   103 constant missing-operand
104 constant missing-parenthesis   105 constant left-over

: new-node ( what accepts enter -- node )
  #nodes @ max-nodes = if  too-big throw  then
  #nodes @ node * nodes +  1 #nodes +!
  tuck node-enter !  tuck node-accepts !  tuck node-what !
  0 over node-next !  0 over node-other !  0 over node-seen ! ;
: new-class ( -- class )
  #classes @ max-classes = if  too-big throw  then
  #classes @ 128 * classes +  1 #classes +!  dup 128 erase ;

\ ---- sets of nodes ----------------------------------------------------------------------------

create set1  max-nodes cells allot   variable set1-size
create set2  max-nodes cells allot   variable set2-size
set1 value reached                           \ the nodes reached after the present character
set2 value before                            \ those before it
variable #reached   variable #before
variable step#                               \ number of the step: marks nodes as seen
variable accepted                            \ was the final node entered?

variable text-start   variable text-end   variable position

: enter ( node -- )
  dup node-seen @ step# @ = if  drop exit  then
  step# @ over node-seen !  dup node-enter @ execute ;

: wait ( node -- )  #reached @ cells reached + !  1 #reached +! ;
: both ( node -- )  dup node-other @ enter  node-next @ enter ;
: through ( node -- )  node-next @ enter ;
: at-start ( node -- )  position @ text-start @ = if  through  else  drop  then ;
: at-end ( node -- )  position @ text-end @ = if  through  else  drop  then ;
: accept-all ( node -- )  drop accepted on ;

: nothing ( char node -- flag )  2drop false ;
: this-char ( char node -- flag )  node-what @ = ;
: any-char ( char node -- flag )  2drop true ;
: in-class ( char node -- flag )  node-what @ + c@ 0<> ;

: new-step ( -- )
  reached before to reached to before  #reached @ #before !
  0 #reached !  1 step# +!  accepted off ;
: advance ( char -- )                        \ go from one set to the next
  new-step
  before #before @ cells bounds ?do
    dup i @ dup node-accepts @ execute if  i @ through  then
  1 cells +loop  drop ;

\ ---- compiler ---------------------------------------------------------------------------------
\ A part of the automaton is a pair of nodes: first is entered first, from last the link is open.

variable pattern-at   variable pattern-end
defer alternatives ( -- first last )

: more? ( -- flag )  pattern-at @ pattern-end @ u< ;
: peek-char ( -- char )  more? if  pattern-at @ c@  else  0  then ;
: skip-char ( -- )  1 pattern-at +! ;
: next-char ( -- char )  peek-char skip-char ;
: skip? ( char -- flag )  peek-char = dup if  skip-char  then ;

: single ( what accepts -- first last )  ['] wait new-node dup ;
: special ( enter -- first last )  0 ['] nothing rot new-node dup ;
: join ( -- node )  0 ['] nothing ['] through new-node ;
: fork ( other -- node )  0 ['] nothing ['] both new-node  tuck node-other ! ;
: link ( node1 node2 -- )  swap node-next ! ;

: range ( class first last -- )  1+ swap ?do  1 over i + c!  loop  drop ;
: class-item ( class -- )
  next-char  dup 0= if  missing-bracket throw  then
  [char] - skip? if  next-char  else  dup  then  range ;
: complement ( class -- )  128 bounds do  i c@ 0= 1 and i c!  loop ;
: bracket ( -- first last )
  new-class  [char] ^ skip?
  over class-item  begin  [char] ] skip? 0= while  over class-item  repeat
  if  dup complement  then  ['] in-class single ;
: parenthesis ( -- first last )
  alternatives  [char] ) skip? 0= if  missing-parenthesis throw  then ;

: operand? ( -- flag )                       \ can a part of a sequence start here?
  peek-char case  0 of false endof  [char] | of false endof  [char] ) of false endof
    true swap  endcase ;
: ?repeatable ( char -- char )
  dup [char] * =  over [char] + = or  over [char] ? = or  if  missing-operand throw  then ;
: operand ( -- first last )
  next-char ?repeatable case
    [char] ( of  parenthesis  endof
    [char] [ of  bracket  endof
    [char] . of  0 ['] any-char single  endof
    [char] ^ of  ['] at-start special  endof
    [char] $ of  ['] at-end special  endof
    [char] \ of  next-char ['] this-char single  endof
    dup ['] this-char single  rot
  endcase ;

: starred ( first last -- first' last' )  swap fork  tuck link  dup ;
: repeated ( first last -- first' last' )  over fork  tuck link ;
: optional ( first last -- first' last' )  swap fork  join  rot over link  2dup link ;
: repetition ( -- first last )
  operand  begin
    [char] * skip? if  starred true  else
    [char] + skip? if  repeated true  else
    [char] ? skip? if  optional true  else  false  then then then
  0= until ;

: sequence ( -- first last )
  operand? 0= if  join dup exit  then
  repetition  begin  operand? while  repetition  >r link r>  repeat ;
: either ( first1 last1 first2 last2 -- first last )
  join >r  r@ link  swap r@ link  fork tuck node-next !  r> ;
: some-alternatives ( -- first last )
  sequence  begin  [char] | skip? while  sequence either  repeat ;
' some-alternatives is alternatives

variable first-node
: compile-pattern ( c-addr u -- )
  over + pattern-end !  pattern-at !  0 #nodes !  0 #classes !  0 step# !
  alternatives  more? if  left-over throw  then
  0 ['] nothing ['] accept-all new-node link  first-node ! ;

\ ---- matching ---------------------------------------------------------------------------------

: begin-set ( -- )  0 #reached !  new-step  first-node @ enter ;
: going? ( -- flag )  #reached @ 0<>  position @ text-end @ u<  and ;
: next-position ( -- char )  position @ c@  1 position +! ;
: longest ( addr -- end | 0 )                \ the longest match that starts at the address
  position !  begin-set  0
  begin
    accepted @ if  drop position @  then
    going? while
    next-position advance
  repeat ;

: in-text ( c-addr u -- )  over text-start !  + text-end ! ;
: whole? ( c-addr u -- flag )  in-text  text-start @ longest  text-end @ = ;

: find-from ( addr -- start end | 0 0 )
  begin  dup text-end @ u> 0= while
    dup longest  dup if  exit  then  drop 1+
  repeat  drop 0 0 ;

\ ---- tests ------------------------------------------------------------------------------------
\ Kept as a row of counted strings, each after a byte that tells what it is; 0 ends the row.

1 constant pattern-tag   2 constant yes-tag   3 constant no-tag   4 constant bad-tag

: text, ( c-addr u -- )  dup c,  here over allot swap move ;
: words, ( tag -- )                          \ all words up to / or the end of the line
  begin  parse-name 2dup s" /" compare 0= over 0= or 0= while
    2 pick c, text,
  repeat  2drop drop ;

: pattern: ( "pattern" -- )  pattern-tag c,  parse-name text, ;
: yes: ( "text..." -- )  yes-tag words, ;
: no: ( "text..." -- )  no-tag words, ;
: bad: ( "pattern..." -- )  bad-tag words, ;

create tests
pattern: abc              yes: abc /                  no: ab abcd xabc
pattern: a.c              yes: abc a.c /              no: ac abbc
pattern: ab*c             yes: ac abc abbbc /         no: abb bc
pattern: ab+c?            yes: ab abbc /              no: ac abcc
pattern: (ab)*            yes: ab ababab /            no: aba ba
pattern: a|bc|d*          yes: a bc ddd /             no: abc dda
pattern: (a|b)*abb        yes: abb babaabb /          no: abba bab
pattern: x(yz?|w)+        yes: xyzyw xw /             no: x xzy
pattern: [a-f0-9]+        yes: c0ffee 1234 /          no: 12h4 -1
pattern: -?[0-9]+(\.[0-9]+)?   yes: -12 3.14 0 /      no: 3. .5 --1
pattern: [^aeiou]+        yes: rhythm why /           no: queue fly-a
pattern: [a-z]+@[a-z]+(\.[a-z]+)+   yes: me@home.org /   no: me@home @a.b
pattern: (0|1(01*0)*1)*   yes: 0 11 110 1001 /        no: 1 10 111 10000
pattern: a\*\(b\)         yes: a*(b) /                no: aa(b) ab
pattern: ((a*)*b?)*       yes: aabaaab b /            no: abc
pattern: ^a+$|^b$         yes: aaa b /                no: ab bb
bad: a( (a a) *a [ab a|*
0 c, align

variable faults   0 faults !
: check ( flag -- )  0= if  1 faults +!  then ;

: yes ( c-addr u -- )  whole? dup check  if  ." +"  else  ." !"  then ;
: no ( c-addr u -- )  whole? dup 0= check  if  ." !"  else  ." -"  then ;
: pattern ( c-addr u -- )  cr 2dup type  28 over - spaces  compile-pattern ;
: bad ( c-addr u -- )
  cr 2dup type ."  -> error "  ['] compile-pattern catch  dup 0<> check  . 2drop ;
: try-one ( c-addr u tag -- )
  case
    pattern-tag of pattern endof   yes-tag of yes endof
    no-tag of no endof             bad-tag of bad endof
  endcase ;
: try-all ( -- )
  tests begin  dup c@ while
    dup >r  1+ count 2dup + -rot  r> c@ try-one
  repeat  drop cr ;

\ ---- searching in texts -----------------------------------------------------------------------

create text  text-size allot
variable seed   5150 seed !
variable matches   variable matched          \ number and sum of lengths

: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift swap mod ;
: random-char ( -- char )  s" aaabbbccde  01234 .-" random + c@ ;
: make-text ( -- )  text text-size bounds do  random-char i c!  loop ;

: note-match ( start end -- )  1 matches +!  swap - matched +! ;
: beyond ( start end -- addr )  2dup = if  1+  then  nip ;
: count-matches ( c-addr u -- )
  in-text  text-start @
  begin  find-from dup while  2dup note-match beyond  repeat  2drop ;
: search-texts ( c-addr u -- )
  0 matches !  0 matched !  5150 seed !  2dup compile-pattern
  #rounds 0 do  make-text text text-size count-matches  loop
  2dup type  28 swap - spaces drop  matches @ 6 u.r  matched @ 7 u.r cr ;

create hard-pattern  hard 3 * allot

: make-hard ( -- c-addr u )                  \ a?a?a?...aaa...
  hard-pattern hard 3 * [char] a fill
  hard 0 do  [char] ? hard-pattern i 2* 1+ + c!  loop
  hard-pattern hard 3 * ;
: try-length ( flag n -- )  text swap whole? = check ;
: try-hard ( -- )                            \ matches hard to 2 * hard letters
  make-hard compile-pattern  text text-size [char] a fill
  false hard 1- try-length   true hard try-length
  true hard 2* try-length    false hard 2* 1+ try-length
  ." hard pattern of " hard 3 * . ." characters, " #nodes @ . ." nodes" cr ;

: main ( -- )
  ." whole texts:" try-all
  ." searching, matches and their characters:" cr
  s" [a-c]+[0-9]" search-texts          s" (ab|ba)+c?" search-texts
  s" [0-9]+(\.[0-9]+)?" search-texts    s" e$|^.|b[^ ]*e" search-texts
  try-hard  ." faults " faults @ . cr ;

main
