(* Strings, bytes, buffers, arrays, printing and scanning. *)
let text () = String.init (Random.int 40) (fun _ -> Char.chr (match Random.int 3 with 0 -> 97 + Random.int 4 | 1 -> Random.int 256 | _ -> 32 + Random.int 90))
let attempt name f = Printf.printf "%s: %s\n" name (match f () with v -> v | exception e -> Printexc.to_string e)
let sign n = compare n 0

let () =
  Random.init 11;
  let texts = Array.init 80 (fun i -> if i < 10 then String.make i 'a' else text ()) in
  for _ = 1 to 1200 do
    let a = texts.(Random.int 80) and b = texts.(Random.int 80) in
    Printf.printf "%d %d %b %b %b %b %b %b %d %d " (sign (String.compare a b)) (sign (compare a b)) (a = b) (a < b) (a <= b) (a > b) (a >= b) (String.equal a b) (Hashtbl.hash a) (Hashtbl.hash (a ^ b));
    Printf.printf "%S %s %s\n" (String.sub a 0 (String.length a / 2) ^ b) (Digest.to_hex (Digest.string a)) (String.escaped b);
    let n = Random.int 30 - 3 in
    attempt "get" (fun () -> String.make 1 a.[n]);
    attempt "16" (fun () -> string_of_int (String.get_uint16_le a n * 100000 + String.get_int16_be a n));
    attempt "32" (fun () -> Int32.to_string (String.get_int32_le a n) ^ Int32.to_string (String.get_int32_be a n));
    attempt "64" (fun () -> Int64.to_string (String.get_int64_le a n) ^ Int64.to_string (String.get_int64_be a n));
    let bytes = Bytes.of_string a in
    attempt "set" (fun () -> Bytes.set bytes n 'x'; Bytes.to_string bytes);
    attempt "set 16" (fun () -> Bytes.set_int16_le bytes n 0x1234; Bytes.set_uint16_be bytes n (-2); Bytes.to_string bytes);
    attempt "set 32" (fun () -> Bytes.set_int32_le bytes n 0x12345678l; Bytes.set_int32_be bytes (n + 1) (-2l); Bytes.to_string bytes);
    attempt "set 64" (fun () -> Bytes.set_int64_le bytes n 0x123456789abcdef0L; Bytes.set_int64_be bytes (n + 1) (-2L); Bytes.to_string bytes);
    attempt "sub" (fun () -> String.sub a n 5); attempt "blit" (fun () -> Bytes.blit_string b 0 bytes n 4; Bytes.blit bytes 0 bytes 1 n; Bytes.to_string bytes);
    attempt "fill" (fun () -> Bytes.fill bytes n 3 'q'; Bytes.to_string bytes); attempt "index" (fun () -> string_of_int (String.index a 'a') ^ string_of_int (String.rindex_from a n 'b'));
    attempt "other" (fun () -> String.concat "," [String.uppercase_ascii a; String.trim b; String.capitalize_ascii a; String.map Char.lowercase_ascii b] ^ String.concat "|" (String.split_on_char 'a' a))
  done

let () =
  attempt "create" (fun () -> Bytes.to_string (Bytes.create (-1))); attempt "make" (fun () -> String.make (-1) 'a'); attempt "extend" (fun () -> Bytes.to_string (Bytes.sub (Bytes.extend (Bytes.of_string "abc") 0 0) 1 2));
  attempt "chr" (fun () -> String.make 1 (Char.chr 256)); attempt "unescaped" (fun () -> Scanf.unescaped "\\n\\065\\x41\\\\");
  let b = Buffer.create 1 in
  for i = 1 to 300 do Buffer.add_string b (string_of_int i); Buffer.add_char b ' '; Buffer.add_utf_8_uchar b (Uchar.of_int (i * 37)) done;
  Buffer.add_substitute b (fun s -> "<" ^ s ^ ">") "$a ${b} $(c) \\$d"; Buffer.truncate b (Buffer.length b - 1);
  Printf.printf "%S %d %s\n" (Buffer.contents b) (Buffer.length b) (Digest.to_hex (Digest.bytes (Buffer.to_bytes b)));
  attempt "buffer" (fun () -> String.make 1 (Buffer.nth b 100000))

let show_array f a = "[|" ^ String.concat "; " (Array.to_list (Array.map f a)) ^ "|]"
let () =
  let a = Array.init 10 (fun i -> i * i) and f = Array.init 10 (fun i -> float_of_int i /. 4.) and s = Array.init 5 string_of_int in
  attempt "get" (fun () -> string_of_int a.(Sys.opaque_identity 10)); attempt "set" (fun () -> a.(Sys.opaque_identity (-1)) <- 1; ""); attempt "float" (fun () -> string_of_float f.(Sys.opaque_identity 11));
  attempt "float set" (fun () -> f.(Sys.opaque_identity 10) <- 1.; ""); attempt "max" (fun () -> string_of_int a.(max_int)); attempt "make" (fun () -> show_array string_of_int (Array.make (-1) 0));
  let generic_get a i = Array.get a i and generic_set a i v = Array.set a i v in
  generic_set f 2 9.5; generic_set a 2 99; generic_set s 2 "x";
  Printf.printf "%f %d %s\n" (generic_get f 2) (generic_get a 2) (generic_get s 2);
  List.iter (fun (n, m) ->
    attempt "sub" (fun () -> show_array string_of_int (Array.sub a n m) ^ show_array string_of_float (Array.sub f n m));
    attempt "blit" (fun () -> Array.blit a n a m 4; Array.blit f n f m 4; Array.blit s n s m 2; show_array string_of_int a ^ show_array string_of_float f ^ show_array Fun.id s);
    attempt "fill" (fun () -> Array.fill a n m 7; Array.fill f n m 7.5; show_array string_of_int a ^ show_array string_of_float f)) [0, 3; 3, 0; 2, 4; 5, 5; 8, 3; -1, 2; 0, 10; 3, 7];
  print_endline (show_array string_of_float (Array.append f [|1.|]) ^ show_array string_of_float (Array.append [||] [||]) ^ show_array Fun.id (Array.append s [||]) ^ show_array string_of_float (Array.concat [[||]; f; [||]; f]) ^ show_array Fun.id (Array.concat [s; [||]; s]));
  print_endline (show_array (fun (x, y) -> x ^ string_of_float y) (Array.combine [|"a"|] [|1.|]) ^ string_of_bool ([||] == Array.make 0 1.));
  let sorted = Array.init 200 (fun i -> i * 7919 mod 211) in
  Array.sort compare sorted; print_endline (show_array string_of_int sorted); Array.stable_sort (fun a b -> compare (a mod 10) (b mod 10)) sorted; print_endline (show_array string_of_int sorted);
  let fa = Float.Array.init 8 (fun i -> float_of_int (i * i)) in
  Float.Array.set fa 3 nan; Float.Array.fill fa 5 2 (-1.); Float.Array.sort compare fa; Float.Array.iter (Printf.printf "%g ") fa; attempt "floatarray" (fun () -> string_of_float (Float.Array.get fa 8)); attempt "create" (fun () -> string_of_int (Float.Array.length (Float.Array.create (-1))));
  Float.Array.iter (Printf.printf "%g ") (Float.Array.concat [fa; Float.Array.sub fa 2 3; Float.Array.append fa fa]); Float.Array.blit fa 0 fa 2 4; Float.Array.iter (Printf.printf "%g ") fa; print_newline ();
  List.iter (fun l -> print_endline (show_array string_of_int (Array.of_list l))) [[]; [1]; [1; 2; 3]];
  Array.iteri (fun i row -> Array.iteri (fun j _ -> row.(j) <- i * j) row; print_endline (show_array string_of_int row)) (Array.make_matrix 3 4 0)

let () =
  Printf.printf "%c %C %s %S %B %d%% %a %t %3s|%-5s|%5c %*d %.*f %-*d|\n" 'a' '\n' "s" "q\"\t" true 5 (fun ch () -> output_string ch "a!") () (fun ch -> output_string ch "t!") "x" "y" 'z' 5 42 2 3.14159 6 7;
  Printf.printf "%(%d%) %s\n" "<%d>" 5 (Printf.sprintf "%{%d %s%}" "%i %s");
  Format.printf "@[<v 2>begin@,%a@,@[<hov 2>%s@ %s@ %s@]@]@.end@." (Format.pp_print_list ~pp_sep:Format.pp_print_space Format.pp_print_int) [1; 2; 3] (String.make 40 'a') (String.make 40 'b') "c";
  Format.printf "%a %d@[<h>x@ y@]@?" Format.pp_print_float 1.5 3; Format.set_margin 20; Format.printf "@[%s@ %s@ %s@]@." "aaaaaaaaa" "bbbbbbbbbbb" "ccccc"; Format.printf "@{<b>%s@} %s@\n%!" "tag" (Format.asprintf "%08.3f" 2.5);
  Scanf.sscanf "12 0x1f -7 3.5e2 abc \"q\\n\" 'c' true" "%d %i %d %f %s %S %C %B" (fun a b c d e f g h -> Printf.printf "%d %d %d %g %s %S %c %b\n" a b c d e f g h);
  Scanf.sscanf "99999999999 77 18446744073709551615" "%Ld %ld %Lu" (fun a b c -> Printf.printf "%Ld %ld %Ld\n" a b c); Scanf.sscanf "a,b;c" "%[^,],%[a-z]%n" (fun a b n -> Printf.printf "%s %s %d\n" a b n);
  attempt "scan" (fun () -> Scanf.sscanf "x" "%d" string_of_int); attempt "end" (fun () -> Scanf.sscanf "" "%d" string_of_int); attempt "hex float" (fun () -> Scanf.sscanf "0x1.8p3" "%h" string_of_float); attempt "format" (fun () -> Printf.sprintf (Scanf.format_from_string "%d-%s" "%d %s") 1 "a")
