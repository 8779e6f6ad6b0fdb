(* word-frequencies: makes a text, counts its words and sorts them in several ways: hash tables, maps, sets, buffers, sorting *)

module Words = Map.Make (String)
module Letters = Set.Make (Char)

(* a linear congruential generator: the same text everywhere *)
let random =
  let state = ref 2463534242L in
  fun bound ->
    state := Int64.add (Int64.mul !state 6364136223846793005L) 1442695040888963407L;
    Int64.to_int (Int64.rem (Int64.shift_right_logical !state 33) (Int64.of_int bound))

let consonants = "bdfgklmnprst"
let vowels = "aeiou"

(* few words are frequent, many are rare *)
let vocabulary size =
  Array.init size (fun _ ->
      let word = Buffer.create 8 in
      for _ = 0 to random 3 do
        Buffer.add_char word consonants.[random (String.length consonants)];
        Buffer.add_char word vowels.[random (String.length vowels)]
      done;
      Buffer.contents word)

let write words count =
  let text = Buffer.create 1024 in
  let size = Array.length words in
  for i = 1 to count do
    let word = words.(random (1 + random size)) in
    Buffer.add_string text (if random 9 = 0 then String.capitalize_ascii word else word);
    Buffer.add_string text (if i mod 11 = 0 then ".\n" else if random 13 = 0 then ", " else " ")
  done;
  Buffer.contents text

let is_letter c = match c with 'a' .. 'z' | 'A' .. 'Z' -> true | _ -> false

let split text =
  let words = ref [] and start = ref (-1) in
  String.iteri
    (fun i c ->
      match (is_letter c, !start) with
      | true, -1 -> start := i
      | false, from when from >= 0 ->
          words := String.lowercase_ascii (String.sub text from (i - from)) :: !words;
          start := -1
      | _ -> ())
    text;
  List.rev !words

let by_hashing words =
  let table = Hashtbl.create 16 in
  let count word =
    match Hashtbl.find table word with
    | times -> incr times
    | exception Not_found -> Hashtbl.add table word (ref 1)
  in
  List.iter count words;
  Hashtbl.fold (fun word times pairs -> (word, !times) :: pairs) table []

let by_searching words =
  let count map word = Words.update word (function None -> Some 1 | Some times -> Some (times + 1)) map in
  Words.bindings (List.fold_left count Words.empty words)

let frequent_first (a, m) (b, n) = if m <> n then compare n m else String.compare a b

(* two sorts of our own beside the library's *)

let swap a i j =
  let kept = a.(i) in
  a.(i) <- a.(j);
  a.(j) <- kept

let quicksort order a =
  let rec sort low high =
    if low < high then begin
      let pivot = a.((low + high) / 2) in
      let i = ref low and j = ref high in
      while !i <= !j do
        while order a.(!i) pivot < 0 do incr i done;
        while order a.(!j) pivot > 0 do decr j done;
        if !i <= !j then begin
          swap a !i !j;
          incr i;
          decr j
        end
      done;
      sort low !j;
      sort !i high
    end
  in
  sort 0 (Array.length a - 1)

let heapsort order a =
  let rec sift root last =
    let child = (2 * root) + 1 in
    if child <= last then begin
      let larger = if child < last && order a.(child) a.(child + 1) < 0 then child + 1 else child in
      if order a.(root) a.(larger) < 0 then begin
        swap a root larger;
        sift larger last
      end
    end
  in
  let last = Array.length a - 1 in
  for root = (last - 1) / 2 downto 0 do
    sift root last
  done;
  for i = last downto 1 do
    swap a 0 i;
    sift 0 (i - 1)
  done

let checksum text = String.fold_left (fun sum c -> ((sum * 31) + Char.code c) land 0x3fffffff) 7 text

let rec take n = function x :: rest when n > 0 -> x :: take (n - 1) rest | _ -> []

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  let size, count = if full then (800, 20000) else (24, 110) in
  let text = write (vocabulary size) count in
  let words = split text in
  Printf.printf "%d characters, checksum %08x, %d words\n" (String.length text) (checksum text) (List.length words);
  let pairs = by_hashing words in
  let sorted = List.sort frequent_first pairs in
  let array = Array.of_list pairs in
  quicksort frequent_first array;
  let other = Array.of_list (by_searching words) in
  heapsort frequent_first other;
  Printf.printf "%d different words, sorted alike: %b\n" (List.length sorted) (Array.to_list array = sorted && other = array);
  List.iter (fun (word, times) -> Printf.printf "%6d %s\n" times word) (take 8 sorted);
  let letters = String.fold_left (fun set c -> if is_letter c then Letters.add (Char.lowercase_ascii c) set else set) Letters.empty text in
  Printf.printf "letters: %s\n" (String.of_seq (Letters.to_seq letters));
  let longest = List.fold_left (fun longest (word, _) -> max longest (String.length word)) 0 sorted in
  Printf.printf "longest: %d letters\n" longest
