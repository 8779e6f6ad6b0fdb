\ lz: compresses texts with a sliding window (LZSS), unpacks them again and compares.
\
\ A packed text is a row of groups: a byte of eight flags, then eight items.  An item is a byte
\ as it is, or two bytes for a copy of 3 to 18 characters from up to 4096 characters before.  The
\ packer finds earlier places through chains of positions with equal hashes; the effort says how
\ far a chain is followed.  Texts of four kinds are made: prose, numbers, runs and noise.
\ Category: text and byte processing, as in the published generators vmgen and gray.

full? [if] 8000 [else] 110 [then] constant text-size
full? [if] 40 [else] 12 [then] constant high-effort
3 constant low-effort

\ ---- the text ---------------------------------------------------------------------------------

create text  text-size allot
variable #text

: at ( pos -- addr )  text + ;
: put ( char -- )
  #text @ text-size < if  #text @ at c!  1 #text +!  else  drop  then ;
: puts ( c-addr u -- )  bounds ?do  i c@ put  loop ;

variable seed   1789 seed !
: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift swap mod ;

\ ---- kinds of text ----------------------------------------------------------------------------

: text, ( c-addr u -- )  dup c,  here over allot swap move ;
: words: ( "name" "word..." -- )             \ the name returns one of the words on its line
  create  here  0 ,
  begin  parse-name dup while  text,  1 over +!  repeat  2drop drop align
  does> ( -- c-addr u )
  dup cell+ swap @ random 0 ?do  count +  loop  count ;

words: article the a every this one my her no
words: adjective old green quiet narrow broken early golden heavy strange bitter
words: noun river stone window garden machine letter shadow harbour lantern bird winter road
words: verb finds crosses remembers breaks follows keeps carries loses paints
words: adverb slowly again never gladly alone today

: noun-phrase ( -- )
  article puts bl put  3 random 0= if  adjective puts bl put  then  noun puts ;
: sentence ( -- )
  noun-phrase bl put  verb puts bl put  noun-phrase
  2 random if  bl put adverb puts  then  [char] . put bl put ;

variable counter
: numbers ( -- )
  counter @ dup * 100000 mod 0 <# #s #> puts  [char] , put  1 counter +! ;
: run ( -- )  4 random [char] w +  20 random 1+ 0 do  dup put  loop  drop ;
: noise ( -- )  64 random 33 + put ;

: make-text ( xt -- )                        \ repeat the word until there is enough text
  0 #text !  1 counter !
  begin  #text @ text-size < while  dup execute  repeat  drop ;

\ ---- finding matches --------------------------------------------------------------------------

4096 constant window
3 constant shortest
18 constant longest
1024 constant #hashes

create newest  #hashes cells allot           \ for each hash: last position + 1, or 0
create older  window cells allot             \ for each position: the one before, likewise
variable effort
variable best-length   variable best-distance

: hash-at ( pos -- h )
  at  dup c@ 6 lshift  over 1+ c@ 3 lshift xor  swap 2 + c@ xor  #hashes 1- and ;
: newest-link ( pos -- addr )  hash-at cells newest + ;
: older-link ( pos -- addr )  window 1- and cells older + ;
: hashable? ( pos -- flag )  shortest + #text @ > 0= ;

: enter ( pos -- )
  dup hashable? if
    dup newest-link  2dup @ swap older-link !  swap 1+ swap !
  else  drop  then ;
: enter-all ( pos n -- )  bounds ?do  i enter  loop ;

: common ( pos1 pos2 -- n )                  \ how many characters are equal
  #text @ over - longest min >r  at swap at  r@
  0 ?do
    over i + c@ over i + c@ <> if  2drop i unloop  r> drop exit  then
  loop  2drop r> ;
: consider ( pos earlier -- )
  2dup swap common  dup best-length @ > if
    best-length !  - best-distance !
  else  drop 2drop  then ;
: usable? ( pos link -- flag )  dup if  1- - window <  else  nip  then ;
: find-match ( pos -- )
  0 best-length !
  dup hashable? 0= if  drop exit  then
  dup newest-link @
  effort @ 0 do
    2dup usable? 0= if  leave  then
    1- 2dup consider  older-link @
  loop  2drop ;

\ ---- packing ----------------------------------------------------------------------------------

create packed  text-size dup 8 / + 8 + allot
variable #packed
variable flags-at   variable flag-mask       \ of the group being written or read

: out ( byte -- )  packed #packed @ + c!  1 #packed +! ;
: next-mask ( -- )  flag-mask @ 2* flag-mask ! ;
: new-group? ( -- flag )  flag-mask @ 256 = dup if  1 flag-mask !  then ;
: set-flag ( -- )  packed flags-at @ +  dup c@ flag-mask @ or  swap c! ;
: out-flag ( flag -- )
  new-group? if  #packed @ flags-at !  0 out  then
  if  set-flag  then  next-mask ;
: out-literal ( char -- )  false out-flag  out ;
: out-match ( length distance -- )
  true out-flag  1- dup 255 and out  8 rshift 4 lshift swap shortest - or out ;

: pack-one ( pos -- pos' )
  dup find-match
  best-length @ shortest < if  dup at c@ out-literal  1
  else  best-length @ dup best-distance @ out-match  then
  2dup enter-all + ;
: pack ( effort -- )
  effort !  newest #hashes cells erase  0 #packed !  256 flag-mask !
  0 begin  dup #text @ < while  pack-one  repeat  drop ;

\ ---- unpacking --------------------------------------------------------------------------------

create unpacked  text-size longest + allot
variable #unpacked
variable taken                               \ bytes taken from the packed text

77 constant bad-distance

: in ( -- byte )  packed taken @ + c@  1 taken +! ;
: in-flag ( -- flag )
  new-group? if  in flags-at !  then
  flags-at @ flag-mask @ and 0<>  next-mask ;
: unput ( char -- )  unpacked #unpacked @ + c!  1 #unpacked +! ;
: in-match ( -- length distance )
  in in  dup 15 and shortest +  -rot 4 rshift 8 lshift or 1+ ;
: copy-match ( length distance -- )
  dup #unpacked @ > if  bad-distance throw  then
  swap 0 do  dup #unpacked @ swap - unpacked + c@ unput  loop  drop ;
: unpack-one ( -- )  in-flag if  in-match copy-match  else  in unput  then ;
: unpack ( -- )
  0 #unpacked !  0 taken !  256 flag-mask !
  begin  taken @ #packed @ < while  unpack-one  repeat ;

\ ---- checks and reports -----------------------------------------------------------------------

variable faults   0 faults !
variable all-packed   0 all-packed !

: check ( flag -- )  0= if  1 faults +!  then ;
: adler ( c-addr u -- low high )
  1 0 2swap bounds ?do  swap i c@ + 65521 mod  tuck + 65521 mod  loop ;
: .adler ( c-addr u -- )  adler swap 6 u.r 6 u.r ;
: check-unpacked ( -- )
  unpack  text #text @ unpacked #unpacked @ compare 0= check
  taken @ #packed @ = check ;
: attempt ( effort -- )  pack  #packed @ dup all-packed +!  6 u.r  check-unpacked ;
: trial ( xt c-addr u -- )
  type  make-text  #text @ 6 u.r  low-effort attempt  high-effort attempt
  unpacked #unpacked @ .adler  2 spaces packed #packed @ .adler cr ;
: .sample ( -- )  unpacked 64 type cr ;

: spoil ( -- )  255 packed c! ;              \ makes the first item a match: nothing to copy yet
: check-spoiled ( -- )  spoil  ['] unpack catch bad-distance = check ;

: main ( -- )
  ." kind     size   low  high  adler of text adler packed" cr
  ['] noise s" noise  " trial  .sample
  ['] run s" runs   " trial  .sample
  ['] numbers s" numbers" trial  .sample
  ['] sentence s" prose  " trial  .sample
  check-spoiled
  ." packed in all " all-packed @ .  ." faults " faults @ . cr ;

main
