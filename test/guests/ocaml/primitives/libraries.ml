(* A little of every other module of the standard library. *)
let attempt name f = Printf.printf "%s: %s\n" name (match f () with v -> v | exception e -> Printexc.to_string e)
let int = string_of_int
let ints l = String.concat " " (List.map int l)

let () =
  Random.init 42; print_endline (ints (List.init 20 (fun _ -> Random.int 1000000))); Random.full_init [|1; 2; 3|]; print_endline (ints (List.init 20 (fun _ -> Random.bits ())));
  for _ = 1 to 20 do Printf.printf "%h %Ld %ld %nd %b " (Random.float 10.) (Random.int64 1000000007L) (Random.int32 12345l) (Random.nativeint 99999n) (Random.bool ()) done; print_newline ();
  let s = Random.State.make [|7|] in let t = Random.State.copy s in Printf.printf "%d %d %d\n" (Random.State.int s 100) (Random.State.bits t) (Random.full_int 100000000000); Random.self_init (); ignore (Random.bits ())

module Strings = Map.Make (String)
module Ints = Set.Make (Int)
let () =
  let m = List.fold_left (fun m i -> Strings.add (int (i * i)) i m) Strings.empty (List.init 50 Fun.id) in
  Strings.iter (fun k v -> Printf.printf "%s=%d " k v) (Strings.filter (fun _ v -> v mod 3 = 0) m); print_newline ();
  let a = Ints.of_list (List.init 30 (fun i -> i * i mod 37)) and b = Ints.of_list [1; 4; 5; 99] in
  List.iter (fun s -> print_endline (ints (Ints.elements s))) [a; Ints.union a b; Ints.inter a b; Ints.diff a b]; Printf.printf "%d %b\n" (Ints.compare a b) (Ints.subset b a);
  let q = Queue.create () and st = Stack.create () in for i = 1 to 5 do Queue.add i q; Stack.push i st done; Queue.transfer (Queue.copy q) q; Printf.printf "%d %d %d\n" (Queue.pop q) (Stack.pop st) (Queue.length q);
  attempt "queue" (fun () -> Queue.clear q; int (Queue.pop q)); attempt "stack" (fun () -> Stack.clear st; int (Stack.pop st));
  let h = Hashtbl.create 16 in List.iter (fun (k, v) -> Hashtbl.add h k v) ["a", 1; "b", 2; "a", 3]; Printf.printf "%s %d\n" (ints (Hashtbl.find_all h "a")) (Hashtbl.length h); Hashtbl.remove h "a"; attempt "find" (fun () -> int (Hashtbl.find h "a")); attempt "not found" (fun () -> int (Hashtbl.find h "c"));
  print_endline (ints (List.of_seq (Seq.filter (fun x -> x mod 2 = 1) (Seq.map (fun x -> x * 3) (List.to_seq [1; 2; 3; 4; 5]))))); print_endline (ints (List.sort_uniq compare [3; 1; 2; 3; 1])); attempt "nth" (fun () -> int (List.nth [1] 1)); attempt "hd" (fun () -> int (List.hd []));
  print_endline (String.concat "," (List.map (fun (a, b) -> int a ^ b) (List.combine [1; 2] ["x"; "y"]))); attempt "combine" (fun () -> int (List.length (List.combine [1] []))); attempt "assoc" (fun () -> List.assoc 3 [1, "a"])

let () =
  let l = lazy (print_string "once "; 42) in Printf.printf "%d %d %b\n" (Lazy.force l) (Lazy.force l) (Lazy.is_val l);
  let rec bad = lazy (Lazy.force bad + 1) in attempt "undefined" (fun () -> int (Lazy.force bad)); let failing = lazy (failwith "x") in attempt "fails" (fun () -> int (Lazy.force failing)); attempt "again" (fun () -> int (Lazy.force failing));
  Printf.printf "%d %d\n" (Lazy.force (Lazy.from_fun (fun () -> 3))) (Lazy.force (Lazy.map_val succ (Lazy.from_val 1)));
  let st = Stream.from (fun i -> if i < 5 then Some i else None) in print_endline (ints (Stream.npeek 3 st)); Stream.junk st; Stream.iter (Printf.printf "%d ") st; attempt "stream" (fun () -> int (Stream.next st)); Stream.iter print_char (Stream.of_string "chars\n");
  let w = Weak.create 3 in Weak.set w 0 (Some (ref 1)); Printf.printf "%b %b %d %b\n" (Weak.check w 0) (Weak.check w 1) (Weak.length w) (match Weak.get w 0 with Some { contents = 1 } -> true | _ -> false); Weak.blit w 0 w 1 2; Weak.fill w 0 1 None; Printf.printf "%b %b %b\n" (Weak.check w 0) (Weak.check w 1) (Weak.get_copy w 1 = Weak.get w 1);
  List.iter (fun f -> attempt "weak" (fun () -> f (); "done")) [(fun () -> ignore (Weak.get w 3)); (fun () -> Weak.set w (-1) None); (fun () -> ignore (Weak.check w 9)); (fun () -> Weak.blit w 0 w 2 2); (fun () -> ignore (Weak.create (-1)))];
  let module W = Weak.Make (struct type t = string let equal = String.equal let hash = Hashtbl.hash end) in
  let set = W.create 5 in let kept = List.init 40 (fun i -> String.make 3 (Char.chr (65 + i mod 26))) in List.iter (fun s -> ignore (W.merge set s)) kept; Printf.printf "%d %b\n" (W.count set) (W.mem set "AAA"); ignore (Sys.opaque_identity kept);
  let key = ref 1 and e = Ephemeron.K1.create () in Ephemeron.K1.set_key e key; Ephemeron.K1.set_data e "data"; Printf.printf "%b %b %s\n" (Ephemeron.K1.check_key e) (Ephemeron.K1.check_data e) (Option.get (Ephemeron.K1.get_data e)); Ephemeron.K1.unset_key e; Printf.printf "%b\n" (Ephemeron.K1.check_key e); ignore (Sys.opaque_identity key);
  let module H = Ephemeron.K1.Make (struct type t = int ref let equal = ( == ) let hash r = !r end) in let h = H.create 3 in H.add h key "v"; print_endline (H.find h key); let e2 = Ephemeron.K2.create () in Ephemeron.K2.set_key1 e2 key; Printf.printf "%b %b\n" (Ephemeron.K2.check_key1 e2) (Ephemeron.K2.check_key2 e2)

class point x = object (self) val mutable x = x method x = x method move d = x <- x + d; self#check method check = if x > 100 then failwith "far" method copy = {< x = x * 2 >} end
class coloured x c = object inherit point x as super method colour = c method! move d = super#move (d * 2); print_string c initializer print_string "new " end
let () =
  let p = new point 3 and c = new coloured 5 "red " in p#move 4; c#move 7; Printf.printf "%d %d %d %s\n" p#x c#x c#copy#x c#colour; attempt "far" (fun () -> p#move 1000; ""); Printf.printf "%b %b %d\n" (p = p) (p < (c :> point)) (compare p p);
  let o = object method a = 1 method b = "x" end in Printf.printf "%d %s\n" o#a o#b; List.iter (fun o -> Printf.printf "%d " o#x) [p; (c :> point)]; Printf.printf "%d\n" (Oo.id p - Oo.id p);
  attempt "method" (fun () -> int (List.length (List.init 30 (fun i -> (object method get = i end)#get))))

let () =
  let c = Complex.{ re = 3.; im = -4. } in Printf.printf "%f %f %f\n" (Complex.norm c) (Complex.sqrt c).re (Complex.div c Complex.i).im; print_endline (Digest.to_hex (Digest.string "")); print_endline (Digest.to_hex (Digest.substring "abcdef" 1 3) ^ string_of_bool (Digest.from_hex "00000000000000000000000000000000" = String.make 16 '\000'));
  let verbose = ref false and n = ref 0 and rest = ref [] in
  let spec = Arg.["-v", Set verbose, " be verbose"; "-n", Set_int n, "N a number"; "-s", Symbol (["a"; "b"], print_string), " symbol"] in
  Arg.parse_argv ~current:(ref 0) [|"prog"; "-v"; "-n"; "12"; "-s"; "a"; "file"|] spec (fun s -> rest := s :: !rest) "usage"; Printf.printf "%b %d %s\n" !verbose !n (String.concat "," !rest); attempt "bad" (fun () -> Arg.parse_argv ~current:(ref 0) [|"prog"; "-x"|] spec ignore "usage"; ""); print_endline (Arg.usage_string (Arg.align spec) "usage");
  Callback.register "name" 1; Callback.register_exception "exn" Not_found; Gc.full_major (); Gc.compact (); Gc.set { (Gc.get ()) with Gc.space_overhead = 200 }; let c = Gc.get () in Printf.printf "%d %d %d %d %d %d\n" c.Gc.minor_heap_size c.Gc.space_overhead c.Gc.max_overhead c.Gc.stack_limit c.Gc.allocation_policy c.Gc.custom_minor_max_size;
  ignore (Gc.stat (), Gc.quick_stat (), Gc.counters (), Gc.minor_words (), Gc.allocated_bytes (), Gc.major_slice 0); Gc.finalise (fun _ -> ()) (ref 0); Gc.finalise_last ignore (ref 0); attempt "finalise" (fun () -> Gc.finalise ignore 1; ""); attempt "finalise_last" (fun () -> Gc.finalise_last ignore 1; "");
  let a = Atomic.make 3 in Atomic.incr a; Printf.printf "%d %b %d %d\n" (Atomic.get a) (Atomic.compare_and_set a 4 9) (Atomic.exchange a 1) (Atomic.fetch_and_add a 5); Printf.printf "%s %d %b\n" (Option.value ~default:"none" None) (Result.get_ok (Ok 3)) (Either.is_left (Either.Left 1)); attempt "option" (fun () -> int (Option.get None)); attempt "fun" (fun () -> Fun.protect ~finally:(fun () -> print_string "finally ") (fun () -> failwith "inner"));
  print_endline (Filename.concat "a" (Filename.chop_extension "b.c") ^ Filename.quote "a'b" ^ Filename.dirname "/x/y"); attempt "chop" (fun () -> Filename.chop_suffix "abc" ".c" ); print_endline (Printexc.to_string (Failure "x") ^ Printexc.to_string (Invalid_argument "y") ^ Printexc.to_string (Sys_error "z") ^ Printexc.to_string (Match_failure ("f", 1, 2)) ^ Printexc.to_string Exit ^ Printexc.to_string Division_by_zero);
  attempt "assert" (fun () -> assert (Sys.opaque_identity false); ""); attempt "match" (fun () -> (match Sys.opaque_identity 3 with 1 -> "one")); attempt "zero" (fun () -> int (1 / Sys.opaque_identity 0)); attempt "mod" (fun () -> int (1 mod Sys.opaque_identity 0)); let rec overflow n = 1 + overflow (n + 1) in attempt "overflow" (fun () -> int (overflow 0));
  Printf.printf "%d %b %b %s\n" (Array.length (match Printexc.backtrace_slots (Printexc.get_callstack 0) with None -> [||] | Some a -> a)) (Printexc.backtrace_status ()) (Printexc.get_backtrace () = "") (Printexc.exn_slot_name Not_found); print_endline (String.concat " " (List.map (fun u -> int (Uchar.to_int u)) [Uchar.min; Uchar.max; Uchar.of_char 'a'])); print_endline (Bool.to_string true ^ Char.escaped '\t' ^ Int.to_string (Int.abs (-3)) ^ Unit.to_string ());
  Sys.catch_break false; Printexc.register_printer (function Exit -> Some "leaving" | _ -> None); print_endline (Printexc.to_string Exit); attempt "overflowing list" (fun () -> int (List.fold_right ( + ) (List.init 100000 Fun.id) 0)); print_endline (Sys.runtime_variant () ^ Sys.runtime_parameters ())
