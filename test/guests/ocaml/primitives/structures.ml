(* Structures: hashing, comparison, marshalling and copying of what random programs could hold. *)
type t =
  | A | B | C of int | D of string | E of float | F of t * t | G of { x : int; y : float; z : t } | H of t list | I of t array | J of float array
  | K of int32 | L of int64 | M of nativeint | N of t Lazy.t | O of bytes | P of floatarray | Q of (int * t) option | R of { u : float; v : float }
  | S of t ref | T of exn

exception Local of int * string

let rec random depth =
  let sub () = random (depth - 1) in
  let integer () = match Random.int 5 with
    | 0 -> Random.int 64 | 1 -> Random.int 300 - 150 | 2 -> Random.int 42000 - 35000 | 3 -> Random.bits () * 4 - (1 lsl 31) | _ -> (Random.bits () lsl 33) lxor Random.bits () in
  let float () = match Random.int 8 with 0 -> 0. | 1 -> -0. | 2 -> nan | 3 -> infinity | 4 -> float_of_int (Random.int 10) | _ -> Random.float 10. -. 5. in
  let text () = String.init (match Random.int 4 with 0 -> Random.int 5 | 1 -> Random.int 40 | 2 -> 30 + Random.int 4 | _ -> Random.int 300) (fun _ -> Char.chr (Random.int 256)) in
  let length () = if Random.int 10 = 0 then Random.int 20 else Random.int 4 in
  match if depth <= 0 then Random.int 5 else Random.int 20 with
  | 0 -> A | 1 -> B | 2 -> C (integer ()) | 3 -> D (text ()) | 4 -> E (float ()) | 5 -> let s = sub () in F (s, if Random.bool () then s else sub ())
  | 6 -> G { x = integer (); y = float (); z = sub () } | 7 -> H (List.init (length ()) (fun _ -> sub ())) | 8 -> I (Array.init (length ()) (fun _ -> sub ()))
  | 9 -> J (Array.init (length ()) (fun _ -> float ())) | 10 -> K (Int32.of_int (integer ())) | 11 -> L (Int64.of_int (integer ())) | 12 -> M (Nativeint.of_int (integer ()))
  | 13 -> let s = sub () in N (if Random.bool () then Lazy.from_val s else let l = lazy (Sys.opaque_identity s) in ignore (Lazy.force l); l)
  | 14 -> O (Bytes.of_string (text ())) | 15 -> P (Float.Array.init (length ()) (fun _ -> float ())) | 16 -> Q (if Random.bool () then None else Some (integer (), sub ()))
  | 17 -> R { u = float (); v = float () } | 18 -> S (ref (sub ())) | _ -> H [sub (); sub ()]

let hex s = String.concat "" (List.map (fun c -> Printf.sprintf "%02x" (Char.code c)) (List.of_seq (String.to_seq s)))
let guard f = match f () with v -> string_of_int v | exception Invalid_argument m -> m | exception Failure m -> m

let () =
  Random.init 10;
  let values = Array.init 420 (fun i -> random (i mod 6)) in
  Array.iter (fun v ->
    let m = Marshal.to_string v [] in
    Printf.printf "%d %d %d %d %s %s\n" (Hashtbl.hash v) (Hashtbl.hash_param 3 5 v) (Hashtbl.seeded_hash 77 v) (Hashtbl.seeded_hash_param 100 300 (-5) v)
      (if String.length m < 2000 then hex m else Digest.to_hex (Digest.string m))
      (Digest.to_hex (Digest.string (Marshal.to_string v [Marshal.No_sharing])));
    let back : t = Marshal.from_string m 0 in
    Printf.printf "%d %b %b %s\n" (compare v back) (compare back v = 0) (v = v) (Digest.to_hex (Digest.string (Marshal.to_string back [])))) values;
  Array.iteri (fun i v ->
    let w = values.(Random.int 420) and u = values.((i + 6) mod 420) in
    List.iter (fun (a, b) ->
      Printf.printf "%s %s %s %s " (guard (fun () -> compare a b)) (guard (fun () -> compare b a)) (guard (fun () -> Bool.to_int (a = b))) (guard (fun () -> Bool.to_int (a < b)));
      Printf.printf "%s %s %s %s\n" (guard (fun () -> Bool.to_int (a <> b))) (guard (fun () -> Bool.to_int (a <= b))) (guard (fun () -> Bool.to_int (a > b))) (guard (fun () -> Bool.to_int (a >= b))))
      [v, w; v, u; F (v, w), F (v, u); H [v; w], H [v; u]; C 1, v]) values;
  (* the order of a hash table's buckets *)
  let table = Hashtbl.create 10 in
  Array.iter (fun v -> Hashtbl.replace table (Digest.string (Marshal.to_string v [])) (Hashtbl.hash v); Hashtbl.add table (string_of_int (Hashtbl.hash v)) 0) values;
  Hashtbl.iter (fun k v -> Printf.printf "%s:%d " (String.escaped k) v) table; print_newline ();
  let random_table = Hashtbl.create ~random:false 3 in
  List.iter (fun i -> Hashtbl.add random_table (i * i, string_of_int i, float_of_int i) i) (List.init 500 Fun.id);
  Hashtbl.iter (fun _ v -> Printf.printf "%d " v) random_table; print_newline ();
  let s = Hashtbl.stats random_table in
  Array.iter (Printf.printf "%d ") s.Hashtbl.bucket_histogram; print_newline ()

let () =
  (* what cannot be compared, and what is infinite *)
  let f x = x and closures = [fun x -> x + 1] in
  let show name g = Printf.printf "%s: %s\n" name (match g () with v -> string_of_int v | exception e -> Printexc.to_string e) in
  show "functions" (fun () -> compare f f); show "equal functions" (fun () -> Bool.to_int (f == f && f = f)); show "in lists" (fun () -> compare closures [fun x -> x]);
  show "same list" (fun () -> compare closures closures); show "function and number" (fun () -> compare (Obj.repr f) (Obj.repr 1)); show "and block" (fun () -> compare (Obj.repr (Some 1)) (Obj.repr f));
  show "before functions" (fun () -> compare (1, f) (2, f)); show "channels" (fun () -> compare stdout stdout); show "different channels" (fun () -> compare stdout stderr);
  show "customs" (fun () -> compare (Obj.repr 1l) (Obj.repr 1L)); show "custom and float" (fun () -> compare (Obj.repr 1l) (Obj.repr 1.)); show "string and float" (fun () -> compare (Obj.repr "a") (Obj.repr 1.));
  show "nan" (fun () -> compare nan 1.); show "nan equal" (fun () -> Bool.to_int (nan = nan)); show "in arrays" (fun () -> Bool.to_int ([|nan|] < [|nan|])); show "sizes" (fun () -> compare [|1.; 2.|] [|3.|]);
  show "objects" (fun () -> let o = object end and p = object end in compare o p * 10 + compare o o); show "exceptions" (fun () -> compare Not_found Not_found); show "local" (fun () -> compare (Local (1, "a")) (Local (1, "b")));
  show "lazy" (fun () -> compare (lazy 1) (lazy 1)); show "forced" (fun () -> let a = lazy (f 1) in ignore (Lazy.force a); compare a (Lazy.from_val 1)); show "weak" (fun () -> compare (Weak.create 1) (Weak.create 1));
  let long n = List.init n (fun i -> i) in
  let a = long 300000 and b = long 300000 in
  show "long lists" (fun () -> compare a b); show "equal" (fun () -> Bool.to_int (a = b)); show "longer" (fun () -> compare a (long 300001)); show "hash" (fun () -> Hashtbl.hash a);
  let rec deep n acc = if n = 0 then acc else deep (n - 1) (Obj.repr (Some acc)) in
  show "deep" (fun () -> compare (deep 200000 (Obj.repr 0)) (deep 200000 (Obj.repr 0)));
  let m = Marshal.to_string a [] in
  Printf.printf "%d %s %b\n" (String.length m) (Digest.to_hex (Digest.string m)) (Marshal.from_string m 0 = a);
  let d = Marshal.to_string (deep 100000 (Obj.repr 0)) [] in
  Printf.printf "%d %s\n" (String.length d) (Digest.to_hex (Digest.string d));
  let rec cycle = 1 :: 2 :: cycle in
  let c = Marshal.to_string cycle [] in
  print_endline (hex c);
  let back : int list = Marshal.from_string c 0 in
  Printf.printf "%d %d %b %d\n" (List.nth back 1000) (List.nth back 1001) (List.tl (List.tl back) == back) (Hashtbl.hash cycle);
  let shared = Array.make 70000 "" in
  Array.iteri (fun i _ -> shared.(i) <- if i < 300 then string_of_int i else shared.(i * i mod 300)) shared;
  let many = Array.init 42000 (fun i -> ref i) in
  print_endline (Digest.to_hex (Digest.string (Marshal.to_string (shared, many, Array.map Fun.id many) [])));
  let x = 1.5 and y = 2L in
  print_endline (hex (Marshal.to_string (x, x, y, y, [|x; x|], "abc", "abc") []));
  print_endline (hex (Marshal.to_string ([||], (Obj.repr 0, A), Array.make 0 1., Not_found, Failure "a", Local (3, "b")) []));
  print_endline (hex (Marshal.to_string (Array.init 300 float_of_int, String.make 256 'x', Array.make 8 0, nan, -. nan, 0. /. (Sys.opaque_identity 0.)) []));
  print_endline (hex (Marshal.to_string (Lazy.from_val 2, Lazy.from_val 2.5, Lazy.from_val "s") [Marshal.No_sharing]))

let () =
  let show name g = Printf.printf "%s: %s\n" name (match g () with v -> string_of_int v | exception e -> Printexc.to_string e) in
  let size v flags = String.length (Marshal.to_string v flags) in
  show "function" (fun () -> size (fun x -> x) []); show "closure in block" (fun () -> size (1, [print_string]) []); show "channel" (fun () -> size stdout []);
  show "weak" (fun () -> size (Weak.create 1) []); show "32 bits" (fun () -> size (1 lsl 30) [Marshal.Compat_32]); show "fits" (fun () -> size (1 lsl 30 - 1) [Marshal.Compat_32]);
  show "native" (fun () -> size (Nativeint.shift_left 1n 40) [Marshal.Compat_32]); show "buffer" (fun () -> Marshal.to_buffer (Bytes.create 100) 3 90 [1; 2; 3] []); show "small buffer" (fun () -> Marshal.to_buffer (Bytes.create 100) 80 20 [1; 2; 3] []);
  show "bad" (fun () -> Marshal.from_string (String.make 40 'a') 0); show "short" (fun () -> Marshal.from_string "abc" 0); show "cut" (fun () -> Marshal.from_string (String.sub (Marshal.to_string [1; 2; 3; 4] []) 0 24) 0);
  show "total size" (fun () -> Marshal.total_size (Bytes.of_string ("xx" ^ Marshal.to_string "hello" [])) 2); show "offset" (fun () -> Marshal.from_string ("xx" ^ Marshal.to_string 77 []) 2);
  let o = object val mutable n = 1 method get = n method set v = n <- v end in
  show "object" (fun () -> size o []);
  let e = Local (1, "x") in
  show "exception comes back as another" (fun () -> match (Marshal.from_string (Marshal.to_string e []) 0 : exn) with Local _ -> 1 | _ -> 0);
  List.iter (fun v -> Printf.printf "%d %d %d | " (Obj.tag v) (if Obj.is_int v then 0 else Obj.size v) (Obj.reachable_words v))
    Obj.[repr 1; repr "abc"; repr "12345678"; repr 1.5; repr [|1.; 2.|]; repr 3l; repr (Some 1); repr [1; 2; 3]; repr (fun x -> x); repr (lazy (print_int 1)); repr o; repr Not_found; repr [||]; repr (ref 0); repr (D "x")];
  print_newline ();
  let b = Obj.repr (1, "a", 2.) in
  let d = Obj.dup b in
  Obj.set_field d 0 (Obj.repr 9); Obj.set_tag d 3;
  Printf.printf "%d %d %d %d %b\n" (Obj.obj (Obj.field b 0)) (Obj.obj (Obj.field d 0)) (Obj.tag b) (Obj.tag d) (Obj.field b 1 == Obj.field d 1);
  Obj.truncate d 2; Printf.printf "%d %d\n" (Obj.size d) (Obj.tag (Obj.with_tag 7 d));
  let rec f x = if x = 0 then xs else f (x - 1) and xs = 1 :: 2 :: ys and ys = 3 :: xs and z = lazy (List.hd ys) and g = fun () -> f 3 in
  Printf.printf "%d %d %d\n" (List.nth (f 3) 5) (Lazy.force z) (List.hd (g ()));
  let module M = struct type r = { a : float; b : float } let rec p = { a = 1.; b = 2. } and q = [p] end in
  Printf.printf "%f\n" (List.hd M.q).M.b

(* Empty values and values of floats that are defined recursively. *)
let rec a : float array = let _ = a in [||]
let rec b : int array = let _ = b in [||]
let rec f : float array = let _ = f in [|1.5; 2.5|]
type floats = { x : float; y : float }
let rec r : floats = let _ = r in { x = 1.; y = 2. }
let rec s : string = let _ = s in ""
let rec l : int list = let _ = l in []
let rec t = (1, u) and u : float array = let _ = t in [||]
let rec e : (float * float) array = let _ = e in [||] and k : unit array = let _ = e in [||] and ll : string array list = let _ = k in []
let () =
  Printf.printf "%d %d %d %d %g %S %d %d %d %d\n" (Array.length a) (Array.length b) (Array.length f) (Array.length u) r.y s (List.length l) (fst t) (Array.length e) (List.length ll);
  Printf.printf "%b %b %b %b %d %d\n" (a = [||]) (compare a [||] = 0) (snd t == u) (Obj.repr a == Obj.repr [||]) (Array.length (Array.append a [|1.|])) (Hashtbl.hash a);
  match a.(0) with exception Invalid_argument m -> print_endline m | _ -> print_endline "?"

(* The smallest sizes that no header can say. *)
let () =
  let show name f = print_endline (name ^ ": " ^ match f () with _ -> "made" | exception Invalid_argument m -> "Invalid_argument " ^ m | exception e -> Printexc.to_string e) in
  show "array" (fun () -> ignore (Array.make (Sys.max_array_length + 1) 0));
  show "array of floats" (fun () -> ignore (Array.make (Sys.max_array_length + 1) 1.));
  show "floats" (fun () -> ignore (Float.Array.create (Sys.max_floatarray_length + 1)));
  show "bytes" (fun () -> ignore (Bytes.create (Sys.max_string_length + 1)));
  show "string" (fun () -> ignore (String.make (Sys.max_string_length + 1) 'x'));
  show "largest array" (fun () -> ignore (Array.make Sys.max_array_length 0));
  show "largest bytes" (fun () -> ignore (Bytes.create Sys.max_string_length));
  show "weak" (fun () -> ignore (Weak.create (Sys.max_array_length - 1)));
  show "custom block" (fun () -> ignore (Obj.new_block Obj.custom_tag 1));
  show "string without words" (fun () -> ignore (Obj.new_block Obj.string_tag 0));
  show "closure of one word" (fun () -> ignore (Obj.new_block Obj.closure_tag 1));
  show "least" (fun () -> ignore (Array.make min_int 0));
  show "most" (fun () -> ignore (Bytes.create max_int))
