// string.fs: strings that grow, in the heap. A variable holds the address of its string, length first; 0 is an empty one.

export const strings = `
: $@len ( s -- u ) @ dup if @ then ;
: $@ ( s -- a u ) @ dup if dup cell+ swap @ else 0 then ;
: $off ( s -- ) dup @ ?dup if free throw then off ;
: $! ( a u s -- ) { a u s } u cell+ allocate throw { b } u b ! a b cell+ u move s $off b s ! ;
: $!len ( u s -- ) { u s } s @ dup if u cell+ resize else drop u cell+ allocate then throw u over ! s ! ;
: $del ( s offset u -- ) { s offset u }
  s $@ offset /string 0 max { a n } u n min { d }
  a d + a n d - move s $@len d - s $!len ;
: $ins ( a u s offset -- ) { a u s offset }
  a u save-mem drop { b }
  s $@len u + s $!len
  s $@ offset /string { p n } p p u + n u - move b p u move b free throw ;
: $+! ( a u s -- ) dup $@len $ins ;
: $split ( a u c -- a u a u ) { a u c } a u c scan { b v } a u v - b v dup if 1 /string then ;
: $iter ( s c xt -- ) { s c xt } s $@ begin dup while c $split 2>r xt execute 2r> repeat 2drop ;
: delete ( a u n -- ) { a u n } n u min { m } a m + a u m - move a u m - + m blank ;
: insert ( a u b v -- ) { a u b v } u v min { m } b b m + v m - move a b m move ;
`;
