{
(* Lexing with and without named parts, over a buffer that is refilled. *)
open Parser
exception Bad of char * int
}
let digit = ['0'-'9']
let letter = ['a'-'z' 'A'-'Z' '_']
rule token = parse
  | [' ' '\t'] { token lexbuf }
  | '\n' { Lexing.new_line lexbuf; EOL }
  | digit+ as n { INT (int_of_string n) }
  | (digit+ as whole) '.' (digit* as fraction) (['e' 'E'] (['-' '+']? digit+ as exponent))? { FLOAT (float_of_string (whole ^ "." ^ fraction ^ match exponent with None -> "" | Some e -> "e" ^ e)) }
  | letter (letter | digit)* as name { NAME name }
  | '"' { STRING (text (Buffer.create 10) lexbuf) }
  | "(*" { comment 1 lexbuf; token lexbuf }
  | '+' { PLUS } | '-' { MINUS } | '*' { TIMES } | '/' { DIVIDE } | '(' { OPEN } | ')' { CLOSE } | '=' { EQUAL } | ';' { SEMI }
  | eof { EOF }
  | _ as c { raise (Bad (c, Lexing.lexeme_start lexbuf)) }
and text buffer = parse
  | '"' { Buffer.contents buffer }
  | '\\' (_ as c) { Buffer.add_char buffer c; text buffer lexbuf }
  | [^ '"' '\\']+ as s { Buffer.add_string buffer s; text buffer lexbuf }
and comment depth = parse
  | "(*" { comment (depth + 1) lexbuf }
  | "*)" { if depth > 1 then comment (depth - 1) lexbuf }
  | eof { failwith "open comment" }
  | _ { comment depth lexbuf }
and words = parse
  | (letter+ as a) (' ' (letter+ as b))? (',' (digit+ as c) as d)? { (a, b, c, d) }
