(* Big arrays of every kind. *)
open Bigarray
let attempt name f = Printf.printf "%s: %s\n" name (match f () with v -> v | exception e -> Printexc.to_string e)
let hex s = String.concat "" (List.map (fun c -> Printf.sprintf "%02x" (Char.code c)) (List.of_seq (String.to_seq s)))
let int = string_of_int

let check : type a b c. string -> (a, b) kind -> c layout -> (int -> a) -> (a -> string) -> unit = fun name kind layout value show ->
  let all dims =
    let base = if (Obj.magic layout : int) = (Obj.magic fortran_layout : int) then 1 else 0 in
    let a = Genarray.create kind layout dims in
    let rec fill prefix = function
      | [] -> let i = Array.of_list (List.rev prefix) in Genarray.set a i (value (Array.fold_left (fun s x -> s * 7 + x) 3 i))
      | n :: rest -> for i = base to base + n - 1 do fill (i :: prefix) rest done in
    fill [] (Array.to_list dims);
    let n = Genarray.num_dims a in
    Printf.printf "%s %d %d %d: " name n (Genarray.size_in_bytes a) (Hashtbl.hash a);
    let flat = reshape_1 a (Array.fold_left ( * ) 1 dims) in
    for i = base to base + Array1.dim flat - 1 do print_string (show flat.{i}); print_char ' ' done;
    let m = Marshal.to_string a [] in
    let b : (a, b, c) Genarray.t = Marshal.from_string m 0 in
    Printf.printf "%s %b %d %d\n" (hex m) (a = b) (compare a b) (Hashtbl.hash b);
    let copy = Genarray.create kind layout dims in
    Genarray.blit a copy; if Array1.dim flat > 1 then flat.{base} <- flat.{base + 1};
    Printf.printf "%d %d %b\n" (compare a copy) (compare copy a) (a < copy);
    Genarray.fill copy (value 5); Printf.printf "%d %b\n" (Hashtbl.hash copy) (Genarray.dims copy = dims);
    attempt "get" (fun () -> show (Genarray.get a (Array.map (fun d -> d + base) dims))); attempt "indices" (fun () -> show (Genarray.get a (Array.make (n + 1) 1))); attempt "dim" (fun () -> int (Genarray.nth_dim a n)); attempt "size" (fun () -> int (Genarray.num_dims (reshape a [|1000|])));
    attempt "blit" (fun () -> Genarray.blit a (Genarray.create kind layout (Array.map succ dims)); "") in
  List.iter all [[|6|]; [|2; 3|]; [|2; 2; 3|]; [|0|]; [|1; 2; 1; 2|]]

let kinds : type c. string -> c layout -> unit = fun name layout ->
  let check n k v s = check (name ^ " " ^ n) k layout v s in
  let float = fun i -> if i mod 11 = 3 then nan else float_of_int i /. 3. and show_float = Printf.sprintf "%h" and complex = fun n -> { Complex.re = float_of_int n /. 3.; im = float_of_int (-n) } in
  check "float32" float32 float show_float; check "float64" float64 float show_float; check "int8" int8_signed (fun i -> i * 37) int; check "uint8" int8_unsigned (fun i -> i * 37) int; check "int16" int16_signed (fun i -> i * 7919) int; check "uint16" int16_unsigned (fun i -> i * 7919) int;
  check "int32" int32 (fun i -> Int32.of_int (i * 12345678)) Int32.to_string; check "int64" int64 (fun i -> Int64.mul (Int64.of_int i) 1234567890123456L) Int64.to_string; check "int" Bigarray.int (fun i -> i * 98765432) int; check "large int" Bigarray.int (fun i -> i * 1234567890123456) int; check "nativeint" nativeint (fun i -> Nativeint.of_int (i * 111)) Nativeint.to_string;
  check "complex32" complex32 complex (fun c -> Printf.sprintf "%h,%h" c.Complex.re c.im); check "complex64" complex64 complex (fun c -> Printf.sprintf "%h,%h" c.Complex.re c.im); check "char" char (fun i -> Char.chr (i land 255)) (fun c -> int (Char.code c))

let () =
  kinds "C" c_layout; kinds "Fortran" fortran_layout;
  let a = Array2.of_array Bigarray.int c_layout [|[|1; 2; 3|]; [|4; 5; 6|]|] in
  let row = Array2.slice_left a 1 in row.{0} <- 40; Printf.printf "%d %d %d\n" a.{1, 0} (Array1.dim row) (Array2.dim2 a);
  let sub = Array2.sub_left a 1 1 in sub.{0, 2} <- 60; Printf.printf "%d\n" a.{1, 2}; attempt "sub" (fun () -> int (Array2.dim1 (Array2.sub_left a 1 2))); attempt "negative" (fun () -> int (Array1.dim (Array1.create char c_layout (-1)))); attempt "slice" (fun () -> int (Genarray.num_dims (Genarray.slice_left (genarray_of_array2 a) [|1; 1; 1|])));
  let f = Array2.of_array Bigarray.int fortran_layout [|[|1; 2; 3|]; [|4; 5; 6|]|] in
  let column = Array2.slice_right f 2 in column.{1} <- 20; Printf.printf "%d %d %d\n" f.{1, 2} (Array1.dim column) (Array2.sub_right f 2 2).{2, 1}; let t = Array2.change_layout f c_layout in Printf.printf "%d %d %d\n" t.{1, 0} (Array2.dim1 t) (Array2.dim2 t);
  attempt "bounds" (fun () -> int a.{2, 0}); attempt "set" (fun () -> a.{0, -1} <- 1; ""); attempt "fortran" (fun () -> int f.{0, 1}); let z = Array0.of_value float64 c_layout 2.5 in Printf.printf "%g %d\n" (Array0.get z) (Genarray.num_dims (genarray_of_array0 z));
  let three = Array3.create int16_signed c_layout 2 3 4 in Array3.fill three 7; three.{1, 2, 3} <- 70000; Printf.printf "%d %d %d %d\n" three.{1, 2, 3} three.{0, 0, 0} (Array3.dim3 three) (Array1.dim (Array3.slice_left_1 three 1 2)); attempt "kind" (fun () -> string_of_bool (Array1.kind row = Bigarray.int && Array1.layout row = c_layout));
  let bytes = Array1.create int8_unsigned c_layout 16 in for i = 0 to 15 do bytes.{i} <- i * 17 done; Array1.blit (Array1.sub bytes 0 8) (Array1.sub bytes 4 8); for i = 0 to 15 do Printf.printf "%d " bytes.{i} done; print_newline ();
  let large = Array1.create char c_layout 70000 in Array1.fill large 'x'; let m = Marshal.to_string large [] in Printf.printf "%d %s %d\n" (String.length m) (Digest.to_hex (Digest.string m)) (Array1.dim (Marshal.from_string m 0 : (char, int8_unsigned_elt, c_layout) Array1.t)); attempt "dimensions" (fun () -> int (Genarray.num_dims (Genarray.create char c_layout (Array.make 17 1))));
  let module E = struct external get16 : (char, int8_unsigned_elt, c_layout) Array1.t -> int -> int = "%caml_bigstring_get16" external get32 : (char, int8_unsigned_elt, c_layout) Array1.t -> int -> int32 = "%caml_bigstring_get32" external get64 : (char, int8_unsigned_elt, c_layout) Array1.t -> int -> int64 = "%caml_bigstring_get64" external set16 : (char, int8_unsigned_elt, c_layout) Array1.t -> int -> int -> unit = "%caml_bigstring_set16" external set32 : (char, int8_unsigned_elt, c_layout) Array1.t -> int -> int32 -> unit = "%caml_bigstring_set32" external set64 : (char, int8_unsigned_elt, c_layout) Array1.t -> int -> int64 -> unit = "%caml_bigstring_set64" end in
  let s = Array1.sub large 3 12 in E.set16 s 0 0x1234; E.set32 s 2 0x56789abcl; E.set64 s 4 (-81985529216486896L); Printf.printf "%x %lx %Lx\n" (E.get16 s 1) (E.get32 s 3) (E.get64 s 4); attempt "16" (fun () -> int (E.get16 s 11)); attempt "32" (fun () -> Int32.to_string (E.get32 s 9)); attempt "64" (fun () -> E.set64 s 5 0L; ""); attempt "64" (fun () -> Int64.to_string (E.get64 s (-1)))
