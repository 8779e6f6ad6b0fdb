\ cpu-emulator: an assembler for a small 8-bit processor, and the emulator that runs its programs.
\
\ The processor has eight byte registers, a stack, a zero and a carry flag, 1 KB of memory and 32
\ instructions; the emulator finds the word for each opcode in a table of execution tokens.  The
\ assembler is made of defining words, one for each format of instruction, with the structured
\ conditionals of Forth assemblers.  The machine program fills an array, sorts it, adds up a
\ weighted sum with a multiplication routine and sieves primes; the host checks what it did.
\ Category: emulators and cross compilers, as in the published benchmark cross.

full? [if] 60 [else] 10 [then] constant #items       \ bytes to sort
full? [if] 254 [else] 30 [then] constant limit       \ of the sieve
full? [if] 13 [else] 1 [then] constant #runs

\ ---- state of the machine ---------------------------------------------------------------------

1024 constant memory-size
512 constant sieve-page                      \ where the machine program keeps its data
768 constant data-page

create memory  memory-size allot   memory memory-size erase
create registers  8 allot
variable pc   variable sp   variable zero   variable carry
variable cycles   variable running

901 constant illegal-opcode   902 constant bad-address

: location ( u -- addr )
  dup memory-size u< 0= if  bad-address throw  then  memory + ;
: register ( n -- addr )  7 and registers + ;

: fetch ( -- byte )  pc @ location c@  1 pc +! ;
: fetch-word ( -- u )  fetch fetch 8 lshift or ;
: one-register ( -- reg )  fetch register ;
: two-registers ( -- dst src )  fetch dup 4 rshift register  swap register ;
: indexed ( -- reg addr )  two-registers c@ fetch-word + location ;
: operands ( -- dst n1 n2 )  two-registers c@ over c@ swap ;

: set-flags ( n -- byte )  dup 256 and 0<> carry !  255 and  dup 0= zero ! ;
: result ( reg n -- )  set-flags swap c! ;

: push ( byte -- )  -1 sp +!  sp @ location c! ;
: pop ( -- byte )  sp @ location c@  1 sp +! ;
: jump-if ( flag -- )  fetch-word swap if  pc !  else  drop  then ;

\ ---- the instructions -------------------------------------------------------------------------

defer output ( byte -- )

: do-illegal ( -- )  illegal-opcode throw ;
: do-halt ( -- )  running off ;
: do-mov ( -- )  two-registers c@ swap c! ;
: do-ldi ( -- )  one-register fetch swap c! ;
: do-ld ( -- )  indexed c@ swap c! ;
: do-st ( -- )  indexed swap c@ swap c! ;
: do-add ( -- )  operands + result ;
: do-adc ( -- )  operands + carry @ - result ;
: do-sub ( -- )  operands - result ;
: do-sbc ( -- )  operands - carry @ + result ;
: do-and ( -- )  operands and result ;
: do-or ( -- )  operands or result ;
: do-xor ( -- )  operands xor result ;
: do-cmp ( -- )  operands - set-flags 2drop ;
: do-addi ( -- )  one-register dup c@ fetch + result ;
: do-andi ( -- )  one-register dup c@ fetch and result ;
: do-cmpi ( -- )  one-register c@ fetch - set-flags drop ;
: do-inc ( -- )  one-register dup c@ 1+ result ;
: do-dec ( -- )  one-register dup c@ 1- result ;
: do-shl ( -- )  one-register dup c@ 2* result ;
: do-shr ( -- )  one-register dup c@ dup 2/ swap 1 and 8 lshift or result ;
: do-not ( -- )  one-register dup c@ 255 xor result ;
: do-push ( -- )  one-register c@ push ;
: do-pop ( -- )  pop one-register c! ;
: do-out ( -- )  one-register c@ output ;
: do-jmp ( -- )  true jump-if ;
: do-jz ( -- )  zero @ jump-if ;
: do-jnz ( -- )  zero @ 0= jump-if ;
: do-jc ( -- )  carry @ jump-if ;
: do-jnc ( -- )  carry @ 0= jump-if ;
: do-call ( -- )  fetch-word  pc @ dup 8 rshift push 255 and push  pc ! ;
: do-ret ( -- )  pop pop 8 lshift or pc ! ;
: do-nop ( -- ) ;

\ ---- jump table and assembler -----------------------------------------------------------------
\ Every instruction is given with its execution token and its cycles; opcodes are dealt in order.

64 constant #opcodes
create actions  #opcodes cells allot         \ what an opcode does
create times  #opcodes allot                 \ how many cycles it takes
variable opcodes   1 opcodes !               \ opcode 0 stays illegal

: all-illegal ( -- )  #opcodes 0 do  ['] do-illegal actions i cells + !  loop ;
all-illegal   times #opcodes erase

: opcode ( xt cycles -- opcode )
  opcodes @  tuck times + c!  tuck cells actions + !  1 opcodes +! ;

variable origin                              \ the address being assembled to
: asm, ( byte -- )  origin @ location c!  1 origin +! ;
: asm-word, ( u -- )  dup 255 and asm,  8 rshift asm, ;
: patch ( addr -- )  origin @ swap  2dup location c!  swap 8 rshift swap 1+ location c! ;

: plain: ( xt cycles "name" -- )  opcode create ,  does> ( -- ) @ asm, ;
: reg: ( xt cycles "name" -- )  opcode create ,  does> ( reg -- ) @ asm, asm, ;
: reg-reg: ( xt cycles "name" -- )
  opcode create ,  does> ( dst src -- ) @ asm,  swap 4 lshift or asm, ;
: reg-byte: ( xt cycles "name" -- )
  opcode create ,  does> ( reg byte -- ) @ asm,  swap asm, asm, ;
: indexed: ( xt cycles "name" -- )
  opcode create ,  does> ( reg index base -- ) @ asm,  >r swap 4 lshift or asm,  r> asm-word, ;
: target: ( xt cycles "name" -- )  opcode create ,  does> ( addr -- ) @ asm, asm-word, ;

' do-halt 1 plain: halt,        ' do-ret 5 plain: ret,          ' do-nop 1 plain: nop,
' do-mov 2 reg-reg: mov,        ' do-add 2 reg-reg: add,        ' do-adc 2 reg-reg: adc,
' do-sub 2 reg-reg: sub,        ' do-sbc 2 reg-reg: sbc,        ' do-and 2 reg-reg: and,
' do-or 2 reg-reg: or,          ' do-xor 2 reg-reg: xor,        ' do-cmp 2 reg-reg: cmp,
' do-ldi 3 reg-byte: ldi,       ' do-addi 3 reg-byte: addi,     ' do-andi 3 reg-byte: andi,
' do-cmpi 3 reg-byte: cmpi,     ' do-ld 5 indexed: ld,          ' do-st 5 indexed: st,
' do-inc 2 reg: inc,            ' do-dec 2 reg: dec,            ' do-shl 2 reg: shl,
' do-shr 2 reg: shr,            ' do-not 2 reg: not,            ' do-push 3 reg: push,
' do-pop 3 reg: pop,            ' do-out 8 reg: out,
' do-jmp 3 target: jmp,         ' do-call 6 target: call,

\ A condition is the opcode of the jump that is taken when it does not hold.
' do-jnz 3 opcode constant z?   ' do-jz 3 opcode constant nz?
' do-jnc 3 opcode constant c?   ' do-jc 3 opcode constant nc?

: if, ( condition -- fixup )  asm, origin @  0 asm-word, ;
: then, ( fixup -- )  patch ;
: begin, ( -- addr )  origin @ ;
: until, ( addr condition -- )  asm, asm-word, ;
: while, ( addr condition -- fixup addr )  if, swap ;
: repeat, ( fixup addr -- )  jmp, then, ;
: routine ( "name" -- )  origin @ constant ;

0 constant r0   1 constant r1   2 constant r2   3 constant r3
4 constant r4   5 constant r5   6 constant r6   7 constant r7

\ ---- the machine program ----------------------------------------------------------------------

16 origin !

routine multiply ( r4 * r5 -> r7:r6, uses r3 )
  r6 0 ldi,  r7 0 ldi,  r3 0 ldi,
  begin,
    r5 shr,  c? if,  r6 r4 add,  r7 r3 adc,  then,
    r4 shl,  r3 r3 adc,
    r5 0 cmpi,
  z? until,  ret,

routine next-random ( r0 -> r0 and r2, uses r1 )
  r1 push,  r1 r0 mov,  r1 shl,  r1 shl,  r0 r1 add,  r0 17 addi,
  r2 r0 mov,  r2 shr,  r2 shr,  r2 shr,  r2 r0 xor,  r1 pop,  ret,

routine fill-array ( r0 = seed )
  r1 0 ldi,
  begin,  next-random call,  r2 r1 data-page st,  r1 inc,  r1 #items cmpi,  z? until,  ret,

routine sort-array ( insertion sort: r1, r2 = positions, r4 = item, r5 = item before )
  r1 1 ldi,
  begin,
    r4 r1 data-page ld,  r2 r1 mov,
    begin,
      r2 0 cmpi,  nz? while,
      r5 r2 data-page 1- ld,  r4 r5 cmp,  c? while,
      r5 r2 data-page st,  r2 dec,
    repeat,  then,
    r4 r2 data-page st,
    r1 inc,  r1 #items cmpi,
  z? until,  ret,

routine weigh-array ( sum of items times positions -> r1:r0 )
  r0 0 ldi,  r1 0 ldi,  r2 0 ldi,
  begin,
    r4 r2 data-page ld,  r2 inc,  r5 r2 mov,  multiply call,
    r0 r6 add,  r1 r7 adc,
    r2 #items cmpi,
  z? until,  ret,

routine sieve ( number of primes below the limit -> r3 )
  r1 0 ldi,  r2 1 ldi,
  begin,  r2 r1 sieve-page st,  r1 inc,  r1 limit cmpi,  z? until,
  r3 0 ldi,  r5 0 ldi,  r1 2 ldi,
  begin,
    r4 r1 sieve-page ld,  r4 0 cmpi,
    nz? if,
      r3 inc,  r2 r1 mov,
      begin,
        r2 r1 add,  nc? while,  r2 limit cmpi,  c? while,
        r5 r2 sieve-page st,
      repeat,  then,
    then,
    r1 inc,  r1 limit cmpi,
  z? until,  ret,

routine main-program
  fill-array call,  sort-array call,  weigh-array call,  r1 out,  r0 out,
  r1 push,  r0 push,  sieve call,  r0 pop,  r1 pop,  r3 out,  halt,

origin @ constant program-end

\ ---- running and checking ---------------------------------------------------------------------

: step ( -- )
  fetch #opcodes 1- and  dup times + c@ cycles +!  cells actions + @ execute ;
: run ( addr -- )  pc !  running on  begin  step  running @ 0= until ;
: reset ( seed -- )
  registers 8 erase  r0 register c!  memory-size sp !  0 cycles !  zero off  carry off ;

: item ( n -- byte )  data-page + location c@ ;
: prime-mark ( n -- flag )  sieve-page + location c@ ;
: sorted? ( -- flag )
  true  #items 1 do  i 1- item i item > if  drop false leave  then  loop ;
: weight ( -- u )  0  #items 0 do  i item i 1+ * +  loop  65535 and ;
: divisor? ( n d -- flag )  mod 0= ;
: prime? ( n -- flag )
  2 begin  2dup dup * < 0= while  2dup divisor? if  2drop false exit  then  1+  repeat  2drop true ;
: #primes ( -- n )  0  limit 2 do  i prime? if  1+  then  loop ;

variable faults   0 faults !
variable total-cycles   0 total-cycles !
variable digest   0 digest !

: check ( flag -- )  0= if  1 faults +!  then ;
: check-weight ( -- )  r1 register c@ 8 lshift r0 register c@ or  weight = check ;
: check-all ( -- )  sorted? check  check-weight  r3 register c@ #primes = check ;
: digest-data ( -- )
  #items 0 do  digest @ 31 * i item + $7ffffff and digest !  loop ;
: run-program ( seed -- )
  reset  main-program run  cycles @ total-cycles +!  digest-data  check-all ;

\ ---- reports ----------------------------------------------------------------------------------

: .byte ( byte -- )  base @ swap hex  0 <# # # #> type space  base ! ;
: .flag ( flag -- )  1 and . ;
: .code ( -- )  ." code: " memory 16 + 20 bounds do  i c@ .byte  loop
  ." .. " program-end 16 - . ." bytes" cr ;
: .registers ( -- )
  ." registers: " 8 0 do  i register c@ .byte  loop
  ." pc " pc @ .  ." sp " sp @ .  ." z " zero @ .flag  ." c " carry @ .flag cr ;
: .items ( -- )
  ." sorted:" #items 0 do  i 30 mod 0= if  cr 2 spaces  then  i item .byte  loop  cr ;
: .primes ( -- )
  ." primes: " limit 2 do  i prime-mark if  i .  then  loop  cr ;
: .crash ( addr -- )                         \ start at an address where something is wrong
  ." started at " dup . ." -> "  0 reset
  ['] run catch  case
    illegal-opcode of s" illegal opcode" endof   bad-address of s" bad address" endof
    >r s" ended" r>
  endcase  type drop cr ;
: print-byte ( byte -- )  . ;

: main ( -- )
  .code  ['] drop is output
  #runs 1 ?do  i 7 * 255 and run-program  loop
  ['] print-byte is output
  ." output: " 91 run-program cr
  .registers  ." cycles: " cycles @ . ." of " total-cycles @ . cr
  .items  .primes  ." digest: " digest @ .  ." faults: " faults @ . cr
  900 .crash  memory-size .crash ;

main
