(* An exception that nothing handles: C calls what is registered for the end. *)
exception Foo of string * int * float
let () = at_exit (fun () -> prerr_endline "first"); at_exit (fun () -> prerr_endline "second"; ignore (List.map (fun x -> x + 1) [ 1; 2 ]))
let () = if Array.length Sys.argv < 100 then raise (Foo ("x", -3, 1.5))
