(* Switches, loops, exceptions in every shape. *)
let show x = prerr_int x; prerr_char ' '
type op = Add | Sub | Mul | Div | Mod | Neg | Not | And | Or
let name = function Add -> "add" | Sub -> "sub" | Mul -> "mul" | Div -> "div" | Mod -> "mod" | Neg -> "neg" | Not -> "not" | And -> "and" | Or -> "or"
let () = List.iter (fun o -> prerr_string (name o)) [ Add; Sub; Mul; Div; Mod; Neg; Not; And; Or ]; prerr_newline ()
let classify = function 0 -> "zero" | 1 | 2 | 3 -> "few" | 10 -> "ten" | 11 -> "eleven" | 12 -> "twelve" | 13 -> "thirteen" | n when n < 0 -> "negative" | _ -> "many"
let () = List.iter (fun n -> prerr_string (classify n); prerr_char ' ') [ 0; 1; 3; 4; 9; 10; 11; 12; 13; 14; -1; 1000; max_int ]; prerr_newline ()
let vowel = function 'a' | 'e' | 'i' | 'o' | 'u' -> true | 'A' .. 'Z' -> false | _ -> false
let () = String.iter (fun c -> prerr_char (if vowel c then '1' else '0')) "The quick brown fox"; prerr_newline ()
let word = function "one" -> 1 | "two" -> 2 | "three" -> 3 | "seventeen letters" -> 17 | _ -> 0
let () = List.iter (fun w -> show (word w)) [ "one"; "two"; "three"; "four"; "seventeen letters"; "" ]; prerr_newline ()
let () = for i = 1 to 3 do for j = 3 downto i do show (i * j) done done; let n = ref 10 in while !n > 0 do n := !n - 3; if !n = 4 then show 444 done; show !n; prerr_newline ()
exception E of int
exception F
exception G of string * int
let f n = if n = 0 then raise F else if n = 1 then raise (E 5) else if n = 2 then raise Not_found else if n = 3 then failwith "three" else if n = 4 then invalid_arg "four" else if n = 5 then raise (G ("g", 7)) else if n = 6 then raise_notrace Exit else n
let () = for i = 0 to 7 do (try show (f i) with F -> show 100 | E n -> show n | Not_found -> show 200 | Failure s -> prerr_string s | Invalid_argument s -> prerr_string s | G (s, n) -> prerr_string s; show n | Exit -> show 300) done; prerr_newline ()
let reraise n = try f n with E k when k > 3 -> show k; raise (E (k - 1)) | (Not_found | F) as e -> show 1; raise e
let () = for i = 0 to 2 do (try ignore (reraise i) with e -> prerr_string (Printexc.to_string e)) done; prerr_newline ()
let protect f = try let r = f () in show 1; r with e -> show 2; raise_notrace e
let () = (try protect (fun () -> protect (fun () -> raise F)) with F -> show 3); show (protect (fun () -> 4)); prerr_newline ()
let rec nested n = if n = 0 then raise (E 0) else try nested (n - 1) with E k -> raise (E (k + n))
let () = (try nested 20 with E k -> show k); prerr_newline ()
let find p l = let exception Found of int in try List.iter (fun x -> if p x then raise (Found x)) l; -1 with Found x -> x
let () = show (find (fun x -> x > 3) [ 1; 2; 3; 4; 5 ]); show (find (fun x -> x > 9) [ 1 ]); prerr_newline ()
let () = (try show (int_of_string "12x") with Failure s -> prerr_string s); (try ignore (List.hd []) with Failure s -> prerr_string s); (try ignore (String.sub "abc" 2 5) with Invalid_argument s -> prerr_string s); prerr_newline ()
let () = try assert (Array.length Sys.argv > 100) with Assert_failure (file, line, column) -> prerr_string file; show line; show column; prerr_newline ()
let () = (match (fun x -> x) 3 with 1 -> show 1 | n when n > 5 -> show 2 | exception Not_found -> show 4 | _ -> show 3); prerr_newline ()
let () = let b = ref true in show (if not !b then 1 else 2); b := not !b; show (if !b && (show 9; true) || not !b then 3 else 4); prerr_newline ()
let () = Fun.protect ~finally:(fun () -> show 5) (fun () -> show 6); prerr_newline ()
let () = at_exit (fun () -> prerr_endline "bye")
