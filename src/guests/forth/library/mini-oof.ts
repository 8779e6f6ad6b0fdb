// mini-oof.fs: classes with methods and variables. A class is: bytes of its objects, bytes of its own, the tokens of its methods.
// An object's first cell is its class.

export const miniOof = `
create object 1 cells , 2 cells ,
: class ( class -- class bytes size ) dup cell+ @ over @ ;
: method ( bytes size -- bytes size ) create over , swap cell+ swap does> @ over @ + perform ;
: var ( bytes size n -- bytes size ) create over , + does> @ + ;
: end-class ( class bytes size -- ) { parent bytes size }
  create size , bytes ,
  bytes 2 cells ?do i parent cell+ @ u< if parent i + @ else ['] noop then , 1 cells +loop ;
: defines ( xt class -- ) ' >body @ + ! ;
: new ( class -- object ) dup @ here swap allot tuck ! ;
: :: ( class -- ) ' >body @ + @ compile, ;
`;
