(* exact-cover: sudoku by dancing links: backtracking, linked records that are taken out and put back, exceptions *)

(* Knuth's algorithm X: choose rows of a matrix so that every column has exactly one *)

type cell = {
  mutable left : cell;
  mutable right : cell;
  mutable up : cell;
  mutable down : cell;
  mutable column : cell;
  row : int;
  mutable size : int;
}

let alone row =
  let rec cell = { left = cell; right = cell; up = cell; down = cell; column = cell; row; size = 0 } in
  cell

let insert_left before cell =
  cell.left <- before.left;
  cell.right <- before;
  before.left.right <- cell;
  before.left <- cell

let insert_above below cell =
  cell.up <- below.up;
  cell.down <- below;
  below.up.down <- cell;
  below.up <- cell

let columns root count =
  Array.init count (fun i ->
      let column = alone (-1 - i) in
      insert_left root column;
      column)

let add_row columns row places =
  let add first place =
    let cell = alone row and column = columns.(place) in
    cell.column <- column;
    insert_above column cell;
    column.size <- column.size + 1;
    match first with
    | None -> Some cell
    | Some head ->
        insert_left head cell;
        first
  in
  ignore (List.fold_left add None places)

let iter next start f =
  let rec go cell =
    if cell != start then begin
      f cell;
      go (next cell)
    end
  in
  go (next start)

let right cell = cell.right
let left cell = cell.left
let up cell = cell.up
let down cell = cell.down

let cover column =
  column.right.left <- column.left;
  column.left.right <- column.right;
  iter down column (fun row ->
      iter right row (fun cell ->
          cell.down.up <- cell.up;
          cell.up.down <- cell.down;
          cell.column.size <- cell.column.size - 1))

let uncover column =
  iter up column (fun row ->
      iter left row (fun cell ->
          cell.column.size <- cell.column.size + 1;
          cell.down.up <- cell;
          cell.up.down <- cell));
  column.right.left <- column;
  column.left.right <- column

let smallest root =
  let best = ref root.right in
  iter right root (fun column -> if column.size < !best.size then best := column);
  !best

let nodes = ref 0

(* calls back with the rows of every solution *)
let rec search root chosen found =
  if root.right == root then found chosen
  else begin
    let column = smallest root in
    cover column;
    iter down column (fun row ->
        incr nodes;
        iter right row (fun cell -> cover cell.column);
        search root (row.row :: chosen) found;
        iter left row (fun cell -> uncover cell.column));
    uncover column
  end

(* a sudoku of order n: n*n digits; rows of the matrix are cell and digit *)

let matrix order given =
  let n = order * order in
  let root = alone min_int in
  let columns = columns root (4 * n * n) in
  for row = 0 to n - 1 do
    for column = 0 to n - 1 do
      let box = (row / order * order) + (column / order) in
      for digit = 0 to n - 1 do
        let known = given row column in
        if known < 0 || known = digit then
          let place kind i j = (((kind * n) + i) * n) + j in
          add_row columns
            ((((row * n) + column) * n) + digit)
            [ place 0 row column; place 1 row digit; place 2 column digit; place 3 box digit ]
      done
    done
  done;
  root

exception Enough of int list

let show order rows =
  let n = order * order in
  let board = Bytes.make (n * n) '.' in
  List.iter (fun row -> Bytes.set board (row / n) (Char.chr (Char.code '1' + (row mod n)))) rows;
  for row = 0 to n - 1 do
    print_endline ("  " ^ Bytes.sub_string board (row * n) n)
  done

let count order given =
  nodes := 0;
  let solutions = ref 0 in
  search (matrix order given) [] (fun _ -> incr solutions);
  Printf.printf "order %d: %d solutions, %d nodes\n" order !solutions !nodes

let solve puzzle =
  nodes := 0;
  let given row column = match puzzle.[(9 * row) + column] with '.' -> -1 | digit -> Char.code digit - Char.code '1' in
  match search (matrix 3 given) [] (fun rows -> raise (Enough rows)) with
  | () -> print_endline "no solution"
  | exception Enough rows ->
      Printf.printf "order 3: solved, %d nodes\n" !nodes;
      show 3 rows

let puzzles =
  [
    "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";
    "1.......2.9.4...5...6...7...5.9.3.......7.......85..4.7.....6...3...9.8...2.....1";
    "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..";
  ]

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  (* a 4 by 4 board: empty, or with the first row and more filled in *)
  let filled row column = if row = 0 then column else if row = 1 && column = 0 then 2 else -1 in
  count 2 filled;
  if full then begin
    count 2 (fun _ _ -> -1);
    List.iter solve puzzles
  end
