\ alpha-beta: plays connect four on a board of 6 x 5 cells by searching the game tree.
\
\ All lines of four cells are numbered beforehand, and every cell knows the lines through it.  A
\ stone changes the state of its lines and so the balance of the position, step by step, forth
\ and back.  Negamax with alpha-beta pruning looks for the best move and keeps the principal
\ variation.  The program studies the first move, compares alpha-beta with plain minimax, and
\ plays games against itself, the first player seeing further than the second.
\ Category: game-tree search, as in the published chess benchmarks tscp and brainless.

full? [if] 6 [else] 3 [then] constant deep           \ how far the first player sees
full? [if] 3 [else] 1 [then] constant shallow        \ how far the second player sees
full? [if] 5 [else] 2 [then] constant studied        \ how far the studies go
full? [if] 3 [else] 1 [then] constant #games
full? [if] 30 [else] 7 [then] constant #plies        \ longest game

6 constant #columns
5 constant #rows
#columns #rows * constant #cells

\ ---- the lines of the board -------------------------------------------------------------------

create cell-lines  #cells 16 * allot         \ for each cell: a counted string of line numbers
variable #lines

: lines ( cell -- addr )  16 * cell-lines + ;
: add-char ( char addr -- )  dup c@ 1+ 2dup swap c!  + c! ;
: add-line ( cell step -- )
  4 0 do  #lines @ 2 pick lines add-char  tuck + swap  loop  2drop  1 #lines +! ;

: room-right? ( column -- flag )  4 + #columns > 0= ;
: room-left? ( column -- flag )  2 > ;
: room-above? ( row -- flag )  4 + #rows > 0= ;

: lines-across ( row column -- )
  dup room-right? if  swap #columns * + 1 add-line  else  2drop  then ;
: lines-up ( row column -- )
  over room-above? 0= if  2drop exit  then
  dup >r  swap #columns * +  ( cell )
  dup #columns add-line
  r@ room-right? if  dup #columns 1+ add-line  then
  r> room-left? if  dup #columns 1- add-line  then  drop ;
: make-lines ( -- )
  cell-lines #cells 16 * erase  0 #lines !
  #rows 0 do  #columns 0 do  j i 2dup lines-across lines-up  loop loop ;

\ ---- worth of a line --------------------------------------------------------------------------
\ The state of a line is its number of first player's stones + 5 times that of the second's.

10000 constant win
create worths  25 cells allot   worths 25 cells erase

: worth ( state -- addr )  cells worths + ;
: worth! ( n stones -- )  over negate over 5 * worth !  worth ! ;
1 1 worth!   4 2 worth!   16 3 worth!   win 10 * 4 worth!

\ ---- the position -----------------------------------------------------------------------------

64 constant max-lines
create line-states  max-lines allot
create board  #cells allot                   \ 0, 1 or 2: whose stone
create heights  #columns allot
variable balance                             \ worth of all lines, for the first player
variable mover                               \ 0 or 1: who moves next
variable stones

: clear-board ( -- )
  line-states max-lines erase  board #cells erase  heights #columns erase
  0 balance !  0 mover !  0 stones ! ;

: change-line ( delta line -- )
  line-states + >r  r@ c@  tuck +  dup r> c!  worth @ swap worth @ -  balance +! ;
: change-lines ( delta cell -- )  lines count bounds do  dup i c@ change-line  loop  drop ;

: delta ( -- n )  mover @ 4 * 1+ ;
: flip ( -- )  1 mover @ - mover ! ;
: top ( column -- cell )  dup heights + c@ #columns * + ;
: grow ( n column -- )  heights + tuck c@ + swap c! ;

: play ( column -- )
  dup top  mover @ 1+ over board + c!  delta swap change-lines
  1 swap grow  1 stones +!  flip ;
: undo ( column -- )
  flip  -1 stones +!  -1 over grow
  top  0 over board + c!  delta negate swap change-lines ;

: open? ( column -- flag )  heights + c@ #rows < ;
: won? ( -- flag )  balance @ abs win > ;
: draw? ( -- flag )  stones @ #cells = ;
: evaluation ( -- n )  balance @ mover @ if  negate  then ;

\ ---- the search -------------------------------------------------------------------------------

win 2* constant infinity
variable nodes   0 nodes !

create preference  2 c, 3 c, 1 c, 4 c, 0 c, 5 c,
create variations  16 16 * allot             \ for each depth: a counted string of moves

: preferred ( n -- column )  preference + c@ ;
: variation ( depth -- addr )  16 * variations + ;
: no-variation ( depth -- )  0 swap variation c! ;
: better ( column depth -- )                 \ this move, then the variation one level below
  tuck variation 1+ c!
  dup 1- variation count  rot variation  over 1+ over c!  2 + swap move ;

: lost ( depth -- score )  win + negate ;    \ the sooner the worse

: negamax { alpha beta level -- score }
  1 nodes +!  level no-variation
  won? if  level lost exit  then
  draw? if  0 exit  then
  level 0= if  evaluation exit  then
  #columns 0 do
    i preferred dup open? if
      dup play  beta negate alpha negate level 1- recurse negate  over undo
      dup alpha > if  to alpha  level better  else  2drop  then
    else  drop  then
    alpha beta >= if  leave  then
  loop  alpha ;
: best-score ( depth -- score )  >r infinity negate infinity r> negamax ;
: chosen ( depth -- column )  variation 1+ c@ ;

: minimax ( depth -- score )                 \ the same without pruning
  1 nodes +!
  won? if  lost exit  then
  draw? if  drop 0 exit  then
  dup 0= if  drop evaluation exit  then
  infinity negate
  #columns 0 do
    i open? if  i play  over 1- recurse negate max  i undo  then
  loop  nip ;

\ ---- reports ----------------------------------------------------------------------------------

: .column ( column -- )  [char] a + emit ;
: .variation ( depth -- )  variation count bounds ?do  i c@ .column space  loop ;
: .stone ( n -- )  s" .xo" drop + c@ emit ;
: .row ( row -- )  4 spaces  #columns * board + #columns bounds do  i c@ .stone space  loop  cr ;
: .board ( -- )  #rows begin  1-  dup .row  dup 0= until  drop ;

: study ( depth -- )
  clear-board  0 nodes !
  ." depth " dup 0 u.r ." : score " dup best-score . ." nodes " nodes @ . ." line " .variation cr ;
: studies ( -- )  studied 1+ 1 do  i study  loop ;

variable faults   0 faults !

: set-up ( c-addr u -- )  clear-board  bounds do  i c@ [char] a - play  loop ;
: counted ( depth xt -- score nodes )  0 nodes !  execute  nodes @ ;
: compare-searches ( depth -- )              \ on the present position
  dup ['] minimax counted  rot ['] best-score counted
  >r swap  ." minimax: " . ." nodes, alpha-beta: " r> . ." nodes, scores: "
  2dup swap . .  = 1+ faults +!  cr ;
: comparisons ( -- )
  s" cdcb" set-up .board  studied compare-searches
  s" cccdde" set-up  studied 1- compare-searches ;

\ ---- games ------------------------------------------------------------------------------------

variable all-nodes   0 all-nodes !
variable digest   0 digest !

: depth-to-see ( -- depth )  mover @ if  shallow  else  deep  then ;
: note ( score -- )  win 2* + digest @ 31 * + $7ffffff and digest ! ;
: think ( -- column )  depth-to-see dup best-score note  chosen ;
: playing? ( -- flag )  won? draw? or 0=  stones @ #plies < and ;
: .result ( -- )
  won? if  mover @ if  ."  x wins"  else  ."  o wins"  then
  else  draw? if  ."  drawn"  else  ."  broken off, balance " balance @ .  then  then
  ."  after " stones @ . ." moves" cr ;
: game ( column -- )
  clear-board  0 nodes !  dup .column  play
  begin  playing? while  think dup .column play  repeat
  nodes @ all-nodes +!  .result ;

: main ( -- )
  make-lines  #lines @ . ." lines" cr
  studies  comparisons
  #games 0 do  ." game " i 1+ . i preferred game  loop  .board
  ." nodes in games: " all-nodes @ . ." digest: " digest @ . ." faults: " faults @ . cr ;

main
