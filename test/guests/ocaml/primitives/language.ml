(* A calculator of ocamllex and ocamlyacc: their automata, errors, refills, and what tracing says. *)
let () = Random.init 12
let rec expression depth = match Random.int (if depth = 0 then 4 else 9) with
  | 0 -> string_of_int (Random.int 1000) | 1 -> Printf.sprintf "%.2f" (Random.float 10.) | 2 -> "x" | 3 -> "2.5e-1"
  | 4 -> expression (depth - 1) ^ " + " ^ expression (depth - 1) | 5 -> expression (depth - 1) ^ "*" ^ expression (depth - 1) | 6 -> "-" ^ expression (depth - 1)
  | 7 -> "(" ^ expression (depth - 1) ^ ")" | _ -> expression (depth - 1) ^ " (* c (* d *) *) - " ^ expression (depth - 1)
let nested n = String.make n '(' ^ "1" ^ String.make n ')'
let source = String.concat "\n" (["x = 3"; "x; x * 2; \"te\\\"xt\""; ""; "1 + + 2"; "unknown + 1"; "unknown"; ")"; "(1"; "1 2 3"; nested 150; nested 1500] @ List.init 150 (fun i -> (if i mod 7 = 0 then "x = " else "") ^ expression (i mod 6)) @ ["y"; ""])
let show = function Values.Int n -> string_of_int n | Values.Float f -> Printf.sprintf "%h" f | Values.Text s -> Printf.sprintf "%S" s
let run name lexbuf =
  print_endline name;
  let rec go () = match Parser.line Lexer.token lexbuf with
    | None -> print_endline "end"
    | Some values -> Printf.printf "%s [%d:%d]\n" (String.concat "; " (List.rev_map show values)) lexbuf.Lexing.lex_curr_p.Lexing.pos_lnum (Lexing.lexeme_end lexbuf); go ()
    | exception Parsing.Parse_error -> Printf.printf "parse error at %d\n" (Lexing.lexeme_start lexbuf); skip ()
    | exception Division_by_zero -> print_endline "by zero"; skip ()
    | exception Lexer.Bad (c, at) -> Printf.printf "bad %C at %d\n" c at; go ()
  and skip () = match Lexer.token lexbuf with Parser.EOL -> go () | Parser.EOF -> print_endline "end" | _ -> skip () | exception Lexer.Bad _ -> skip () in
  go ()
let () =
  run "string" (Lexing.from_string (source ^ "1 ? 2\n3 / 0\n\n4\n"));
  let at = ref 0 in
  run "pieces" (Lexing.from_function (fun buffer n -> let n = min (min n (1 + !at mod 7)) (String.length source - !at) in Bytes.blit_string source !at buffer 0 n; at := !at + n; n));
  List.iter (fun s -> match Lexer.words (Lexing.from_string s) with
    | a, b, c, d -> Printf.printf "%s %s %s %s\n" a (Option.value b ~default:"-") (Option.value c ~default:"-") (Option.value d ~default:"-")
    | exception Failure m -> print_endline m) ["ab"; "ab cd"; "ab cd,12"; "ab,3"; "ab "; ""; "1"; "ab ,"];
  (match Lexer.token (Lexing.from_string "(* open") with _ -> () | exception Failure m -> print_endline m);
  (match Lexer.token (Lexing.from_string "\"open") with _ -> () | exception Failure m -> print_endline m);
  Printf.printf "%b " (Parsing.set_trace true); flush stdout;
  run "traced" (Lexing.from_string "x = 1 + 2.5; \"a\"\n1 +\n(\n"); Printf.printf "%b\n" (Parsing.set_trace false)
