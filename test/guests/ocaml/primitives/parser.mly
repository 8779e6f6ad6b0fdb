%{
type value = Int of int | Float of float | Text of string
let variables : (string, value) Hashtbl.t = Hashtbl.create 10
let arithmetic ints floats a b = match a, b with
  | Int a, Int b -> Int (ints a b)
  | Int a, Float b -> Float (floats (float_of_int a) b)
  | Float a, Int b -> Float (floats a (float_of_int b))
  | Float a, Float b -> Float (floats a b)
  | _ -> raise Parsing.Parse_error
%}
%token <int> INT
%token <float> FLOAT
%token <string> NAME STRING
%token PLUS MINUS TIMES DIVIDE OPEN CLOSE EQUAL SEMI EOL EOF
%left PLUS MINUS
%left TIMES DIVIDE
%nonassoc NEGATIVE
%start line
%type <value list option> line
%type <value> expression
%%
line: statements EOL { Some $1 } | EOL { Some [] } | EOF { None } | error EOL { Printf.printf "error at %d-%d " (Parsing.symbol_start ()) (Parsing.symbol_end ()); Some [] };
statements: statement { [$1] } | statements SEMI statement { $3 :: $1 };
statement: NAME EQUAL expression { Hashtbl.replace variables $1 $3; $3 } | expression { $1 };
expression:
  | INT { Int $1 } | FLOAT { Float $1 } | STRING { Text $1 }
  | NAME { try Hashtbl.find variables $1 with Not_found -> Text ("?" ^ $1 ^ string_of_int (Parsing.rhs_start 1) ^ "-" ^ string_of_int (Parsing.rhs_end 1)) }
  | expression PLUS expression { arithmetic ( + ) ( +. ) $1 $3 } | expression MINUS expression { arithmetic ( - ) ( -. ) $1 $3 }
  | expression TIMES expression { arithmetic ( * ) ( *. ) $1 $3 } | expression DIVIDE expression { arithmetic ( / ) ( /. ) $1 $3 }
  | MINUS expression %prec NEGATIVE { arithmetic ( - ) ( -. ) (Int 0) $2 } | OPEN expression CLOSE { $2 };
