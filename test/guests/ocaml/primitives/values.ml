(* What the calculator computes with. *)
type value = Int of int | Float of float | Text of string
let variables : (string, value) Hashtbl.t = Hashtbl.create 10
let arithmetic ints floats a b = match a, b with
  | Int a, Int b -> Int (ints a b)
  | Int a, Float b -> Float (floats (float_of_int a) b)
  | Float a, Int b -> Float (floats a (float_of_int b))
  | Float a, Float b -> Float (floats a b)
  | _ -> raise Parsing.Parse_error
