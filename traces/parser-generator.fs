\ parser-generator: makes LL(1) parse tables from grammars and parses sentences with them.
\
\ A grammar is written in BNF with defining words; its symbols are Forth words in a word list of
\ their own.  Nullable symbols, first and follow sets (bits in a cell) are found by repeating
\ simple steps until nothing changes.  Sentences are derived at random from the grammar, every
\ second one is spoilt, and all are parsed with the generated table.  Then each production is
\ left out in turn, to see how many of the sentences need it.
\ Category: parser generators, as in the published benchmark gray.

full? [if] 150 [else] 6 [then] constant #sentences
full? [if] 99 [else] 0 [then] constant #left-out     \ how many productions to leave out

\ ---- grammars ---------------------------------------------------------------------------------
\ Terminals are numbered from 0, the end of the sentence; nonterminals from 32.

32 constant max-symbols
40 constant max-productions

begin-structure production-size
  field: left   field: length   field: active   8 +field symbols
end-structure

begin-structure grammar-size
  field: >#terminals   field: >#nonterminals   field: >#productions   field: >words
  field: >changed
  max-symbols 2* cells +field >names
  max-symbols cells +field >nullables        max-symbols cells +field >firsts
  max-symbols cells +field >follows          max-symbols cells +field >heights
  max-symbols cells +field >choices          max-symbols cells +field >#choices
  max-productions production-size * +field >productions
  max-symbols dup * +field >table
end-structure

0 value g                                    \ the grammar being worked on

: #terminals ( -- n )  g >#terminals @ ;
: #nonterminals ( -- n )  g >#nonterminals @ ;
: #productions ( -- n )  g >#productions @ ;
: production ( n -- production )  production-size * g >productions + ;
: name-of ( symbol -- addr )  cells g >names + ;
: nonterminal? ( symbol -- flag )  max-symbols and 0<> ;
: index ( symbol -- offset )  31 and cells ;
: >nullable ( symbol -- addr )  index g >nullables + ;
: >first ( symbol -- addr )  index g >firsts + ;
: >follow ( symbol -- addr )  index g >follows + ;
: >height ( symbol -- addr )  index g >heights + ;
: >choice ( symbol -- addr )  index g >choices + ;         \ its first production
: >count ( symbol -- addr )  index g >#choices + ;         \ number of its productions
: >entry ( terminal symbol -- addr )  31 and max-symbols * + g >table + ;
: right-side ( production -- c-addr u )  dup symbols swap length @ ;

\ ---- the notation -----------------------------------------------------------------------------

: keep-name ( c-addr u symbol -- )  here swap name-of !  dup c,  here over allot swap move  align ;
: symbol ( n "name" -- )                     \ defines a word that returns the symbol
  >in @ >r  parse-name 2 pick keep-name  r> >in !  constant ;
: terminal ( "name" -- )  #terminals symbol  1 g >#terminals +! ;
: nonterminal ( "name" -- )  #nonterminals max-symbols or symbol  1 g >#nonterminals +! ;

: terminals: ( n "name1..namen" -- )  0 do  terminal  loop ;
: nonterminals: ( n "name1..namen" -- )  0 do  nonterminal  loop ;

: grammar ( "name" -- )
  create  here to g  grammar-size allot  g grammar-size erase
  wordlist g >words !  get-order g >words @ swap 1+ set-order definitions
  s" $" 0 keep-name  1 g >#terminals !  does> ( -- )  to g ;
: end-grammar ( -- )  previous definitions ;

variable left-side
variable mark                                \ depth of the stack where a right side begins

: fill-symbols ( s1 .. sn n addr -- )
  swap begin  dup while  1-  rot >r  2dup + r> swap c!  repeat  2drop ;
: ::= ( symbol -- )  #productions over >choice !  left-side !  depth mark ! ;
: || ( s1 .. sn -- )                         \ ends a production
  depth mark @ -  #productions production
  dup active on  left-side @ over left !  2dup length !
  symbols fill-symbols  1 g >#productions +!  1 left-side @ >count +! ;
: ;; ( s1 .. sn -- )  || ;

grammar arithmetic
  9 terminals: id num + - * / ( ) ,
  8 nonterminals: <expr> <more> <term> <times> <factor> <call> <list> <rest>
  <expr> ::= <term> <more> ;;
  <more> ::= + <term> <more> || - <term> <more> || ;;
  <term> ::= <factor> <times> ;;
  <times> ::= * <factor> <times> || / <factor> <times> || ;;
  <factor> ::= ( <expr> ) || num || id <call> || - <factor> ;;
  <call> ::= ( <list> ) || ;;
  <list> ::= <expr> <rest> || ;;
  <rest> ::= , <expr> <rest> || ;;
end-grammar

grammar statements
  12 terminals: begin end if then else while do id := ; < num
  7 nonterminals: <block> <stmts> <stmt> <else> <test> <value> <name>
  <block> ::= begin <stmt> <stmts> end ;;
  <stmts> ::= ; <stmt> <stmts> || ;;
  <stmt> ::= <name> := <value> || if <test> then <stmt> <else> || while <test> do <stmt>
    || <block> || ;;
  <else> ::= else <stmt> || ;;
  <test> ::= <value> < <value> ;;
  <value> ::= <name> || num ;;
  <name> ::= id ;;
end-grammar

grammar data
  9 terminals: { } [ ] , : string number true
  6 nonterminals: <value> <members> <member> <more-members> <items> <more-items>
  <value> ::= { <members> } || [ <items> ] || string || number || true ;;
  <members> ::= <member> <more-members> || ;;
  <member> ::= string : <value> ;;
  <more-members> ::= , <member> <more-members> || ;;
  <items> ::= <value> <more-items> || ;;
  <more-items> ::= , <value> <more-items> || ;;
end-grammar

\ ---- fixpoints --------------------------------------------------------------------------------

: changed ( -- addr )  g >changed ;
: renew ( x addr -- )  2dup @ <> if  changed on  then  ! ;
: widen ( set addr -- )  tuck @ or swap renew ;

: productions-do ( xt -- )                   \ xt ( production -- )
  #productions 0 ?do
    i production active @ if  i production over execute  then
  loop  drop ;
: until-stable ( xt -- )
  begin  changed off  dup productions-do  changed @ 0= until  drop ;

: nullable? ( symbol -- flag )
  dup nonterminal? if  >nullable @  else  drop false  then ;
: all-nullable? ( c-addr u -- flag )
  bounds ?do  i c@ nullable? 0= if  false unloop exit  then  loop  true ;
: nullable-step ( production -- )
  dup right-side all-nullable? swap left @ >nullable widen ;

: bit ( terminal -- set )  1 swap lshift ;
: first ( symbol -- set )  dup nonterminal? if  >first @  else  bit  then ;
: first-of ( c-addr u -- set flag )          \ of a row of symbols; is all of it nullable?
  0 -rot bounds ?do
    i c@ first or  i c@ nullable? 0= if  false unloop exit  then
  loop  true ;
: first-step ( production -- )
  dup right-side first-of drop  swap left @ >first widen ;

: follow-symbol ( set symbol -- set' )       \ from what follows a symbol to what follows before it
  dup nonterminal? 0= if  nip bit exit  then
  2dup >follow widen
  dup first  swap nullable? if  or  else  nip  then ;
: follow-step ( production -- )
  dup left @ >follow @  swap right-side
  begin  dup while  1-  2dup + c@  3 roll swap follow-symbol  -rot  repeat  2drop drop ;

: start-symbol ( -- symbol )  max-symbols ;
: clear-sets ( -- )
  g >nullables max-symbols cells erase  g >firsts max-symbols cells erase
  g >follows max-symbols cells erase ;
: make-sets ( -- )
  clear-sets
  ['] nullable-step until-stable
  ['] first-step until-stable
  0 bit start-symbol >follow !  ['] follow-step until-stable ;

\ ---- the table --------------------------------------------------------------------------------

variable conflicts

: predicted ( production -- set )            \ the terminals that choose this production
  dup right-side first-of if  swap left @ >follow @ or  else  nip  then ;
: enter-choice ( n terminal symbol -- )      \ the earlier production wins
  >entry dup c@ if  2drop 1 conflicts +!  else  swap 1+ swap c!  then ;
: enter-choices ( n -- )
  dup production predicted
  #terminals 0 do
    dup i bit and if  over i over production left @ enter-choice  then
  loop  2drop ;
: make-table ( -- )
  g >table max-symbols dup * erase  0 conflicts !
  #productions 0 do  i production active @ if  i enter-choices  then  loop ;
: generate ( -- )  make-sets make-table ;

\ ---- the parser -------------------------------------------------------------------------------

301 constant rejected   302 constant too-deep

200 constant stack-size
create stack  stack-size allot
variable #stack
variable input   variable input-end
variable #steps   0 #steps !

: push ( symbol -- )
  #stack @ stack-size = if  too-deep throw  then  stack #stack @ + c!  1 #stack +! ;
: pop ( -- symbol )  -1 #stack +!  stack #stack @ + c@ ;
: push-all ( c-addr u -- )  begin  dup while  1- 2dup + c@ push  repeat  2drop ;
: token ( -- terminal )  input @ input-end @ u< if  input @ c@  else  0  then ;

: expand ( symbol -- )
  token swap >entry c@  dup 0= if  rejected throw  then
  1- production right-side push-all ;
: shift ( terminal -- )  token <> if  rejected throw  then  1 input +! ;
: parse-step ( -- )  1 #steps +!  pop dup nonterminal? if  expand  else  shift  then ;
: parse-tokens ( c-addr u -- )
  over + input-end !  input !  0 #stack !  0 push  start-symbol push
  begin  parse-step  #stack @ 0= until ;
: accepted? ( c-addr u -- flag )  ['] parse-tokens catch  dup if  nip nip  then  0= ;

\ ---- deriving sentences -----------------------------------------------------------------------
\ Deep down in the tree the production with the lowest tree is chosen, so that it ends.

variable seed   97 seed !
: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift swap mod ;

99 constant very-high

: height ( symbol -- n )  dup nonterminal? if  >height @  else  drop 0  then ;
: right-height ( production -- n )  0 swap right-side bounds ?do  i c@ height max  loop  1+ ;
: height-step ( production -- )
  dup right-height  swap left @ >height  tuck @ min  swap renew ;
: make-heights ( -- )
  #nonterminals 0 ?do  very-high i >height !  loop  ['] height-step until-stable ;

: random-choice ( symbol -- production )
  dup >count @ random  swap >choice @ +  production ;
: low-choice ( symbol -- production )        \ one of the symbol's own height
  dup >height @ swap >choice @
  begin  2dup production right-height <> while  1+  repeat  nip production ;
: choice ( symbol depth -- production )  0> if  random-choice  else  low-choice  then ;

32 constant longest
create sentence  longest allot   variable #sentence

: put-token ( terminal -- )
  #sentence @ longest = if  too-deep throw  then
  sentence #sentence @ + c!  1 #sentence +! ;
: derive ( depth symbol -- )
  dup nonterminal? 0= if  put-token drop exit  then
  over choice right-side bounds ?do  dup 1- i c@ recurse  loop  drop ;
: try-derive ( -- )  0 #sentence !  6 start-symbol derive ;
: new-sentence ( -- )                        \ try again if it gets too long
  begin  ['] try-derive catch 0=  #sentence @ 0<> and until ;
: spoil ( -- )  #terminals 1- random 1+  sentence #sentence @ random + c! ;

create corpus  #sentences longest 1+ * allot
: nth-sentence ( n -- addr )  longest 1+ * corpus + ;
: keep-sentence ( n -- )
  nth-sentence  #sentence @ over c!  1+ sentence swap #sentence @ move ;
: make-corpus ( -- )
  #sentences 0 do  new-sentence  i 1 and if  spoil  then  i keep-sentence  loop ;

: count-accepted ( parity -- n )             \ of every second sentence
  0 swap  #sentences swap ?do  i nth-sentence count accepted? -  2 +loop ;
: accepted ( -- n )  0 count-accepted  1 count-accepted + ;

\ ---- reports ----------------------------------------------------------------------------------

: .symbol ( symbol -- )  name-of @ count type space ;
: .set ( set -- )  #terminals 0 do  dup i bit and if  i .symbol  then  loop  drop ;
: .start ( -- )
  ."   start: first " start-symbol first .set  ." follow " start-symbol >follow @ .set cr ;

: set-size ( set -- n )  0  #terminals 0 do  over i bit and 0<> -  loop  nip ;
: sizes ( addr -- n )  0 swap  #nonterminals cells bounds ?do  i @ set-size +  1 cells +loop ;
: #nullables ( -- n )  0 g >nullables #nonterminals cells bounds ?do  i @ -  1 cells +loop ;
: #entries ( -- n )
  0  g >table max-symbols dup * bounds do  i c@ 0<> -  loop ;
: .sizes ( -- )
  ."   productions " #productions .  ." nullable " #nullables .  ." first " g >firsts sizes .
  ." follow " g >follows sizes .  ." table " #entries .  ." conflicts " conflicts @ . cr ;

: .corpus ( -- )
  ."   derived " #sentences 1+ 2/ . ." accepted " 0 count-accepted .
  ." spoilt " #sentences 2/ . ." accepted " 1 count-accepted . cr ;
: .sentence ( addr -- )  ."   " count bounds ?do  i c@ .symbol  loop  cr ;

: leave-out ( n -- )
  production active dup off  generate accepted .  on ;
: .needed ( -- )
  #left-out 0= if  exit  then
  ."   accepted without each production: "
  #productions #left-out min 0 do  i leave-out  loop  generate cr ;

\ Sentences written with the names of the terminals.

: named? ( c-addr u terminal -- flag )  name-of @ count compare 0= ;
: token-named ( c-addr u -- terminal )
  #terminals 0 do  2dup i named? if  2drop i unloop exit  then  loop  rejected throw ;
: before-blank ( c-addr u -- c-addr u' )
  2dup bounds ?do  i c@ bl = if  drop i over - leave  then  loop ;
: next-word ( c-addr u -- c-addr2 u2 c-addr1 u1 )
  2dup before-blank  dup >r 2swap r> 1+ over min /string 2swap ;
: read-sentence ( c-addr u -- )
  0 #sentence !  begin  dup while  next-word token-named put-token  repeat  2drop ;
: test ( c-addr u -- )
  ."   " 2dup type  read-sentence  sentence #sentence @ accepted?
  if  ."  -> yes"  else  ."  -> no at token " input @ sentence - 1+ .  then  cr ;

: work ( c-addr u -- )                       \ with the grammar g
  type cr  generate make-heights make-corpus
  .sizes .start .corpus  0 nth-sentence .sentence  .needed ;

: main ( -- )
  arithmetic s" arithmetic" work
  s" id + num * ( id - num ) / id" test   s" id ( num , id ( ) ) - - num" test
  s" ( id + ) num" test                   s" id num" test
  statements s" statements" work
  s" begin id := num ; if id < num then if num < id then begin end else id := id end" test
  s" begin while id do end" test
  [ full? ] literal if  data s" data" work  then
  ." steps " #steps @ . cr ;

main
