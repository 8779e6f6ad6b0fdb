\ compiler: a recursive-descent compiler for a tiny language, and the stack machine it compiles for.
\
\ The language has numbers, variables, arrays, assignments, if/else, while and print.  Every rule of
\ the grammar is one word; it compiles bytecode while it parses, and mistakes are thrown as
\ exceptions.  The machine keeps its operands on the data stack, so many of its instructions are
\ plain Forth words.  Four programs are compiled and run for growing sizes n, then some bad ones.
\ Category: compilers and virtual machines, as in the published benchmarks cross and vmgen.

full? [if] 20 [else] 1 [then] constant #rounds
full? [if] 11 [else] 4 [then] constant first-size

\ ---- errors -----------------------------------------------------------------------------------

101 constant bad-token      102 constant bad-factor     103 constant undeclared
104 constant redeclared     105 constant bad-index      106 constant divide-by-zero

: message ( n -- c-addr u )
  case
    bad-token of s" unexpected token" endof     bad-factor of s" operand expected" endof
    undeclared of s" undeclared array" endof    redeclared of s" declared twice" endof
    bad-index of s" index out of range" endof   divide-by-zero of s" division by zero" endof
    >r s" other exception" r>
  endcase ;

\ ---- the machine ------------------------------------------------------------------------------

2000 constant code-size     create bytecode  code-size allot
32 constant #variables      create variables  #variables cells allot
600 constant heap-size      create heap  heap-size cells allot

variable ip                                  \ address of the next instruction byte
variable running
defer put ( n -- )                           \ what print does

create instructions  32 cells allot          \ execution token for each instruction
variable #instructions   0 #instructions !

: instruction ( xt "name" -- )               \ the name returns the instruction's number
  #instructions @  tuck cells instructions + !  constant  1 #instructions +! ;

: next-byte ( -- u )  ip @ c@  1 ip +! ;
: next-word ( -- u )  next-byte next-byte 8 lshift or ;
: next-address ( -- addr )  next-word bytecode + ;

: do-literal ( -- n )  next-word next-word 16 lshift or ;
: do-load ( -- n )  next-byte cells variables + @ ;
: do-store ( n -- )  next-byte cells variables + ! ;
: do-index ( i -- addr )                     \ operands: base and size of the array
  next-word next-word  2 pick swap u< 0= if  bad-index throw  then  + cells heap + ;
: do-jump ( -- )  next-address ip ! ;
: do-branch ( flag -- )  next-address swap if  drop  else  ip !  then ;
: do-halt ( -- )  running off ;
: ?zero ( n -- n )  dup 0= if  divide-by-zero throw  then ;
: do-divide ( n1 n2 -- n3 )  ?zero / ;
: do-modulo ( n1 n2 -- n3 )  ?zero mod ;
: boolean ( flag -- 0|1 )  1 and ;
: do-less ( n1 n2 -- 0|1 )  < boolean ;
: do-greater ( n1 n2 -- 0|1 )  > boolean ;
: do-less-equal ( n1 n2 -- 0|1 )  > 1+ ;
: do-greater-equal ( n1 n2 -- 0|1 )  < 1+ ;
: do-equal ( n1 n2 -- 0|1 )  = boolean ;
: do-unequal ( n1 n2 -- 0|1 )  <> boolean ;
: do-not ( n -- 0|1 )  0= boolean ;
: do-assign ( addr n -- )  swap ! ;
: do-print ( n -- )  put ;

' do-halt instruction %halt            ' do-literal instruction %literal
' do-load instruction %load            ' do-store instruction %store
' do-index instruction %index          ' @ instruction %fetch
' do-assign instruction %assign                ' do-jump instruction %jump
' do-branch instruction %branch        ' do-print instruction %print
' + instruction %add                   ' - instruction %subtract
' * instruction %multiply              ' do-divide instruction %divide
' do-modulo instruction %modulo        ' negate instruction %negate
' do-less instruction %less            ' do-greater instruction %greater
' do-less-equal instruction %less=     ' do-greater-equal instruction %greater=
' do-equal instruction %equal          ' do-unequal instruction %unequal
' and instruction %and                 ' or instruction %or
' do-not instruction %not

: step ( -- )  next-byte cells instructions + @ execute ;
: run ( -- )
  heap heap-size cells erase  bytecode ip !  running on
  begin  step  running @ 0= until ;

\ ---- code generation ---------------------------------------------------------------------------

variable code-length

: code-here ( -- addr )  bytecode code-length @ + ;
: byte, ( u -- )  code-here c!  1 code-length +! ;
: word! ( u addr -- )  2dup c!  swap 8 rshift swap 1+ c! ;
: word, ( u -- )  code-here word!  2 code-length +! ;
: literal, ( n -- )  %literal byte,  dup word,  16 rshift word, ;
: jump, ( instruction -- fixup )  byte, code-here  0 word, ;
: resolve ( fixup -- )  code-length @ swap word! ;
: jump-back, ( target -- )  %jump byte, word, ;

\ ---- scanner ----------------------------------------------------------------------------------
\ The kind of a token is a small number, or its character, or character+128 if = follows it.

0 constant end-token    1 constant number-token    2 constant name-token

variable first-char   variable at-char   variable last-char
variable token-kind   variable token-value   2variable token-text

: peek ( -- char )  at-char @ last-char @ u< if  at-char @ c@  else  0  then ;
: advance ( -- )  1 at-char +! ;
: decimal? ( char -- flag )  [char] 0 - 10 u< ;
: letter? ( char -- flag )  [char] a - 26 u< ;
: skip-blanks ( -- )  begin  peek bl =  while  advance  repeat ;

: scan-number ( -- )
  0 begin  peek decimal?  while  10 * peek [char] 0 - +  advance  repeat
  token-value !  number-token token-kind ! ;
: scan-name ( -- )
  at-char @  begin  peek letter?  while  advance  repeat
  at-char @ over - token-text 2!  name-token token-kind ! ;
: scan-end ( -- )  end-token token-kind ! ;
: scan-mark ( -- )
  peek advance  peek [char] = = if  advance 128 +  then  token-kind ! ;

: next-token ( -- )
  skip-blanks  peek
  dup decimal? if  drop scan-number  exit then
  dup letter? if  drop scan-name  exit then
  if  scan-mark  else  scan-end  then ;

: is? ( kind -- flag )  token-kind @ = ;
: demand ( kind -- )  is? 0= if  bad-token throw  then  next-token ;
: word? ( c-addr u -- flag )                 \ skips the word if it is the token
  name-token is? if  token-text 2@ compare 0= dup if  next-token  then
  else  2drop false  then ;

\ ---- names ------------------------------------------------------------------------------------

begin-structure entry
  field: entry-text   field: entry-length   field: entry-base   field: entry-size
end-structure

create names  #variables entry * allot
variable #names   variable heap-used

: nth-name ( n -- entry )  entry * names + ;
: text= ( c-addr u entry -- flag )  dup entry-text @ swap entry-length @ compare 0= ;
: find-name? ( c-addr u -- n true | false )
  #names @ 0 ?do  2dup i nth-name text= if  2drop i true unloop exit  then  loop  2drop false ;
: new-name ( c-addr u -- n )
  #names @ dup >r nth-name  tuck entry-length !  tuck entry-text !  0 swap entry-size !
  1 #names +!  r> ;
: variable-number ( c-addr u -- n )
  2dup find-name? if  nip nip  else  new-name  then ;
: the-name ( -- n )                          \ the token as a variable
  name-token is? 0= if  bad-token throw  then
  token-text 2@ variable-number  next-token ;
: array? ( n -- flag )  nth-name entry-size @ 0<> ;
: declare ( n size -- )
  over array? if  redeclared throw  then
  heap-used @ 2 pick nth-name entry-base !  dup heap-used +!  swap nth-name entry-size ! ;
: index, ( n -- )
  dup array? 0= if  undeclared throw  then
  nth-name  %index byte,  dup entry-base @ word,  entry-size @ word, ;

\ ---- expressions ------------------------------------------------------------------------------

defer expression ( -- )

: parenthesis ( -- )  next-token expression  [char] ) demand ;
: element ( n -- )  next-token  expression  [char] ] demand  index, ;
: operand ( -- )
  the-name  [char] [ is? if  element  %fetch byte,  else  %load byte, byte,  then ;
: factor ( -- )
  token-kind @ case
    number-token of  token-value @ literal,  next-token  endof
    name-token of  operand  endof
    [char] ( of  parenthesis  endof
    [char] - of  next-token recurse %negate byte,  endof
    [char] ! of  next-token recurse %not byte,  endof
    bad-factor throw
  endcase ;

: product-operator ( -- instruction true | false )
  token-kind @ case
    [char] * of %multiply true endof   [char] / of %divide true endof
    [char] % of %modulo true endof     false swap
  endcase ;
: sum-operator ( -- instruction true | false )
  token-kind @ case
    [char] + of %add true endof   [char] - of %subtract true endof   false swap
  endcase ;
: relation ( -- instruction true | false )
  token-kind @ case
    [char] < of %less true endof           [char] > of %greater true endof
    [char] < 128 + of %less= true endof    [char] > 128 + of %greater= true endof
    [char] = 128 + of %equal true endof    [char] ! 128 + of %unequal true endof
    false swap
  endcase ;
: logic-operator ( -- instruction true | false )
  token-kind @ case
    [char] & of %and true endof   [char] | of %or true endof   false swap
  endcase ;

: product ( -- )  factor  begin  product-operator while  next-token >r factor r> byte,  repeat ;
: sum ( -- )  product  begin  sum-operator while  next-token >r product r> byte,  repeat ;
: comparison ( -- )  sum  relation if  next-token >r sum r> byte,  then ;
: logic ( -- )
  comparison  begin  logic-operator while  next-token >r comparison r> byte,  repeat ;
' logic is expression

\ ---- statements -------------------------------------------------------------------------------

defer statement ( -- )

: end-statement ( -- )  [char] ; demand ;
: print-statement ( -- )  expression end-statement  %print byte, ;
: array-statement ( -- )
  the-name  token-value @  number-token demand  declare  end-statement ;
: while-statement ( -- )
  code-length @  expression  %branch jump,  statement  swap jump-back,  resolve ;
: else-part ( fixup -- fixup' )  %jump jump,  swap resolve  statement ;
: if-statement ( -- )
  expression  %branch jump,  statement  s" else" word? if  else-part  then  resolve ;
: compound ( -- )  begin  [char] } is? 0= while  statement  repeat  next-token ;

: to-variable ( n -- )  [char] = demand  expression  %store byte, byte, ;
: to-element ( n -- )
  element  [char] = demand  expression  %assign byte, ;
: assignment ( -- )
  the-name  [char] [ is? if  to-element  else  to-variable  then  end-statement ;

: any-statement ( -- )
  [char] { is? if  next-token compound  exit then
  s" while" word? if  while-statement  exit then
  s" if" word? if  if-statement  exit then
  s" print" word? if  print-statement  exit then
  s" array" word? if  array-statement  exit then
  assignment ;
' any-statement is statement

: start-text ( c-addr u -- )  over + last-char !  dup first-char !  at-char !  next-token ;
: start-names ( -- )  0 #names !  0 heap-used !  s" n" new-name drop ;
: compile-text ( c-addr u -- )
  0 code-length !  start-names  start-text
  begin  end-token is? 0= while  statement  repeat  %halt byte, ;

\ ---- the programs -----------------------------------------------------------------------------

variable entering                             \ the program that is being entered

: program ( "name" -- )  create  here entering !  0 ,  does> ( -- c-addr u )  dup cell+ swap @ ;
: line ( c-addr u -- )  dup 1+ entering @ +!  here over allot swap move  bl c, ;

program primes
  s" array composite 500;  limit = n * 6;  count = 0;  last = 0;  i = 2;" line
  s" while i <= limit {" line
  s"   if !composite[i] {" line
  s"     count = count + 1;  last = i;  j = i * i;" line
  s"     while j <= limit { composite[j] = 1;  j = j + i; }" line
  s"   }" line
  s"   i = i + 1;" line
  s" }" line
  s" print count;  print last;" line

program collatz
  s" best = 0;  start = 1;" line
  s" while start < n {" line
  s"   x = start;  steps = 0;" line
  s"   while x != 1 {" line
  s"     if x % 2 == 0  x = x / 2;  else x = 3 * x + 1;" line
  s"     steps = steps + 1;" line
  s"   }" line
  s"   if steps > best { best = steps;  where = start; }" line
  s"   start = start + 1;" line
  s" }" line
  s" print where;  print best;" line

program sorting
  s" array a 100;  array sorted 1;" line
  s" x = 1;  i = 1;  a[0] = -1;" line
  s" while i <= n { x = (x * 137 + 29) % 1009;  a[i] = x;  i = i + 1; }" line
  s" i = 2;  moves = 0;" line
  s" while i <= n {" line
  s"   v = a[i];  j = i;" line
  s"   while a[j - 1] > v { a[j] = a[j - 1];  j = j - 1;  moves = moves + 1; }" line
  s"   a[j] = v;  i = i + 1;" line
  s" }" line
  s" i = 1;  sorted[0] = 1;" line
  s" while i < n { sorted[0] = sorted[0] & (a[i] <= a[i + 1]);  i = i + 1; }" line
  s" print sorted[0];  print a[1];  print a[n];  print moves;" line

program coprimes
  s" count = 0;  i = 1;" line
  s" while i <= n {" line
  s"   j = 1;" line
  s"   while j <= i {" line
  s"     a = i;  b = j;" line
  s"     while b { t = a % b;  a = b;  b = t; }" line
  s"     if a == 1 { if i == j count = count + 1;  else count = count + 2; }" line
  s"     j = j + 1;" line
  s"   }" line
  s"   i = i + 1;" line
  s" }" line
  s" x = 6 * n * n * 10000 / count;  r = x;  s = 0;" line
  s" while r != s & r != s + 1 { s = r;  r = (r + x / r) / 2; }" line
  s" print count;  print r;" line

\ ---- running them -----------------------------------------------------------------------------

variable digest   0 digest !                 \ of all numbers printed
variable printed   0 printed !

: note ( n -- )  digest @ 31 * + $7ffffff and digest !  1 printed +! ;
: show ( n -- )  dup . note ;

: compile&run ( c-addr u n -- )
  variables #variables cells erase  variables !  compile-text  run ;
: run-all ( n -- )
  >r  primes r@ compile&run  collatz r@ compile&run
  sorting r@ compile&run  coprimes r> compile&run ;

: .size ( -- )  ." (" code-length @ 0 u.r ."  bytes) " ;
: show-all ( n -- )
  ." n = " dup . cr  >r
  ."   primes, last prime:    " primes r@ compile&run .size cr
  ."   longest collatz run:   " collatz r@ compile&run .size cr
  ."   sorted, ends, moves:   " sorting r@ compile&run .size cr
  ."   coprimes, 100 x pi:    " coprimes r> compile&run .size cr ;

: .mistake ( n -- )  message type  ."  at " at-char @ first-char @ - . ;
: attempt ( c-addr u -- )
  2dup type ."  -> "  0 ['] compile&run catch
  dup if  .mistake 2drop drop  else  drop ." no error "  then  cr ;
: attempts ( -- )
  s" x = (1 + 2;" attempt                  s" print 3 + ;" attempt
  s" print a[1];" attempt                  s" array a 5; array a 6;" attempt
  s" array a 5; m = 5; a[m] = 1;" attempt  s" m = 7; print n / (m - 7);" attempt ;

: main ( -- )
  ['] show is put  first-size show-all
  ['] note is put  #rounds 1 ?do  first-size i + run-all  loop
  ['] show is put  #rounds 1 > if  first-size #rounds + show-all  then
  attempts
  ." numbers printed " printed @ .  ." digest " digest @ . cr ;

main
