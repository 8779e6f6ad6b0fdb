\ garbage-collector: lists and trees of cons cells in a heap with a mark-and-sweep collector.
\
\ A value is null, a small number (tagged in its lowest bit) or the address of a node.  When the
\ free list is used up, everything that can be reached from the roots is marked and the rest is
\ swept up.  The roots are some variables and a stack on which words protect what they hold while
\ they allocate.  The program makes random lists, sorts and reverses them, grows search trees by
\ copying paths, and lets most of it drop; the collector must neither lose a node nor keep one.
\ Category: garbage collection, as in the published benchmark bench-gc.

full? [if] 1200 [else] 192 [then] constant #nodes    \ size of the heap
full? [if] 160 [else] 24 [then] constant #items      \ length of the lists
full? [if] 10 [else] 1 [then] constant #rounds

\ ---- values -----------------------------------------------------------------------------------

begin-structure node
  field: node-car   field: node-cdr   field: node-mark
end-structure

0 constant null

: tag ( n -- value )  2* 1+ ;
: tagged? ( value -- flag )  1 and 0<> ;
: untag ( value -- n )  2/ ;
: pointer? ( value -- flag )  dup 0<> swap tagged? 0= and ;
: car ( node -- value )  node-car @ ;
: cdr ( node -- value )  node-cdr @ ;

\ ---- roots ------------------------------------------------------------------------------------

variable root-list   0 root-list !           \ links all variables made by root:
: root: ( "name" -- )  create  null ,  here  root-list @ ,  root-list ! ;

100 constant #protected
create protected  #protected cells allot
variable #held   0 #held !                   \ number of values on the root stack

: top-root ( -- addr )  #held @ 1- cells protected + ;
: >root ( value -- )  1 #held +!  top-root ! ;
: root> ( -- value )  top-root @  -1 #held +! ;
: root@ ( -- value )  top-root @ ;
: step-root ( -- )  root@ cdr top-root ! ;   \ go on to the next node of a list held as a root

\ ---- the heap ---------------------------------------------------------------------------------

create heap  #nodes node * allot
variable free-list
variable #free                               \ nodes on the free list
variable #collections   0 #collections !
variable #conses   0 #conses !
variable #survivors   0 #survivors !         \ of the last collection
variable all-survivors   0 all-survivors !

900 constant heap-full

: heap-bounds ( -- end start )  heap #nodes node * bounds ;
: release ( node -- )  free-list @ over node-cdr !  null over node-car !  free-list !  1 #free +! ;

: mark ( value -- )                          \ recursion for the car, iteration for the cdr
  begin  dup pointer? while
    dup node-mark @ 0= while
      dup node-mark on  dup car recurse  cdr
  repeat  then  drop ;
: mark-variables ( -- )  root-list @  begin  dup while  dup 1 cells - @ mark  @  repeat  drop ;
: mark-stack ( -- )  protected #held @ cells bounds ?do  i @ mark  1 cells +loop ;

: sweep-node ( node -- )
  dup node-mark @ if  node-mark off  1 #survivors +!  else  release  then ;
: sweep ( -- )
  null free-list !  0 #free !  0 #survivors !
  heap-bounds do  i sweep-node  node +loop ;

: collect ( -- )
  mark-variables mark-stack sweep
  1 #collections +!  #survivors @ all-survivors +! ;
: empty-heap ( -- )  heap #nodes node * erase  sweep ;

: make-room ( car cdr -- car cdr )
  2dup >root >root  collect  root> drop root> drop
  free-list @ 0= if  heap-full throw  then ;
: take-node ( -- node )  free-list @  dup cdr free-list !  -1 #free +! ;
: cons ( car cdr -- node )
  free-list @ 0= if  make-room  then
  take-node  tuck node-cdr !  tuck node-car !  1 #conses +! ;

\ ---- lists ------------------------------------------------------------------------------------

variable seed   4711 seed !
: random ( n -- 0..n-1 )
  seed @ 1103515245 * 12345 + $7fffffff and  dup seed !  16 rshift swap mod ;

: random-list ( n -- list )  null swap 0 ?do  1000 random tag swap cons  loop ;
: length ( list -- n )  0 swap  begin  dup while  swap 1+ swap cdr  repeat  drop ;
: tail ( list n -- list' )  0 ?do  cdr  loop ;
: sum ( list -- n )  0 swap  begin  dup while  tuck car untag + swap cdr  repeat  drop ;

: reversed ( list -- list' )                 \ a new list
  >root null  begin  root@ while  root@ car swap cons  step-root  repeat  root> drop ;
: turned ( list -- list' )                   \ the same nodes in reverse
  null swap  begin  dup while  dup cdr >r  tuck node-cdr !  r>  repeat  drop ;
: appended ( list1 list2 -- list )
  >root reversed  root> swap >root
  begin  root@ while  root@ car swap cons  step-root  repeat  root> drop ;

: filtered ( list xt -- list' )              \ xt: ( n -- flag )
  swap >root >r null
  begin  root@ while
    root@ car untag r@ execute if  root@ car swap cons  then  step-root
  repeat  r> drop  root> drop  turned ;
: mapped ( list xt -- list' )                \ xt: ( n1 -- n2 )
  swap >root >r null
  begin  root@ while
    root@ car untag r@ execute tag swap cons  step-root
  repeat  r> drop  root> drop  turned ;

: same? ( list1 list2 -- flag )
  begin  2dup and while
    over car over car <> if  2drop false exit  then
    cdr swap cdr swap
  repeat  or 0= ;
: ascending? ( list -- flag )
  begin  dup while  dup cdr while
    dup car over cdr car > if  drop false exit  then  cdr
  repeat  then  drop true ;

\ ---- merge sort -------------------------------------------------------------------------------

root: left   root: right

: pop-car ( root -- value )  dup @ dup car  swap cdr rot ! ;
: both? ( -- flag )  left @ 0<> right @ 0<> and ;
: smaller ( -- root )  left @ car right @ car > if  right  else  left  then ;
: move-rest ( list root -- list' )  begin  dup @ while  tuck pop-car swap cons swap  repeat  drop ;
: merged ( list1 list2 -- list )
  right !  left !  null  begin  both? while  smaller pop-car swap cons  repeat
  left move-rest  right move-rest  turned ;
: sorted ( list n -- list' )                 \ the first n items, sorted
  dup 2 < if  drop car null cons exit  then
  over >root
  2dup 2/ recurse >root
  dup >r 2/ tail  r> dup 2/ - recurse
  root> swap merged  root> drop ;
: unique ( list -- list' )                   \ of a sorted list
  >root null
  begin  root@ while
    dup 0= if  true  else  dup car root@ car <>  then
    if  root@ car swap cons  then  step-root
  repeat  root> drop  turned ;

\ ---- search trees -----------------------------------------------------------------------------
\ A tree is null or ( key left . right ); inserting copies the path from the root to the new node.

: tree ( key left right -- tree )  cons cons ;
: left-of ( tree -- tree' )  cdr car ;
: right-of ( tree -- tree' )  cdr cdr ;
: with-left ( tree left -- tree' )  over car -rot  swap right-of  tree ;
: with-right ( tree right -- tree' )  over car -rot  swap left-of swap  tree ;

: inserted ( key tree -- tree' )
  dup 0= if  null tree exit  then
  2dup car = if  nip exit  then
  dup >root
  2dup car < if  left-of recurse root> swap with-left
  else  right-of recurse root> swap with-right  then ;
: list>tree ( list -- tree )
  >root null  begin  root@ while  root@ car swap inserted  step-root  repeat  root> drop ;
: flattened ( list tree -- list' )           \ puts the keys in front of the list
  dup 0= if  drop exit  then
  dup >root  right-of recurse
  root@ car swap cons  root> left-of recurse ;
: depth-of ( tree -- n )
  dup if  dup left-of recurse swap right-of recurse max 1+  then ;

\ ---- the work ---------------------------------------------------------------------------------

root: data   root: ordered   root: index
variable faults   0 faults !
variable digest   0 digest !

: check ( flag -- )  0= if  1 faults +!  then ;
: note ( n -- )  digest @ 31 * + $7ffffff and digest ! ;

: odd? ( n -- flag )  1 and 0<> ;
: even? ( n -- flag )  odd? 0= ;
: mirror ( n -- n' )  999 swap - ;

: note-all ( list -- )  begin  dup while  dup car untag note  cdr  repeat  drop ;
: make-data ( -- )  #items random-list data !  data @ #items sorted ordered ! ;
: check-sort ( -- )
  ordered @ ascending? check  ordered @ length #items = check
  ordered @ sum data @ sum = check ;
: check-reverse ( -- )
  data @ reversed >root  root@ reversed data @ same? check
  root> turned data @ same? check ;
: check-split ( -- )                         \ odd and even numbers together are all numbers
  data @ ['] odd? filtered >root  data @ ['] even? filtered  root> swap appended
  #items sorted ordered @ same? check ;
: check-mirror ( -- )                        \ mirrored and sorted is the reverse, mirrored
  ordered @ ['] mirror mapped turned >root
  data @ ['] mirror mapped #items sorted  root> same? check ;
: check-tree ( -- )
  data @ list>tree index !
  ordered @ unique >root  null index @ flattened  root> same? check ;
: check-ring ( -- )                          \ a ring holds itself, but no root holds it
  5 random-list  dup dup 4 tail node-cdr !  drop ;

: expected-survivors ( -- n )
  data @ length  ordered @ length +  null index @ flattened length 2* + ;
: check-survivors ( -- )
  expected-survivors  collect  #survivors @ = check
  #free @ #survivors @ + #nodes = check ;

: round ( -- )
  make-data check-sort check-reverse check-split check-mirror check-tree check-ring
  check-survivors  ordered @ note-all ;

: overfill ( -- )  #nodes 1+ random-list drop ;
: check-overfill ( -- )  ['] overfill catch heap-full = check  0 #held ! ;
: drop-all ( -- )  null data !  null ordered !  null index !  null left !  null right ! ;

: .items ( list n -- )  0 ?do  dup car untag .  cdr  loop  drop cr ;
: .roots ( -- )
  ." data:    " data @ 12 .items  ." ordered: " ordered @ 12 .items
  ." tree:    depth " index @ depth-of .  ." keys " null index @ flattened dup length .
  ." first " 5 .items ;

: main ( -- )
  empty-heap
  #rounds 0 do  round  loop
  .roots  ." survivors of the last round: " collect #survivors @ . cr
  check-overfill  drop-all  collect
  ." survivors after dropping all: " #survivors @ .  ." free: " #free @ . cr
  ." conses " #conses @ .  ." collections " #collections @ .
  ." survivors in all " all-survivors @ . cr
  ." digest " digest @ .  ." faults " faults @ . cr ;

main
