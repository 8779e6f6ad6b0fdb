(* decision-diagrams: binary decision diagrams of the queens problem and of adders: hash consing, memo tables, integers *)

type node = Zero | One | Node of { id : int; level : int; low : node; high : node }

let id = function Zero -> 0 | One -> 1 | Node { id; _ } -> id
let level = function Zero | One -> max_int | Node { level; _ } -> level

module Key = struct
  type t = int * int * int

  let equal (a, b, c) (d, e, f) = a = d && b = e && c = f
  let hash (a, b, c) = ((a * 7919) + (b * 104729) + (c * 31)) land max_int
end

module Table = Hashtbl.Make (Key)

let unique : node Table.t = Table.create 251
let next = ref 2

(* the one node of its level and branches *)
let make level low high =
  if low == high then low
  else
    let key = (level, id low, id high) in
    match Table.find_opt unique key with
    | Some node -> node
    | None ->
        let node = Node { id = !next; level; low; high } in
        incr next;
        Table.add unique key node;
        node

let variable level = make level Zero One

type operation = And | Or | Xor

let number = function And -> 0 | Or -> 1 | Xor -> 2

let terminal operation a b =
  match (operation, a, b) with
  | And, Zero, _ | And, _, Zero -> Some Zero
  | And, One, c | And, c, One -> Some c
  | Or, One, _ | Or, _, One -> Some One
  | Or, Zero, c | Or, c, Zero -> Some c
  | Xor, Zero, c | Xor, c, Zero -> Some c
  | Xor, One, One -> Some Zero
  | (And | Or), _, _ when a == b -> Some a
  | Xor, _, _ when a == b -> Some Zero
  | _ -> None

let results : node Table.t = Table.create 251

let cofactors top = function
  | Node { level; low; high; _ } when level = top -> (low, high)
  | node -> (node, node)

let rec combine operation a b =
  match terminal operation a b with
  | Some node -> node
  | None -> (
      let a, b = if id a <= id b then (a, b) else (b, a) in
      let key = (number operation, id a, id b) in
      match Table.find_opt results key with
      | Some node -> node
      | None ->
          let top = min (level a) (level b) in
          let a0, a1 = cofactors top a and b0, b1 = cofactors top b in
          let low = combine operation a0 b0 in
          let node = make top low (combine operation a1 b1) in
          Table.add results key node;
          node)

let ( &&& ) = combine And
let ( ||| ) = combine Or
let ( ^^^ ) = combine Xor
let negate a = a ^^^ One
let conjunction = List.fold_left ( &&& ) One
let disjunction = List.fold_left ( ||| ) Zero

(* assignments of so many variables that make it true *)
let count variables root =
  let memo = Hashtbl.create 97 in
  let rec go node =
    match node with
    | Zero -> 0
    | One -> 1
    | Node { id; level = here; low; high } -> (
        match Hashtbl.find_opt memo id with
        | Some n -> n
        | None ->
            let below child = go child lsl (min (level child) variables - here - 1) in
            let n = below low + below high in
            Hashtbl.add memo id n;
            n)
  in
  go root lsl min (level root) variables

let size root =
  let seen = Hashtbl.create 97 in
  let rec go = function
    | Zero | One -> ()
    | Node { id; low; high; _ } ->
        if not (Hashtbl.mem seen id) then begin
          Hashtbl.add seen id ();
          go low;
          go high
        end
  in
  go root;
  Hashtbl.length seen

let forget () =
  Table.reset unique;
  Table.reset results;
  next := 2

let range n = List.init n Fun.id

let queens n =
  let square row column = variable ((row * n) + column) in
  let attacked row column =
    let attacks (r, c) = (r, c) <> (row, column) && (r = row || c = column || abs (r - row) = abs (c - column)) in
    List.concat_map (fun r -> List.map (fun c -> (r, c)) (range n)) (range n) |> List.filter attacks
  in
  let safe row column =
    let free = List.rev_map (fun (r, c) -> negate (square r c)) (attacked row column) in
    negate (square row column) ||| conjunction free
  in
  let row r = disjunction (List.map (square r) (range n)) &&& conjunction (List.map (safe r) (range n)) in
  let board = List.fold_left (fun board r -> board &&& row r) One (range n) in
  Printf.printf "queens %d: %d solutions, %d nodes of %d made\n" n (count (n * n) board) (size board) (!next - 2);
  forget ()

(* sums of two numbers, bit by bit: carries that ripple, and carries that are generated or propagated *)
let adders bits =
  let a i = variable (2 * i) and b i = variable ((2 * i) + 1) in
  let rec ripple i carry =
    if i = bits then [ carry ]
    else
      let sum = a i ^^^ b i ^^^ carry in
      sum :: ripple (i + 1) (a i &&& b i ||| (carry &&& (a i ||| b i)))
  in
  let rec generated i = if i < 0 then Zero else a i &&& b i ||| (a i ^^^ b i &&& generated (i - 1)) in
  let lookahead = List.map (fun i -> a i ^^^ b i ^^^ generated (i - 1)) (range bits) @ [ generated (bits - 1) ] in
  let same = List.for_all2 ( == ) (ripple 0 Zero) lookahead in
  let nodes = List.fold_left (fun sum node -> sum + size node) 0 lookahead in
  Printf.printf "adders of %d bits: %s, %d nodes, carry out in %d of %d cases\n" bits
    (if same then "equal" else "different")
    nodes
    (count (2 * bits) (generated (bits - 1)))
    (1 lsl (2 * bits));
  forget ()

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  List.iter queens (if full then [ 4; 5; 6 ] else [ 3 ]);
  List.iter adders (if full then [ 4; 8; 16; 24 ] else [ 2; 3 ])
