(* knuth-bendix: completes equations into rewrite rules, then proves theorems by normal forms: terms, unification, orderings *)

type term = Var of int | App of string * term list

type rule = { id : int; left : term; right : term; vars : int }

exception Clash

(* substitutions: association lists from variables to terms *)

let rec apply subst = function
  | Var v as t -> ( match List.assoc v subst with t -> t | exception Not_found -> t)
  | App (f, args) -> App (f, List.map (apply subst) args)

let rec occurs v = function
  | Var w -> v = w
  | App (_, args) -> List.exists (occurs v) args

let rec shift n = function
  | Var v -> Var (v + n)
  | App (f, args) -> App (f, List.map (shift n) args)

let matching pattern subject =
  let rec go subst = function
    | Var v, t -> (
        match List.assoc v subst with
        | bound -> if bound = t then subst else raise Clash
        | exception Not_found -> (v, t) :: subst)
    | App (f, xs), App (g, ys) when f = g -> List.fold_left go subst (List.combine xs ys)
    | App _, _ -> raise Clash
  in
  go [] (pattern, subject)

let unify a b =
  let bind v t subst = (v, t) :: List.map (fun (w, u) -> (w, apply [ (v, t) ] u)) subst in
  let rec go subst (a, b) =
    match (apply subst a, apply subst b) with
    | Var v, Var w when v = w -> subst
    | Var v, t | t, Var v -> if occurs v t then raise Clash else bind v t subst
    | App (f, xs), App (g, ys) when f = g -> List.fold_left go subst (List.combine xs ys)
    | App _, App _ -> raise Clash
  in
  go [] (a, b)

(* rewriting, outermost first *)

let rec rewrite_top rules t =
  match rules with
  | [] -> None
  | { left; right; _ } :: rest -> (
      match matching left t with
      | subst -> Some (apply subst right)
      | exception Clash -> rewrite_top rest t)

let steps = ref 0

let rec normal_form rules t =
  match rewrite_top rules t with
  | Some u ->
      incr steps;
      normal_form rules u
  | None -> (
      match t with
      | Var _ -> t
      | App (f, args) ->
          let reduced = App (f, List.map (normal_form rules) args) in
          if reduced = t then t else normal_form rules reduced)

(* variables numbered from 0 in order of occurrence: equal equations look equal *)

let canonical l r =
  let names = Hashtbl.create 7 in
  let name v =
    match Hashtbl.find_opt names v with
    | Some n -> n
    | None ->
        let n = Hashtbl.length names in
        Hashtbl.add names v n;
        n
  in
  let rec go = function
    | Var v -> Var (name v)
    | App (f, args) -> App (f, List.map go args)
  in
  let l = go l in
  let r = go r in
  (l, r, Hashtbl.length names)

(* lexicographic path ordering over a precedence of operators *)

let rec greater prec s t =
  match (s, t) with
  | Var _, _ -> false
  | App _, Var v -> occurs v s
  | App (f, xs), App (g, ys) ->
      List.exists (fun x -> x = t || greater prec x t) xs
      ||
      let dominates = List.for_all (greater prec s) in
      if f = g then dominates ys && lexicographic prec xs ys else prec f > prec g && dominates ys

and lexicographic prec xs ys =
  match (xs, ys) with
  | x :: xs, y :: ys -> if x = y then lexicographic prec xs ys else greater prec x y
  | _ -> false

(* all ways to rewrite a term somewhere by a rule: critical pairs *)

let rec superpose { left; right; _ } t =
  match t with
  | Var _ -> []
  | App (f, args) ->
      let here = match unify left t with subst -> [ (right, subst) ] | exception Clash -> [] in
      let rec inside before = function
        | [] -> []
        | arg :: after ->
            let rebuilt (u, subst) = (App (f, List.rev_append before (u :: after)), subst) in
            List.map rebuilt (superpose { id = 0; left; right; vars = 0 } arg) @ inside (arg :: before) after
      in
      here @ inside [] args

let critical_pairs a b =
  let left = shift a.vars b.left and right = shift a.vars b.right in
  List.map (fun (u, subst) -> (apply subst u, apply subst right)) (superpose a left)

let rec show = function
  | Var v -> Printf.sprintf "x%d" v
  | App (f, []) -> f
  | App (f, [ a ]) -> Printf.sprintf "%s(%s)" f (show a)
  | App (f, args) -> Printf.sprintf "(%s)" (String.concat f (List.map show args))

let rec weight = function
  | Var _ -> 1
  | App (_, args) -> List.fold_left (fun sum arg -> sum + weight arg) 1 args

exception Unorientable of term * term

let complete prec equations =
  let rec insert (l, r) = function
    | [] -> [ (l, r) ]
    | (l', r') :: rest as all ->
        if weight l + weight r < weight l' + weight r' then (l, r) :: all else (l', r') :: insert (l, r) rest
  in
  let rec loop count rules = function
    | [] -> List.rev rules
    | (l, r) :: pending -> (
        match canonical (normal_form rules l) (normal_form rules r) with
        | l, r, _ when l = r -> loop count rules pending
        | l, r, vars ->
            let left, right =
              if greater prec l r then (l, r) else if greater prec r l then (r, l) else raise (Unorientable (l, r))
            in
            let rule = { id = count; left; right; vars } in
            (* rules that the new one rewrites become equations again *)
            let stale, kept = List.partition (fun old -> normal_form [ rule ] old.left <> old.left) rules in
            let kept = List.map (fun old -> { old with right = normal_form (rule :: kept) old.right }) kept in
            let pairs = List.concat_map (fun old -> critical_pairs rule old @ critical_pairs old rule) (rule :: kept) in
            let fresh = List.map (fun { left; right; _ } -> (left, right)) stale @ pairs in
            loop (count + 1) (rule :: kept) (List.fold_right insert fresh pending))
  in
  loop 1 [] (List.fold_right insert equations [])

let x = Var 0
let y = Var 1
let z = Var 2
let ( * ) a b = App ("*", [ a; b ])
let e = App ("e", [])
let inverse a = App ("i", [ a ])
let image a = App ("f", [ a ])
let monoid = [ (e * x, x); (x * e, x); ((x * y) * z, x * (y * z)) ]
let group = [ (e * x, x); (inverse x * x, e); ((x * y) * z, x * (y * z)) ]
let homomorphism = (image (x * y), image x * image y) :: group
let central_groupoid = [ ((x * y) * (y * z), y) ]
let precedence = function "f" -> 3 | "i" -> 2 | "*" -> 1 | _ -> 0

let report name equations =
  steps := 0;
  let rules = complete precedence equations in
  Printf.printf "%s: %d rules, %d steps\n" name (List.length rules) !steps;
  List.iter (fun { left; right; _ } -> Printf.printf "  %s -> %s\n" (show left) (show right)) rules;
  rules

let prove rules name a b =
  steps := 0;
  let proved = normal_form rules a = normal_form rules b in
  Printf.printf "%s: %b, %d steps\n" name proved !steps

let constant n = App (Printf.sprintf "c%d" n, [])

(* i(c1 * (c2 * ...)) is ... * i(c2) * i(c1) *)
let rec product make = function 1 -> make 1 | n -> product make (n - 1) * make n

let rec reversed make n = if n = 1 then make 1 else make n * reversed make (n - 1)

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  let rules = report "monoid" monoid in
  prove rules "((e*x)*y)*e is x*y" ((e * x * y) * e) (x * y);
  prove rules "association" (product constant 6) (reversed (fun n -> constant (7 - n)) 6);
  if full then begin
    let rules = report "central groupoid" central_groupoid in
    prove rules "(x*y)*(y*z) is y" ((x * y) * (y * z)) y;
    let rules = report "group" group in
    prove rules "i(i(x)) is x" (inverse (inverse x)) x;
    prove rules "x*y is y*x" (x * y) (y * x);
    let length = 24 in
    prove rules "inverse of a product" (inverse (product constant length)) (reversed (fun n -> inverse (constant n)) length);
    let rules = report "homomorphism" homomorphism in
    prove rules "image of an inverse"
      (image (inverse (product constant length)))
      (reversed (fun n -> inverse (image (constant n))) length)
  end
