(* Calls with too few, enough and too many arguments; closures, recursion of several functions, calls in tail position. *)
let show x = prerr_int x; prerr_char ' '
let f1 a = a + 1
let f2 a b = a - b
let f3 a b c = a * b - c
let f4 a b c d = a * b - c * d
let f5 a b c d e = a * b - c * d + e
let f8 a b c d e f g h = a - b + c * d - e + f * g - h
let () = show (f1 1); show (f2 1 2); show (f3 1 2 3); show (f4 1 2 3 4); show (f5 1 2 3 4 5); show (f8 1 2 3 4 5 6 7 8)
let t1 a = f1 (a + 1)
let t2 a b = f2 b a
let t3 a b c = f3 c b a
let t4 a b c d = f4 d c b a
let t5 a b c d e = f5 e d c b a
let () = show (t1 1); show (t2 1 2); show (t3 1 2 3); show (t4 1 2 3 4); show (t5 1 2 3 4 5)
let partial = [ f5 1 2 3 4; (f5 1) 2 3 4; (let g = f5 1 2 in let h = g 3 in h 4); (fun x -> f5 5 4 3 2 x) ]
let () = List.iter (fun f -> show (f 9)) partial
let maker a b = if a > b then fun c d -> a + b + c + d else fun c -> let k = c * c in fun d -> k - d
let () = show (maker 1 2 3 4); show (maker 2 1 3 4); show ((maker 5 6 7) 8)
let over f = f 1 2 3 4
let () = show (over maker); show (over (fun a b c -> fun d -> a + b + c + d)); show (over (fun a -> fun b c -> fun d -> a - b - c - d))
let env1 a = fun () -> a
let env2 a b = fun () -> a + b
let env3 a b c = fun () -> show a; a + b + c
let env6 a b c d e f = fun x -> show a; show b; show c; show d; show e; show f; a + b + c + d + e + f + x
let () = show (env1 1 ()); show (env2 1 2 ()); show (env3 1 2 3 ()); show (env6 1 2 3 4 5 6 7)
let rec even n = if n = 0 then true else odd (n - 1) and odd n = if n = 0 then false else even (n - 1)
let () = show (if even 100 then 1 else 0); show (if odd 7 then 1 else 0)
let three k =
  let rec a n = show n; if n <= 0 then k else 1 + b (n - 1)
  and b n = if n <= 0 then 2 * k else 1 + c (n - 1)
  and c n = if n <= 0 then 3 * k else (let pick = if n > 3 then [a; b; c] else [c; b; a] in 1 + List.nth pick (n mod 3) (n - 1)) in
  a 10 + b 11 + c 12
let () = show (three 5)
let four p q r s t =
  let rec a x = if x > 20 then p else d (x + 1) and b x = if x > 20 then q else a (x + 2)
  and c x = if x > 20 then r + s else b (x + 3) and d x = if x > 20 then t else (c (x + 1)) + a (x + 9) in a 0 - b 1 + c 2 - d 3
let () = show (four 1 2 3 4 5)
let rec loop n acc = if n = 0 then acc else loop (n - 1) (acc + n)
let () = show (loop 1000 0)
let rec deep n = if n = 0 then 0 else 1 + deep (n - 1)
let () = show (deep 20000)
let compose f g x = f (g x)
let () = show (compose (( + ) 1) (( * ) 2) 20); show (List.fold_left (fun acc f -> acc + f 3) 0 [ ( + ) 1; ( * ) 2; compose succ succ ])
let rec fix f x = f (fix f) x
let () = show (fix (fun self n -> if n < 2 then n else self (n - 1) + self (n - 2)) 12)
let labelled ?(a = 1) ~b c = a + b + c
let () = show (labelled ~b:2 3); show (labelled ~a:4 ~b:2 3); prerr_newline ()
let many a b c d e f g h i j = let k = a + b in let l = c + d in let m = e + f in let n = g + h in
  let o = i + j in let p = k * l in let q = m * n in show a; show o; show p; show q; a + j + k + l + m + n + o + p + q
let () = show (many 1 2 3 4 5 6 7 8 9 10); prerr_newline ()
let rec x = 1 :: y and y = 2 :: x
let () = show (List.hd x); show (List.nth x 5); prerr_newline ()
type step = Stop | Step of (int -> step)
let rec sa n = Step sb and sb n = if n <= 0 then Stop else Step sc and sc n = Step sa and sd n = if n < 5 then Step sb else Step sd
let rec walk f n = match f n with Stop -> show n | Step g -> show n; walk g (n - 1)
let () = walk sa 9; walk sc 4; walk sd 7; prerr_newline ()
let inner k =
  let rec a n = if n < 0 then k else pick n and b n = if n < 0 then 2 * k else pick (n - 1)
  and pick n = let f = if n mod 2 = 0 then a else b in f (n - 2) and unused n = let f = pick in f n in (a, b, unused)
let () = let a, b, c = inner 3 in show (a 10); show (b 9); show (c 5); prerr_newline ()
let () = let rec self x = x == Obj.repr self in show (if self (Obj.repr self) then 1 else 0); show (if self (Obj.repr inner) then 1 else 0); prerr_newline ()
let id x = x
let envs a b c d e f = fun () -> let x = (id c, d) in show (fst x); let y = (id e, f) in let z = (id b, c) in show (fst y); (id d, c, x, a, z)
let () = let _, c, _, _, _ = envs 1 2 3 4 5 6 () in show c
external six : int -> int -> int -> int -> int -> int -> int = "caml_sys_const_int_size" "unused"
let () = show (six 1 2 3 4 5 6); prerr_newline ()
let second _ b = b
let () = show (second [||] 1); prerr_newline ()
