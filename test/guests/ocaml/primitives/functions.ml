(* Mathematical functions, a line a value: where they are special exactly, elsewhere as the C library rounds. *)
let functions = [
  "exp", exp; "log", log; "log10", log10; "log2", Float.log2; "exp2", Float.exp2; "expm1", expm1; "log1p", log1p; "sin", sin; "cos", cos; "tan", tan;
  "asin", asin; "acos", acos; "atan", atan; "sinh", sinh; "cosh", cosh; "tanh", tanh; "asinh", Float.asinh; "acosh", Float.acosh; "atanh", Float.atanh; "sqrt", sqrt;
  "pow 1.37", (fun x -> x ** 1.37); "pow 3", (fun x -> x ** 3.); "pow of 1.7", (fun x -> 1.7 ** x); "atan2 2.3", (fun x -> atan2 x 2.3); "atan2 of -1.1", (fun x -> atan2 (-1.1) x)]
let specials = [0.; -0.; 1.; -1.; 2.; 0.5; -0.5; 10.; 100.; 1000.; -1000.; infinity; neg_infinity; nan; 5e-324; -5e-324; 1e-310; 1e-300; -1e-300; 1e300; -1e300; 1.7976931348623157e308;
  0x1p-27; 0x1p-54; 710.; -745.; -746.; 1024.; -1074.; -1075.; 3.; 1. +. epsilon_float; 1. -. epsilon_float; 709.9]
let print kind name x y = Printf.printf "%s %s %h = %h\n" kind name x y
let () =
  List.iter (fun (name, f) -> List.iter (fun x -> print "special" name x (f x)) specials) functions;
  List.iter (fun x -> List.iter (fun y -> print "special" (Printf.sprintf "pow %h" y) x (x ** y); print "special" (Printf.sprintf "atan2 %h" y) x (atan2 x y); print "special" (Printf.sprintf "hypot %h" y) x (Float.hypot x y); print "special" (Printf.sprintf "rem %h" y) x (Float.rem x y))
    [0.; -0.; 1.; -1.; 2.; -2.; 3.; 0.5; -0.5; infinity; neg_infinity; nan; 1e300; -1e300; 1e-300; 4503599627370497.]) specials;
  List.iter (fun x -> if abs_float x <> 7.5 then print "special" "cbrt" x (Float.cbrt x); print "special" "erf" x (Float.erf x)) [0.; -0.; 1.; -1.; 8.; infinity; neg_infinity; nan; 7.5; -7.5];
  List.iter (fun x -> print "special" "erfc" x (Float.erfc x)) [0.; -0.; 30.; -7.; infinity; neg_infinity; nan];
  Random.init 13;
  List.iter (fun (name, f) -> for _ = 1 to 250 do let x = (Random.float 2. -. 1.) *. (10. ** float_of_int (Random.int 5 - 3)) in print "random" name x (f x) done) functions
