(* expressions: a lexer, a parser and an evaluator of a small functional language: strings, variants, closures, exceptions *)

(* tokens *)

type token = Number of int | Name of string | Symbol of string | Keyword of string | End

exception Syntax of int * string

let keywords = [ "let"; "rec"; "in"; "fun"; "if"; "then"; "else" ]
let is_digit c = c >= '0' && c <= '9'
let is_letter c = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c = '_'
let is_operator c = String.contains "+-*/<>=&|:" c

let tokenize text =
  let length = String.length text in
  let rec scan i accept = if i < length && accept text.[i] then scan (i + 1) accept else i in
  let rec go i tokens =
    if i >= length then List.rev ((End, i) :: tokens)
    else
      let take accept make =
        let j = scan i accept in
        go j ((make (String.sub text i (j - i)), i) :: tokens)
      in
      match text.[i] with
      | ' ' | '\n' -> go (i + 1) tokens
      | c when is_digit c -> take is_digit (fun s -> Number (int_of_string s))
      | c when is_letter c ->
          take (fun c -> is_letter c || is_digit c) (fun s -> if List.mem s keywords then Keyword s else Name s)
      | ('(' | ')' | '[' | ']' | ';') as c -> go (i + 1) ((Symbol (String.make 1 c), i) :: tokens)
      | c when is_operator c -> take is_operator (fun s -> Symbol s)
      | c -> raise (Syntax (i, Printf.sprintf "unexpected character %C" c))
  in
  go 0 []

(* syntax *)

type expression =
  | Constant of int
  | Variable of string
  | Nil
  | Binary of string * expression * expression
  | If of expression * expression * expression
  | Let of { recursive : bool; name : string; value : expression; body : expression }
  | Function of string * expression
  | Apply of expression * expression

let precedence = function
  | "||" -> Some (1, `Left)
  | "&&" -> Some (2, `Left)
  | "=" | "<" | ">" | "<=" | "<>" -> Some (3, `Left)
  | "::" -> Some (4, `Right)
  | "+" | "-" -> Some (5, `Left)
  | "*" | "/" -> Some (6, `Left)
  | _ -> None

class parser tokens =
  object (self)
    val mutable rest : (token * int) list = tokens
    method private peek = match rest with (token, _) :: _ -> token | [] -> End

    method private fail : 'a. string -> 'a =
      fun what -> raise (Syntax ((match rest with (_, at) :: _ -> at | [] -> -1), "expected " ^ what))

    method private advance =
      let token = self#peek in
      if token <> End then rest <- List.tl rest;
      token

    method private expect token what = if self#peek = token then ignore self#advance else self#fail what
    method private name = match self#advance with Name name -> name | _ -> self#fail "a name"

    method expression : expression =
      match self#peek with
      | Keyword "let" ->
          ignore self#advance;
          let recursive = self#peek = Keyword "rec" in
          if recursive then ignore self#advance;
          let name = self#name in
          let value = self#parameters "=" in
          self#expect (Keyword "in") "in";
          Let { recursive; name; value; body = self#expression }
      | Keyword "fun" ->
          ignore self#advance;
          self#parameters "->"
      | Keyword "if" ->
          ignore self#advance;
          let condition = self#expression in
          self#expect (Keyword "then") "then";
          let yes = self#expression in
          self#expect (Keyword "else") "else";
          If (condition, yes, self#expression)
      | _ -> self#operation 1

    method private parameters until =
      match self#peek with
      | Symbol s when s = until ->
          ignore self#advance;
          self#expression
      | _ ->
          let name = self#name in
          Function (name, self#parameters until)

    (* operators of at least so high a precedence *)
    method private operation lowest =
      let rec more left =
        match self#peek with
        | Symbol s -> (
            match precedence s with
            | Some (level, side) when level >= lowest ->
                ignore self#advance;
                let right = self#operation (match side with `Left -> level + 1 | `Right -> level) in
                more (Binary (s, left, right))
            | _ -> left)
        | _ -> left
      in
      more self#application

    method private application =
      let rec more f =
        match self#peek with
        | Number _ | Name _ | Symbol ("(" | "[") -> more (Apply (f, self#atom))
        | _ -> f
      in
      more self#atom

    method private atom =
      match self#advance with
      | Number n -> Constant n
      | Name name -> Variable name
      | Symbol "[" ->
          self#expect (Symbol "]") "]";
          Nil
      | Symbol "(" ->
          let inner = self#expression in
          self#expect (Symbol ")") ")";
          inner
      | _ -> self#fail "an expression"

    method program =
      let e = self#expression in
      self#expect End "the end";
      e
  end

(* evaluation *)

type value = Int of int | List of value list | Closure of (value -> value)

exception Type_error of string

module Environment = Map.Make (String)

let truth b = Int (if b then 1 else 0)

let rec evaluate env = function
  | Constant n -> Int n
  | Nil -> List []
  | Variable name -> (
      match Environment.find_opt name env with
      | Some cell -> !cell
      | None -> raise (Type_error ("unbound " ^ name)))
  | Binary ("&&", a, b) -> if evaluate env a = Int 0 then Int 0 else evaluate env b
  | Binary ("||", a, b) -> if evaluate env a = Int 0 then evaluate env b else Int 1
  | Binary (operator, a, b) -> (
      let a = evaluate env a in
      match (operator, a, evaluate env b) with
      | "+", Int a, Int b -> Int (a + b)
      | "-", Int a, Int b -> Int (a - b)
      | "*", Int a, Int b -> Int (a * b)
      | "/", Int a, Int b -> Int (a / b)
      | "<", Int a, Int b -> truth (a < b)
      | ">", Int a, Int b -> truth (a > b)
      | "<=", Int a, Int b -> truth (a <= b)
      | "=", a, b -> truth (compare a b = 0)
      | "<>", a, b -> truth (compare a b <> 0)
      | "::", a, List b -> List (a :: b)
      | _ -> raise (Type_error operator))
  | If (condition, yes, no) -> evaluate env (if evaluate env condition = Int 0 then no else yes)
  | Let { recursive = false; name; value; body } ->
      let value = evaluate env value in
      evaluate (Environment.add name (ref value) env) body
  | Let { recursive = true; name; value; body } ->
      let cell = ref (List []) in
      let inner = Environment.add name cell env in
      cell := evaluate inner value;
      evaluate inner body
  | Function (name, body) -> Closure (fun argument -> evaluate (Environment.add name (ref argument) env) body)
  | Apply (f, argument) -> (
      match evaluate env f with
      | Closure apply -> apply (evaluate env argument)
      | Int _ | List _ -> raise (Type_error "not a function"))

let primitives =
  let on_list name f = (name, Closure (function List (x :: xs) -> f x xs | _ -> raise (Type_error name))) in
  [
    on_list "head" (fun x _ -> x);
    on_list "tail" (fun _ xs -> List xs);
    ("empty", Closure (function List [] -> Int 1 | _ -> Int 0));
  ]

let rec show = function
  | Int n -> string_of_int n
  | List values -> "[" ^ String.concat "; " (List.map show values) ^ "]"
  | Closure _ -> "<fun>"

let environment =
  List.fold_left (fun env (name, value) -> Environment.add name (ref value) env) Environment.empty primitives

let run text =
  match show (evaluate environment (new parser (tokenize text))#program) with
  | result -> print_endline result
  | exception Syntax (at, what) -> Printf.printf "at %d: %s\n" at what
  | exception Type_error what -> Printf.printf "type error: %s\n" what
  | exception Division_by_zero -> print_endline "division by zero"

let library =
  [
    ("range", "rec range = fun a b -> if b < a then [] else a :: range (a + 1) b");
    ("filter", "rec filter p l = if empty l then [] else let rest = filter p (tail l) in if p (head l) then head l :: rest else rest");
    ("append", "rec append a b = if empty a then b else head a :: append (tail a) b");
    ("fold", "rec fold f z l = if empty l then z else fold f (f z (head l)) (tail l)");
    ("map", "map f l = fold (fun done x -> append done (f x :: [])) [] l");
    ("modulo", "modulo a b = a - b * (a / b)");
    ("sieve", "rec sieve l = if empty l then [] else head l :: sieve (filter (fun x -> modulo x (head l) <> 0) (tail l))");
    ( "sort",
      "rec sort l = if empty l then [] else let p = head l in let rest = tail l in \
       append (sort (filter (fun x -> x < p) rest)) (p :: sort (filter (fun x -> p <= x) rest))" );
  ]

let using names body = String.concat " in " (List.map (fun name -> "let " ^ List.assoc name library) names @ [ body ])

let programs n =
  [
    "1 + 2 * 3 - 10 / 5";
    Printf.sprintf "let rec fib n = if n < 2 then n else fib (n - 1) + fib (n - 2) in fib %d" n;
    using [ "range"; "filter"; "modulo"; "sieve" ] (Printf.sprintf "sieve (range 2 %d)" (n * n / 2));
    using [ "range"; "filter"; "append"; "fold"; "map"; "modulo"; "sort" ]
      (Printf.sprintf "sort (map (fun x -> modulo (x * 37 + 11) 101) (range 1 %d))" n);
  ]

let mistakes = [ "1 + "; "let x = 1 in y"; "1 2"; "(1 + 2"; "3 / (2 - 2)"; "1 + []"; "a ? b" ]

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  List.iter run (programs (if full then 21 else 2));
  List.iter run mistakes
