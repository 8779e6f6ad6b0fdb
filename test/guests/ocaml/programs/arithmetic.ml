(* Integers of 63 bits at their borders, and every comparison. *)
let show x = prerr_string (string_of_int x); prerr_char ' '
let line () = prerr_newline ()
let borders = [| 0; 1; -1; 2; 7; -7; 31; 62; 63; 1000003; -65599; 1 lsl 30; (1 lsl 31) - 1; -(1 lsl 31); 1 lsl 32; 4294967295;
  (1 lsl 52) - 1; 1 lsl 53; (1 lsl 53) - 1; -(1 lsl 53); -(1 lsl 53) + 1; (1 lsl 53) + 1; 6148914691236517; max_int; min_int; max_int - 1; min_int + 1; 0x123456789abcdef |]
let id x = x
let operations = [| (fun a b -> a + b); (fun a b -> a - b); (fun a b -> a * b); (fun a b -> try a / b with Division_by_zero -> 42);
  (fun a b -> try a mod b with Division_by_zero -> 43); (fun a b -> a land b); (fun a b -> a lor b); (fun a b -> a lxor b);
  (fun a b -> a lsl (b land 63)); (fun a b -> a lsr (b land 63)); (fun a b -> a asr (b land 63)) |]
let () = Array.iter (fun a -> Array.iter (fun b -> Array.iter (fun f -> show (f a b)) operations; line ()) borders) borders
let bit b = prerr_char (if b then '1' else '0')
let () = Array.iter (fun (a : int) -> Array.iter (fun (b : int) ->
  bit (a = b); bit (a <> b); bit (a < b); bit (a <= b); bit (a > b); bit (a >= b); bit (a == b); bit (a != b);
  show (compare a b); show (if a < b then 1 else if a > b then 2 else 3)) borders; line ()) borders
let branch (x : int) =
  (if x = 5 then show 1); (if x <> 5 then show 2); (if x < 5 then show 3); (if x <= 5 then show 4); (if x > 5 then show 5); (if x >= 5 then show 6);
  (if 5 = x then show 1); (if 5 <> x then show 2); (if 5 < x then show 3); (if 5 <= x then show 4); (if 5 > x then show 5); (if 5 >= x then show 6)
let () = List.iter branch [4; 5; 6; -5; max_int; min_int; 1 lsl 53]; line ()
let () = Array.iter (fun a -> show (-a); show (lnot a); show (succ a); show (pred a); show (abs a); show (a + 1000); show (a - 1000)) borders; line ()
let () = let r = ref max_int in incr r; show !r; decr r; show !r; r := !r + 100; show !r; r := (1 lsl 53) - 1; incr r; show !r; incr r; show !r; line ()
let () = (try show (1 / id 0) with Division_by_zero -> show 1); (try show (1 mod id 0) with Division_by_zero -> show 2); line ()
let rec lcg n x = if n = 0 then x else lcg (n - 1) (x * 3935559000370003845 + 1442695040888963407)
let () = show (lcg 100 1); show (lcg 50 min_int); line ()
