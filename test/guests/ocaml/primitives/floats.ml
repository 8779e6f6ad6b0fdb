(* Floats: printf's conversions, literals, bits, arithmetic and its exact functions. *)
let bits = Int64.bits_of_float
let specials = [0.; -0.; 1.; -1.; 0.5; 1.5; 2.5; 0.25; 0.125; 0.1; 0.2; 0.3; 1. /. 3.; 2. /. 3.; 9.5; 9.995; 99.5; 999.5; 0.05; 0.005; 0.0005;
  0.00001; 0.0001; 0.00099999; 123456.; 1234567.; 999999.5; 9999995.; 1e5; 1e6; 1e15; 1e16; 1e17; 1e20; 1e21; 1e22; 1e23; 1e100; 1e300; 1.7976931348623157e308;
  2.2250738585072014e-308; 5e-324; 4.9e-322; 1e-310; 1e-5; 1e-4; 123.456; -123.456; 3.14159265358979; 2.718281828; 1e-7; 8.5; 1e2; 4503599627370495.5;
  4503599627370496.5; 9007199254740991.; 9007199254740993.; 0x1.fffffffffffffp0; 0x1.8p-1; 0x1.88p0; 0x1.08p0; 0x1.ffp0; infinity; neg_infinity; nan; -. nan]

external format_float : string -> float -> string = "caml_format_float"
external hexstring : float -> int -> char -> string = "caml_hexstring_of_float"
let formats = List.concat_map (fun flags -> List.concat_map (fun width -> List.concat_map (fun precision ->
    (* glibc 2.36 forgets the zeros of %#g where rounding gives a power of ten *)
    List.map (fun letter -> "%" ^ flags ^ width ^ precision ^ letter) (["f"; "e"; "E"; "F"] @ if flags = "#" then [] else ["g"; "G"]))
  [""; ".0"; ".1"; ".3"; ".12"; ".17"; ".25"]) [""; "12"]) [""; "-"; "0"; " "; "#"; "+0"]

let random_float () = match Random.int 6 with
  | 0 -> Int64.float_of_bits (Int64.logxor (Int64.shift_left (Int64.of_int (Random.bits ())) 34) (Int64.of_int ((Random.bits () lsl 20) lxor Random.bits ())))
  | 1 -> Random.float 1.
  | 2 -> float_of_int (Random.int 100000) /. 1000.
  | 3 -> float_of_int (Random.int 1000) /. 8.
  | 4 -> Random.float 1e6 -. 5e5
  | _ -> ldexp (Random.float 2. -. 1.) (Random.int 200 - 100)

let () =
  Random.init 9;
  let values = specials @ List.init 60 (fun _ -> random_float ()) in
  List.iter (fun f -> List.iter (fun v -> print_string (format_float f v); print_char ' ') values; print_newline ()) formats;
  List.iter (fun v ->
    List.iter (fun p -> List.iter (fun s -> print_string (hexstring v p s); print_char ' ') ['-'; '+'; ' ']) [-1; 0; 1; 2; 5; 12; 13; 16];
    Printf.printf "%f %e %g %F %h %H %#F %.3F %12.4f %-12.4f| %+.2e %s\n" v v v v v v v v v v v (string_of_float v)) values;
  for _ = 1 to 2000 do
    let v = random_float () in
    Printf.printf "%.0f %.1f %.2f %.3f %.9f %.12g %.15g %.16g %.17g %.0e %.1e %.5e %h %F\n" v v v v v v v v v v v v v v
  done

let texts = ["0"; "-0"; "1"; "1."; ".5"; "."; "-.5"; "+1.5"; "1e5"; "1E5"; "1e+5"; "1e-5"; "1e"; "e5"; "1e5.5"; "1_000.5"; "_1"; "1_"; "_"; "";
  " 1"; "1 "; "nan"; "NaN"; "-nan"; "inf"; "-inf"; "infinity"; "Infinity"; "+inf"; "infi"; "0x1p3"; "0x1.8p1"; "0x.8"; "0x"; "0xp3"; "0x1p"; "0x1.8.1"; "-0x1p-3";
  "0xABCDEF.123"; "0x1p1024"; "0x1p-1074"; "0x1p-1075"; "0x1.8p-1074"; "0x1p-2000"; "0x1p99999999999"; "0x0p99999999999"; "0x1.00000000000008p0"; "0x1.000000000000080000001p0";
  "0x1.00000000000018p0"; "0x3.fffffffffffffp-1024"; "0x0.0000000000001p-1022"; "0x1_0.8p1"; "0xg"; "1e400"; "-1e400"; "1e-400"; "4.9e-324"; "2.4703282292062327e-324";
  "2.4703282292062328e-324"; "1.7976931348623159e308"; "9007199254740993"; "123456789012345678901234567890"; "0.1e-1"; "1\0002"; "1d"; "1f"; "0b1"; "1,5"; "--1"; "+-1"; "0X1P4"; "0x1P+4"]
let () =
  List.iter (fun t -> match float_of_string t with
    | v -> Printf.printf "%S %h %Lx\n" t v (bits v)
    | exception Failure m -> Printf.printf "%S fails: %s\n" t m) texts;
  List.iter (fun v -> Printf.printf "%b " (float_of_string_opt (Printf.sprintf "%h" v) = Some v && float_of_string (Printf.sprintf "%.17g" v) = v)) specials;
  print_newline ()

let class_name v = match classify_float v with FP_normal -> "normal" | FP_subnormal -> "subnormal" | FP_zero -> "zero" | FP_infinite -> "infinite" | FP_nan -> "nan"
let show name v = Printf.printf "%s=%h:%Lx " name v (bits v)
let () =
  let values = specials @ List.init 200 (fun _ -> random_float ()) in
  List.iter (fun v ->
    let m, e = frexp v and fractional, integral = modf v in
    Printf.printf "%s %d " (class_name v) e; show "frexp" m; show "fractional" fractional; show "integral" integral;
    List.iter (fun n -> show "ldexp" (ldexp v n)) [0; 1; -1; 10; -10; 1000; -1000; 1074; -1074; 2098; -2098; 3000; -3000; max_int];
    show "floor" (floor v); show "ceil" (ceil v); show "trunc" (Float.trunc v); show "round" (Float.round v); show "sqrt" (sqrt v);
    show "abs" (abs_float v); show "neg" (-. v); show "succ" (Float.succ v); show "pred" (Float.pred v);
    Printf.printf "%b %b %b %ld %h" (Float.sign_bit v) (Float.is_integer v) (Float.is_nan v) (Int32.bits_of_float v) (Int32.float_of_bits (Int32.bits_of_float v));
    print_newline ()) values;
  let arr = Array.of_list values in
  for _ = 1 to 1500 do
    let pick () = arr.(Random.int (Array.length arr)) in
    let a = pick () and b = pick () and c = pick () in
    show "add" (a +. b); show "sub" (a -. b); show "mul" (a *. b); show "div" (a /. b); show "rem" (Float.rem a b); show "fma" (Float.fma a b c);
    show "copysign" (Float.copy_sign a b); show "min" (Float.min a b); show "max" (Float.max a b); show "min_num" (Float.min_num a b); show "next" (Float.next_after a b);
    Printf.printf "%b %b %b %b %b %b %d %d %b %d\n" (a = b) (a <> b) (a < b) (a <= b) (a > b) (a >= b) (compare a b) (Float.compare a b) (Float.equal a b) (Hashtbl.hash a)
  done
