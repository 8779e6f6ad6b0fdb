(* The same when the program has Printexc. *)
exception Foo of string * int
let () = at_exit (fun () -> prerr_endline "bye")
let () = Printexc.register_printer (function Foo (s, n) -> Some (s ^ string_of_int n) | _ -> None)
let () = Printexc.set_uncaught_exception_handler (fun e _ -> prerr_endline ("handled " ^ Printexc.to_string e))
let () = ignore (List.iter (fun n -> if n = 3 then raise (Foo ("x", n))) [ 1; 2; 3 ])
