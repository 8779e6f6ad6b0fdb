\ tokenizer: splits program text into tokens, driven by a table of states x character classes.
\
\ The scanner knows nothing of the language: each character is mapped to one of a dozen classes,
\ and a byte table says for every (state, class) which state follows or which kind of token ends
\ here.  Each kind of token has a handler in an execution table: words are interned in a hashed
\ symbol table, numbers are added up, and so on.  The text is a small program kept in chunks;
\ the later passes scan new texts, made of chunks in random order with other digits in them.
\ Category: scanners and front ends, as in the published parser generator benchmark (gray).

full? [if] 220 [else] 1 [then] constant #passes      \ passes over shuffled text

\ ---- numbered names ---------------------------------------------------------------------------

: enum ( n "name" -- n+1 )  dup constant 1+ ;

0 enum other  enum blank-space  enum line-end  enum letter  enum digit  enum quote
  enum slash  enum star  enum equal  enum relation  enum operator  enum bracket  enum finish
constant #classes

0 enum at-start  enum in-space  enum in-word  enum in-number  enum in-string  enum after-slash
  enum in-line  enum in-block  enum after-star  enum after-relation  enum in-junk
constant #states

0 enum spaces-kind  enum keyword-kind  enum word-kind  enum number-kind  enum string-kind
  enum comment-kind  enum operator-kind  enum bracket-kind  enum error-kind  enum end-kind
constant #kinds

\ ---- character classes ------------------------------------------------------------------------

create classes  256 allot   classes 256 other fill

: is-class ( class char -- )  classes + c! ;
: are-class ( class c-addr u -- )  bounds do  dup i c@ is-class  loop  drop ;
: range-class ( class first last -- )  1+ swap do  dup i is-class  loop  drop ;

letter char a char z range-class   letter char A char Z range-class   letter char _ is-class
digit char 0 char 9 range-class
blank-space bl is-class            line-end 10 is-class                finish 0 is-class
quote char " is-class              slash char / is-class              star char * is-class
equal char = is-class              relation s" <>!" are-class
operator s" +-%&|" are-class       bracket s" (){}[],;" are-class

\ ---- the table --------------------------------------------------------------------------------
\ An entry below 32 is the next state.  Others end the token: before or after this character.

create transitions  #states #classes * allot
variable row                                 \ the row being filled in

: before ( kind -- entry )  32 + ;
: after ( kind -- entry )  64 + ;
: from ( state -- )  #classes * transitions + row ! ;
: otherwise ( entry -- )  row @ #classes rot fill ;
: goes ( class entry -- )  swap row @ + c! ;

at-start from          error-kind after otherwise
  blank-space in-space goes       line-end in-space goes       letter in-word goes
  digit in-number goes            quote in-string goes        slash after-slash goes
  equal after-relation goes       relation after-relation goes
  star operator-kind after goes   operator operator-kind after goes
  bracket bracket-kind after goes finish end-kind before goes
in-space from          spaces-kind before otherwise
  blank-space in-space goes       line-end in-space goes
in-word from           word-kind before otherwise
  letter in-word goes             digit in-word goes
in-number from         number-kind before otherwise
  digit in-number goes            letter in-junk goes
in-string from         in-string otherwise
  quote string-kind after goes    line-end error-kind before goes
  finish error-kind before goes
after-slash from       operator-kind before otherwise
  slash in-line goes              star in-block goes
in-line from           in-line otherwise
  line-end comment-kind before goes   finish comment-kind before goes
in-block from          in-block otherwise
  star after-star goes            finish error-kind before goes
after-star from        in-block otherwise
  star after-star goes            slash comment-kind after goes
  finish error-kind before goes
after-relation from    operator-kind before otherwise
  equal operator-kind after goes
in-junk from           error-kind before otherwise
  letter in-junk goes             digit in-junk goes

\ ---- the scanner ------------------------------------------------------------------------------

: class ( char -- class )  classes + c@ ;
: next-entry ( class state -- entry )  #classes * + transitions + c@ ;
: ending? ( entry -- flag )  31 > ;
: kind ( entry -- kind )  31 and ;
: consumed ( entry -- 0|1 )  64 < 1+ ;

: run-table ( addr -- addr' entry )          \ from the start state to the end of one token
  at-start begin  over c@ class swap next-entry  dup ending? 0= while  swap 1+ swap  repeat ;
: next-token ( addr -- addr' kind )
  run-table  tuck consumed +  swap kind ;

\ ---- symbol table -----------------------------------------------------------------------------

begin-structure symbol
  field: sym-next   field: sym-uses   field: sym-kind   field: sym-length
end-structure

: sym-text ( sym -- c-addr u )  dup symbol + swap sym-length @ ;
: sym= ( c-addr u sym -- flag )  sym-text compare 0= ;

64 constant #buckets
create buckets  #buckets cells allot   buckets #buckets cells erase
variable #symbols   0 #symbols !

: text-hash ( c-addr u -- n )  0 -rot bounds ?do  31 * i c@ + $ffffff and  loop ;
: chain ( c-addr u -- addr )  text-hash #buckets 1- and cells buckets + ;

: seek ( c-addr u sym -- sym'|0 )            \ search a chain for the string
  begin  dup while
    >r 2dup r@ sym= if  2drop r> exit  then  r> sym-next @
  repeat  nip nip ;
: link-in ( sym chain -- )  2dup @ swap sym-next !  ! ;
: save-text ( c-addr u -- )  here over allot swap move  align ;
: add-symbol ( c-addr u -- sym )
  2dup chain >r  align here symbol allot  dup r> link-in
  0 over sym-uses !  word-kind over sym-kind !  2dup sym-length !
  >r save-text r>  1 #symbols +! ;
: intern ( c-addr u -- sym )
  2dup 2dup chain @ seek  dup if  nip nip  else  drop add-symbol  then ;

: keyword ( "name" -- )  parse-name intern  keyword-kind swap sym-kind ! ;
keyword if  keyword else  keyword while  keyword return  keyword int  keyword break

\ ---- one handler for each kind of token -------------------------------------------------------
\ A handler gets the token's text and may change its kind.

create tally  #kinds cells allot   tally #kinds cells erase
create handlers  #kinds cells allot
variable number-sum   0 number-sum !
variable string-chars   0 string-chars !
variable comment-chars   0 comment-chars !
variable operator-hash   0 operator-hash !

: count-kind ( kind -- )  cells tally + 1 swap +! ;
: value-of ( c-addr u -- n )  0. 2swap >number 2drop drop ;

: do-nothing ( c-addr u kind -- kind )  nip nip ;
: do-word ( c-addr u kind -- kind' )  drop intern  1 over sym-uses +!  sym-kind @ ;
: do-number ( c-addr u kind -- kind )
  -rot value-of number-sum @ + $fffffff and number-sum ! ;
: do-string ( c-addr u kind -- kind )  swap 2 - string-chars +!  nip ;
: do-comment ( c-addr u kind -- kind )  swap comment-chars +!  nip ;
: do-operator ( c-addr u kind -- kind )
  -rot text-hash operator-hash @ 7 * + $ffffff and operator-hash ! ;

: handles ( xt kind -- )  cells handlers + ! ;
: default-handlers ( -- )  #kinds 0 do  ['] do-nothing i handles  loop ;
default-handlers
' do-word word-kind handles          ' do-number number-kind handles
' do-string string-kind handles      ' do-comment comment-kind handles
' do-operator operator-kind handles

: handle ( c-addr u kind -- kind' )  dup cells handlers + @ execute ;
: token ( addr -- addr' kind )               \ scan, handle and count one token
  dup next-token >r  tuck over -  r> handle  dup count-kind ;
: tokenize ( addr -- )  begin  token end-kind = until  drop ;

\ ---- the source text --------------------------------------------------------------------------

create chunks  16 cells allot                \ where each chunk starts, and the end of the last
variable #chunks   0 #chunks !

: mark-chunk ( -- )  here chunks #chunks @ cells + ! ;
: chunk ( -- )  mark-chunk  1 #chunks +! ;
: | ( "line" -- )  10 parse  here over allot swap move  10 c, ;

chunk
| // count the primes below a limit
| int primes(int n) {
|   int k = 2, c = 0;
|   while (k < n) { if (isprime(k)) c = c + 1; k = k + 1; }
|   return c;
| }
chunk
| int isprime(int n) {
|   int d = 2;
|   while (d * d <= n) {
|     if (n % d == 0) return 0;      /* a divisor: not prime */
|     d = d + 1;
|   }
|   return 1;
| }
chunk
| /* greatest common divisor,
|    after Euclid ** the subtraction-free way **/
| int gcd(int a, int b) {
|   int t1;
|   while (b != 0) { t1 = a % b; a = b; b = t1; }
|   return a;
| }
chunk
| int table[256], x1 = 17, x2 = 40961;
| char greeting = "hello, // not a comment";
chunk
| int hash(int len) {
|   int h = 5381, i = 0;
|   while (i < len) { h = h * 33 + table[i]; i = i + 1; }
|   return h & 1048575;
| }
chunk
| // errors: a bad number, a bad character and an open string
|   x3 = 12ab + 7 @ 9;
|   say("never closed);
chunk
| int sort(int n) {
|   int i = 1, j;
|   while (i < n) {
|     j = i;
|     while (j > 0 & table[j-1] >= table[j]) { swap(j-1, j); j = j - 1; }
|     i = i + 1;
|   }
| }
chunk
| int main() {
|   print("primes", primes(1000)); print("gcd", gcd(3528, 3780));
|   if (x1 != x2 | x1 > 100) print("x", x1 - x2); else break;
| }
mark-chunk align

\ ---- texts made from the chunks ---------------------------------------------------------------

create text  6000 allot
variable #text
variable seed   2463 seed !
variable #chars   0 #chars !

: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift swap mod ;

: chunk-text ( n -- c-addr u )  cells chunks + 2@ swap over - ;
: text-end ( -- addr )  text #text @ + ;
: add-text ( c-addr u -- )  tuck text-end swap move  #text +! ;
: close-text ( -- )  0 text-end c!  #text @ #chars +! ;

: other-digit ( addr -- )  10 random [char] 0 + swap c! ;
: change-digits ( c-addr u -- )
  bounds do  i c@ class digit = if  i other-digit  then  loop ;

: original ( -- )  0 #text !  #chunks @ 0 do  i chunk-text add-text  loop  close-text ;
: shuffled ( -- )
  0 #text !  #chunks @ 0 do  #chunks @ random chunk-text add-text  loop
  text #text @ change-digits  close-text ;

\ ---- reports ----------------------------------------------------------------------------------

: kind-name ( kind -- c-addr u )
  case
    spaces-kind of s" spaces" endof      keyword-kind of s" keywords" endof
    word-kind of s" names" endof         number-kind of s" numbers" endof
    string-kind of s" strings" endof     comment-kind of s" comments" endof
    operator-kind of s" operators" endof bracket-kind of s" brackets" endof
    error-kind of s" errors" endof       >r s" ends" r>
  endcase ;
: .tally ( kind -- )  dup kind-name tuck type  12 swap - spaces  cells tally + @ 8 u.r cr ;
: .tallies ( -- )  #kinds 0 do  i .tally  loop ;

: .token ( addr -- addr' )                     \ print one token, skip spaces
  dup next-token spaces-kind = if  nip  else  tuck over - type space  then ;
: .tokens ( addr n -- )  0 do  .token  loop  drop ;

: .common ( sym -- )  dup sym-text type ." *" sym-uses @ 0 u.r space ;
: common? ( sym -- flag )  sym-uses @ #passes 1+ 8 * > ;
: .chain ( sym -- )
  begin  dup while  dup common? if  dup .common  then  sym-next @  repeat  drop ;
: .symbols ( -- )
  #buckets 0 do  i cells buckets + @ .chain  loop  cr ;

: .sums ( -- )
  ." characters   " #chars @ 9 u.r cr          ." symbols      " #symbols @ 9 u.r cr
  ." number sum   " number-sum @ 9 u.r cr      ." in strings   " string-chars @ 9 u.r cr
  ." in comments  " comment-chars @ 9 u.r cr   ." operator hash" operator-hash @ 9 u.r cr ;

: main ( -- )
  original  text tokenize
  ." tokens: " text 30 .tokens cr
  #passes 0 do  shuffled text tokenize  loop
  .tallies .sums  ." often used: " .symbols ;

main
