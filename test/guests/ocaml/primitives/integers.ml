(* Integers of all widths: literals, conversions, arithmetic at the edges and at random. *)
let texts = [
  "0"; "-0"; "+1"; "1"; "-1"; "007"; "1_000"; "_1"; "1_"; "1__2"; "-_1"; ""; "-"; "+"; " 1"; "1 "; "0x"; "0xff"; "0XFF"; "-0xff"; "0xg";
  "0b101"; "0B1"; "0b2"; "0b"; "0o17"; "0O17"; "0o8"; "0u123"; "0U7"; "-0u1"; "0u"; "0u18446744073709551615"; "0u18446744073709551616";
  "0u9223372036854775807"; "0u9223372036854775808"; "4611686018427387903"; "4611686018427387904"; "-4611686018427387904";
  "-4611686018427387905"; "9223372036854775807"; "9223372036854775808"; "-9223372036854775808"; "-9223372036854775809";
  "0x7fffffffffffffff"; "0x8000000000000000"; "0xffffffffffffffff"; "0x1ffffffffffffffff"; "-0x7fffffffffffffff"; "-0x8000000000000000";
  "0x3fffffffffffffff"; "0x4000000000000000"; "2147483647"; "2147483648"; "-2147483648"; "-2147483649"; "0xffffffff"; "0x80000000";
  "0x100000000"; "-0xffffffff"; "0u4294967295"; "0u4294967296"; "4294967295"; "0b1_1"; "0x_1"; "0x1_"; "1\0002"; "12a"; "0a"; "1e3"; "1.0"; "0x 1" ]

let attempt name f show text =
  match f text with
  | v -> Printf.printf "%s %S = %s\n" name text (show v)
  | exception Failure m -> Printf.printf "%s %S fails: %s\n" name text m

let () =
  List.iter (fun t ->
    attempt "int" int_of_string string_of_int t;
    attempt "int32" Int32.of_string Int32.to_string t;
    attempt "int64" Int64.of_string Int64.to_string t;
    attempt "nativeint" Nativeint.of_string Nativeint.to_string t) texts

external format_int : string -> int -> string = "caml_format_int"
external format_int32 : string -> int32 -> string = "caml_int32_format"
external format_int64 : string -> int64 -> string = "caml_int64_format"

let ints = [0; 1; -1; 7; 8; 63; 64; 255; 256; -255; 1000; 65535; 1 lsl 30; -(1 lsl 30); (1 lsl 53) - 1; 1 lsl 53; (1 lsl 53) + 1; -(1 lsl 53);
  -(1 lsl 53) - 1; max_int; min_int; max_int - 1; min_int + 1; 0x7fffffff; -0x80000000; 0xffffffff]
let formats = List.concat_map (fun flags -> List.concat_map (fun width -> List.concat_map (fun precision ->
    List.map (fun letter -> "%" ^ flags ^ width ^ precision ^ letter) ["d"; "i"; "u"; "x"; "X"; "o"])
  [""; ".0"; ".3"; ".12"]) [""; "1"; "8"; "20"]) [""; "-"; "0"; "+"; " "; "#"; "-#"; "0#"; "+0"; "- "]

let () =
  List.iter (fun f -> List.iter (fun n ->
    print_string (format_int f n); print_char '|';
    print_string (format_int32 f (Int32.of_int n)); print_char '|';
    print_string (format_int64 f (Int64.of_int n)); print_char ' ') ints; print_newline ()) formats;
  List.iter (fun n ->
    Printf.printf "[%d] [%5d] [%-5d] [%05d] [%+d] [% d] [%x] [%#x] [%X] [%#X] [%o] [%u] [%i] [%#d] [%#u] [%.5d] [%8.3d]\n" n n n n n n n n n n n n n n n n n;
    Printf.printf "[%ld] [%lx] [%lu] [%+ld] [%08lX]\n" (Int32.of_int n) (Int32.of_int n) (Int32.of_int n) (Int32.of_int n) (Int32.of_int n);
    Printf.printf "[%Ld] [%Lx] [%Lu] [%nd] [%nx] [%Lo]\n" (Int64.of_int n) (Int64.of_int n) (Int64.of_int n) (Nativeint.of_int n) (Nativeint.of_int n) (Int64.of_int n)) ints

let random_int () = match Random.int 4 with
  | 0 -> Random.bits () - (1 lsl 29)
  | 1 -> Random.int 100 - 50
  | 2 -> (Random.bits () lsl 33) lxor (Random.bits () lsl 10) lxor Random.bits ()
  | _ -> (1 lsl Random.int 63) + Random.int 3 - 1
let random_int64 () = Int64.logxor (Int64.shift_left (Int64.of_int (random_int ())) (Random.int 3)) (Int64.of_int (Random.bits ()))
let guard f = match f () with v -> v | exception Division_by_zero -> 424242L
let guard32 f = match f () with v -> v | exception Division_by_zero -> 4242l
let guardint f = match f () with v -> v | exception Division_by_zero -> 42

external bswap16 : int -> int = "%bswap16"
external bswap32 : int32 -> int32 = "%bswap_int32"
external bswap64 : int64 -> int64 = "%bswap_int64"
external bswapn : nativeint -> nativeint = "%bswap_native"

let () =
  Random.init 8;
  for _ = 1 to 1500 do
    let a = random_int () and b = random_int () and s = Random.int 63 in
    Printf.printf "%d %d %d: %d %d %d %d %d %d %d %d %d %d %d %d %d\n" a b s (a + b) (a - b) (a * b) (guardint (fun () -> a / b)) (guardint (fun () -> a mod b))
      (a land b) (a lor b) (a lxor b) (a lsl s) (a lsr s) (a asr s) (compare a b) (bswap16 a);
    let x = random_int64 () and y = random_int64 () and s = Random.int 64 in
    Int64.(Printf.printf "%Ld %Ld: %Ld %Ld %Ld %Ld %Ld %Ld %Ld %Ld %Ld %Ld %Ld %Ld %d %Ld %Ld %Ld\n" x y (add x y) (sub x y) (mul x y)
      (guard (fun () -> div x y)) (guard (fun () -> rem x y)) (logand x y) (logor x y) (logxor x y) (shift_left x s) (shift_right x s)
      (shift_right_logical x s) (neg x) (compare x y) (bswap64 x) (guard (fun () -> unsigned_div x y)) (guard (fun () -> unsigned_rem x y)));
    Printf.printf "%d %ld %h %Ld %nd %d\n" (Int64.to_int x) (Int64.to_int32 x) (Int64.to_float x) (Int64.of_float (Int64.to_float x /. 3.))
      (Int64.to_nativeint x) (Int64.unsigned_compare x y);
    let p = Int64.to_int32 x and q = Int64.to_int32 y and s = Random.int 32 in
    Int32.(Printf.printf "%ld %ld: %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %ld %d %ld %d %h %ld\n" p q (add p q) (sub p q) (mul p q)
      (guard32 (fun () -> div p q)) (guard32 (fun () -> rem p q)) (logand p q) (logor p q) (logxor p q) (shift_left p s) (shift_right p s)
      (shift_right_logical p s) (neg p) (compare p q) (bswap32 p) (to_int p) (to_float p) (of_float (to_float p /. 7.)));
    let m = Int64.to_nativeint x and n = Int64.to_nativeint y in
    Nativeint.(Printf.printf "%nd %nd %nd %nd %nd %ld %d %h\n" (mul m n) (lognot m) (shift_right_logical m s) (bswapn m) (of_int32 p) (to_int32 m) (to_int n) (to_float n))
  done;
  Printf.printf "%ld %ld %Ld %Ld\n" (Int32.div Int32.min_int (-1l)) (Int32.rem Int32.min_int (-1l)) (Int64.div Int64.min_int (-1L)) (Int64.rem Int64.min_int (-1L));
  Printf.printf "%d %d\n" (min_int / Sys.opaque_identity (-1)) (min_int mod Sys.opaque_identity (-1));
  List.iter (fun f -> Printf.printf "%d %Ld %nd\n" (int_of_float f) (Int64.of_float f) (Nativeint.of_float f))
    [0.; -0.; 0.9; -0.9; 1e9; -1e9; 4e18; -4e18; 9.2e18; -9.2e18; 4611686018427387904.; -4611686018427387904.; 9007199254740993.];
  List.iter (fun f -> Printf.printf "%ld\n" (Int32.of_float f)) [0.; 0.9; -0.9; 2147483647.; -2147483648.; 2147483647.9; -2147483648.9; 123456.789];
  List.iter (fun n -> Printf.printf "%h %h\n" (float_of_int n) (Int64.to_float (Int64.of_int n))) ints
