// objects.fs: the object model of Gforth's manual (5.23.3): selectors, methods, interfaces, instance variables, protected words.
//
// An object's first cell is its class's map: the tokens of its methods. The cell before a map holds the address of a table with a map
// for each interface, 0 where the class does not implement it. A selector's body: the offset of its method in the map, the number of
// its interface (0: the class itself).

export const objects = `
struct
  cell% field (map)
  cell% field (map-bytes)
  cell% field (number)
  cell% field class-parent
  cell% field class-wordlist
  cell% field (previous-wordlist)
  cell% 2* field class-inst-size
end-struct class%

64 constant (most-interfaces)
0 value current-interface
0 value this
variable (interfaces)

: class->map ( class -- map ) (map) @ ;
: to-this ( object -- ) to this ;
: (new-map) ( a u -- map ) { a u } u cell+ allocate throw cell+ { m } a m u move m ;
: (extend-map) ( xt class -- ) { xt c }
  c (map) @ { old } old c (map-bytes) @ { u } u cell+ (new-map) { m }
  old cell - @ m cell - ! xt m u + ! m c (map) ! u cell+ c (map-bytes) ! old cell - free throw ;
: (slot) ( map selector-body -- a ) { m s }
  s cell+ @ dup if cells m cell - @ + @ dup 0= abort" the class does not implement the interface of this selector" else drop m then
  s @ + ;
: no-method ( -- ) true abort" no method defined for this object and selector" ;

: method ( xt -- )
  create current-interface (map-bytes) @ , current-interface (number) @ ,
  current-interface (extend-map)
  does> over @ swap (slot) perform ;
: selector ( -- ) ['] no-method method ;
: overrides ( xt -- ) ' >body current-interface (map) @ swap (slot) ! ;
: class-override! ( xt selector-xt map -- ) swap >body (slot) ! ;

: (new-class) ( -- class ) class% %alloc dup class% %size erase ;
: interface ( -- )
  (new-class) to current-interface
  1 (interfaces) +! (interfaces) @ dup (most-interfaces) >= abort" too many interfaces" current-interface (number) !
  0 0 (new-map) current-interface (map) ! ;
: end-interface-noname ( -- interface ) current-interface 0 to current-interface ;
: end-interface ( -- ) end-interface-noname constant ;

( the map of an interface that a class implements: the cell before it holds its bytes )
: (interface-map) ( a u -- map ) tuck (new-map) tuck cell - ! ;
: (copy-interfaces) ( table -- table ) { from }
  (most-interfaces) cells allocate throw { to-table }
  to-table (most-interfaces) cells erase
  from if (most-interfaces) 0 do
    from i cells + @ dup if dup cell - @ (interface-map) to-table i cells + ! else drop then
  loop then to-table ;
: class>order ( class -- ) dup class-parent @ ?dup if recurse then class-wordlist @ >order ;
: (depth-of) ( class -- n ) 0 swap begin dup while class-parent @ swap 1+ swap repeat drop ;
: class-previous ( class -- ) (depth-of) 0 ?do previous loop ;
synonym push-order class>order
synonym drop-order class-previous
: methods ( class -- ) dup class>order to current-interface ;
: end-methods ( -- ) current-interface class-previous 0 to current-interface ;
: public ( -- ) current-interface (previous-wordlist) @ set-current ;
: protected ( -- ) current-interface class-wordlist @ set-current ;
: class ( parent -- align offset ) { parent }
  (new-class) { c }
  parent c class-parent ! wordlist c class-wordlist ! get-current c (previous-wordlist) !
  parent (map-bytes) @ c (map-bytes) !
  parent (map) @ parent (map-bytes) @ (new-map) c (map) !
  parent (map) @ cell - @ (copy-interfaces) c (map) @ cell - !
  c methods
  parent class-inst-size 2@ ;
: end-class-noname ( align offset -- class )
  current-interface { c } public c class-inst-size 2! end-methods c ;
: end-class ( align offset -- ) end-class-noname constant ;
: implementation ( interface -- ) { i }
  i (map) @ i (map-bytes) @ (interface-map) current-interface (map) @ cell - @ i (number) @ cells + ! ;

: m: ( -- xt ) :noname postpone this postpone >r postpone to-this ;
: :m ( -- xt ) : latestxt postpone this postpone >r postpone to-this ;
: exitm ( -- ) postpone r> postpone to-this postpone exit ; immediate
: ;m ( -- ) postpone r> postpone to-this postpone ; ; immediate
: catch ( xt -- n ) this >r catch r> to-this ;

: inst-var ( align1 offset1 align size -- align2 offset2 ) create-field does> @ this + ;
: inst-value ( align1 offset1 -- align2 offset2 ) cell% create-field does> @ this + @ ;
: <to-inst> ( x xt -- ) >body @ this + ! ;
: [to-inst] ( -- ) ' >body @ postpone this postpone literal postpone + postpone ! ; immediate

: <bind> ( class selector-xt -- xt ) >body swap (map) @ swap (slot) @ ;
: bind' ( -- xt ) ' execute ' <bind> ;
: bind ( object -- ) bind' execute ;
: [bind] ( -- ) bind' compile, ; immediate
: current' ( -- xt ) current-interface ' <bind> ;
: [current] ( -- ) current' compile, ; immediate
: [parent] ( -- ) current-interface class-parent @ ' <bind> compile, ; immediate

(new-class) to current-interface
wordlist current-interface class-wordlist ! get-current current-interface (previous-wordlist) !
0 0 (new-map) current-interface (map) !
0 (copy-interfaces) current-interface (map) @ cell - !
current-interface class>order
:noname ( object -- ) drop ; method construct
:noname ( object -- ) ." object:" dup . ." class:" @ . ; method print
cell% end-class-noname constant object

: init-object ( class object -- ) { c o } c (map) @ o ! o construct ;
: xt-new ( class xt -- object ) over class-inst-size 2@ rot execute dup >r init-object r> ;
: dict-new ( class -- object ) ['] %allot xt-new ;
: heap-new ( class -- object ) ['] %alloc xt-new ;
`;
