\ Every way in which control leaves a virtual instruction: loops, branches, calls, EXECUTE of a word and of a primitive,
\ DOES>, EXIT out of a loop, and exceptions that are caught, after which native return addresses are stale.
variable sum
: array create cells allot does> swap cells + ;
10 array squares
: fill-squares 10 0 do i i * i squares ! loop ;
: total 0 10 0 do i squares @ + loop ;
: odd? 1 and ;
: choose dup odd? if ['] 1+ else ['] 2* then execute ;
: risky dup 3 mod 0= if 7 throw then sum +! ;
: careful 12 0 do i ['] risky catch if drop 100 sum +! then loop ;
: countdown begin dup while 1- repeat drop ;
: early 20 0 do i 13 = if unloop exit then i sum +! loop ;
fill-squares total . careful sum @ . early sum @ . 5 choose . 6 choose . 9 countdown
