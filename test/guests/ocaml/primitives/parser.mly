%{
open Values
%}
%token <int> INT
%token <float> FLOAT
%token <string> NAME STRING
%token PLUS MINUS TIMES DIVIDE OPEN CLOSE EQUAL SEMI EOL EOF
%left PLUS MINUS
%left TIMES DIVIDE
%nonassoc NEGATIVE
%start line
%type <Values.value list option> line
%type <Values.value> expression
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
