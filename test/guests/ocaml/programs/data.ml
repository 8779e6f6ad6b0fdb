(* Blocks of all sizes, records that change, unboxed floats, arrays, strings and bytes. *)
let show x = prerr_int x; prerr_char ' '
let showf x = prerr_float x; prerr_char ' '
type r = { mutable a : int; mutable b : int; mutable c : int; mutable d : int; mutable e : int; mutable f : int }
type p = { mutable x : float; mutable y : float; z : float }
type big = { m0 : int; m1 : int; m2 : int; m3 : int; m4 : int; m5 : int; m6 : int; m7 : int; m8 : int }
let id x = x
let () = let r = { a = id 1; b = id 2; c = id 3; d = id 4; e = id 5; f = id 6 } in
  r.a <- 10; r.b <- 20; r.c <- 30; r.d <- 40; r.e <- 50; r.f <- 60;
  show r.a; show r.b; show r.c; show r.d; show r.e; show r.f;
  let s = { r with a = 7 } in show (s.a + s.f); show (r.a)
let () = let p = { x = id 1.5; y = id 2.5; z = id 0.25 } in p.x <- p.x +. p.y *. p.z; p.y <- p.x /. 3.; showf p.x; showf p.y; showf p.z;
  let q = { p with x = 9. } in showf (q.x -. q.y)
let () = let b = { m0 = id 0; m1 = id 1; m2 = 2; m3 = 3; m4 = 4; m5 = 5; m6 = 6; m7 = 7; m8 = id 8 } in show (b.m0 + b.m1 + b.m2 + b.m3 + b.m4 + b.m5 + b.m6 + b.m7 + b.m8)
let pair a b = (a, b) and triple a b c = (a, b, c) and one a = ref a and six a b c d e f = (a, b, c, d, e, f)
let () = let (a, b) = pair 1 2 and (c, d, e) = triple 3 4 5 and (f, g, h, i, j, k) = six 1 2 3 4 5 6 in show (a + b + c + d + e + f + g + h + i + j + k); show !(one 5)
let () = let (a, _, _, _, e, f) = id (six 1 2 3 4 5 6) in show (a + e + f)
let () = let a = Array.make 10 1 in for i = 0 to 9 do a.(i) <- i * i done; show (Array.length a); show (Array.fold_left ( + ) 0 a);
  Array.unsafe_set a 3 100; show (Array.unsafe_get a 3); (try a.(10) <- 1 with Invalid_argument m -> prerr_string m);
  let s = ref 0 in for i = 9 downto 0 do s := !s + Array.unsafe_get a i done; show !s
let () = let a = Array.make 4 0.5 in a.(1) <- 2.5; showf (a.(0) +. a.(1)); showf (Array.unsafe_get a 1); show (Array.length a)
let () = let names = Array.make 3 "x" in Array.unsafe_set names 1 "yz"; prerr_string (Array.unsafe_get names 1); show (Array.length [||])
let empty () = [||]
let () = show (Array.length (empty ())); let f x y = Array.append x y in show (Array.length (f [||] [| 1 |]))
let () = let s = "hello" in show (Char.code s.[1]); show (Char.code (String.unsafe_get s 2)); show (String.length s);
  let b = Bytes.of_string s in Bytes.set b 0 'J'; Bytes.unsafe_set b 1 'u'; show (Char.code (Bytes.unsafe_get b 1)); show (Char.code (Bytes.get b 4)); prerr_string (Bytes.to_string b);
  (try ignore s.[id 5] with Invalid_argument m -> prerr_string m)
let () = prerr_newline (); prerr_string ("a" ^ "b" ^ String.concat "," [ "x"; "y" ]); prerr_string (String.make 3 '*'); prerr_newline ()
type t = A | B | C of int | D of int * int | E of t * t * t | F of { u : int; v : t } | G
let rec sum = function A -> 1 | B -> 2 | C n -> n | D (a, b) -> a * b | E (a, b, c) -> sum a + sum b + sum c | F { u; v } -> u + sum v | G -> 3
let () = show (sum (E (A, D (2, 3), E (B, C 5, F { u = 7; v = G })))); prerr_newline ()
let rec copy = function [] -> [] | x :: r -> x :: copy r
let () = let l = [ 1; 2; 3 ] in show (if l == copy l then 1 else 0); show (if l = copy l then 1 else 0); show (if l == l then 1 else 0); show (if l != copy l then 1 else 0)
let () = let x = Some 1 and y = None in show (match x with None -> 0 | Some n -> n); show (match y with None -> 0 | Some n -> n); prerr_newline ()
let poly = function `A -> 1 | `B n -> n | `C (a, b) -> a + b
let () = show (poly `A); show (poly (`B 5)); show (poly (`C (1, 2))); prerr_newline ()
let lazy_value = lazy (show 99; 5)
let () = show (Lazy.force lazy_value); show (Lazy.force lazy_value); prerr_newline ()
let h = Hashtbl.create 8
let () = for i = 1 to 200 do Hashtbl.replace h (i * 31 mod 97) i done; show (Hashtbl.length h); show (Hashtbl.find h 31); (try show (Hashtbl.find h 1000) with Not_found -> show (-1)); prerr_newline ()
let big = [ 0x1234567890abc; 0x7fffffff; -0x80000000; 0x7ffffffff; max_int ]
let () = List.iter show big; prerr_newline ()
module M = Map.Make (String)
let () = let m = List.fold_left (fun m (k, v) -> M.add k v m) M.empty [ ("one", 1); ("two", 2); ("three", 3) ] in M.iter (fun k v -> prerr_string k; show v) m; prerr_newline ()
let () = let s = List.sort compare [ 5; 3; 9; 1; 7 ] in List.iter show s; List.iter show (List.rev_map (fun x -> x * x) s); prerr_newline ()
let () = let l = List.sort (fun a b -> compare b a) [ "pear"; "apple"; "fig" ] in List.iter prerr_string l; prerr_newline ()
