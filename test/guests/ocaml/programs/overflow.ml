(* The stack ends where ocamlrun's does. *)
let depth = ref 0
let rec dive n = incr depth; 1 + dive (n + 1)
let rec wide a b c d = incr depth; let x = a + b and y = c + d in let z = wide x y a b in x + y + z + a
let try_it f = depth := 0; (try ignore (f ()) with Stack_overflow -> prerr_string "overflow "); prerr_int !depth; prerr_newline ()
let () = try_it (fun () -> dive 0); try_it (fun () -> wide 1 2 3 4); try_it (fun () -> List.fold_right (fun a b -> a + b) (List.init 100000 (fun i -> i)) 0)
