(* Channels and files, in the folder where it is run. *)
let attempt name f = Printf.printf "%s: %s\n" name (match f () with v -> v | exception e -> Printexc.to_string e)
let unit f = f (); "done"
let int = string_of_int
let name = "channels.tmp"

let () =
  attempt "missing" (fun () -> close_in (open_in "missing.tmp"); ""); attempt "folder" (fun () -> String.make 1 (input_char (open_in "."))); attempt "write to folder" (fun () -> close_out (open_out "."); "");
  attempt "nul" (fun () -> close_in (open_in "a\000b"); ""); attempt "remove" (fun () -> unit (fun () -> Sys.remove "missing.tmp")); attempt "rename" (fun () -> unit (fun () -> Sys.rename "missing.tmp" "b"));
  attempt "is_directory" (fun () -> string_of_bool (Sys.is_directory "missing.tmp")); attempt "exists" (fun () -> string_of_bool (Sys.file_exists "." && not (Sys.file_exists "missing.tmp")));
  attempt "not a folder" (fun () -> unit (fun () -> Sys.mkdir "/dev/null/x" 0o777)); attempt "mkdir" (fun () -> unit (fun () -> Sys.mkdir "made.tmp" 0o755)); attempt "again" (fun () -> unit (fun () -> Sys.mkdir "made.tmp" 0o755));
  attempt "rmdir" (fun () -> unit (fun () -> Sys.rmdir "made.tmp")); attempt "rmdir" (fun () -> unit (fun () -> Sys.rmdir "made.tmp")); attempt "readdir" (fun () -> int (Array.length (Sys.readdir "made.tmp")));
  let oc = open_out_bin name in
  for i = 0 to 20000 do output_string oc (int i); output_char oc '\n' done;
  attempt "position" (fun () -> int (pos_out oc)); attempt "size before" (fun () -> int (out_channel_length oc)); flush oc; attempt "size" (fun () -> int (out_channel_length oc));
  output_binary_int oc 0x12345678; output_binary_int oc (-2); output_byte oc 300; output_substring oc "abcdef" 2 3; output_bytes oc (Bytes.of_string "end\n"); output_value oc [1; 2; 3]; output_value oc ("x", 1.5);
  seek_out oc 10; output_string oc "HELLO"; attempt "position" (fun () -> int (pos_out oc)); seek_out oc (out_channel_length oc); output_string oc (String.make 200000 'z'); output_string oc "\nlast"; attempt "position" (fun () -> int (pos_out oc));
  close_out oc; close_out oc; attempt "closed" (fun () -> unit (fun () -> output_char oc 'a')); attempt "closed" (fun () -> unit (fun () -> output_string oc "abc")); attempt "nothing" (fun () -> unit (fun () -> output_string oc ""));
  attempt "flush" (fun () -> unit (fun () -> flush oc)); attempt "closed position" (fun () -> int (pos_out oc)); attempt "closed seek" (fun () -> unit (fun () -> seek_out oc 1)); attempt "closed size" (fun () -> int (out_channel_length oc))

let () =
  let ic = open_in name in
  let lines = ref 0 and sum = ref 0 in
  (try while pos_in ic < 108000 do sum := !sum + String.length (input_line ic) * !lines; incr lines done with End_of_file -> ());
  Printf.printf "%d %d %d %d\n" !lines !sum (pos_in ic) (in_channel_length ic);
  seek_in ic 5; print_endline (input_line ic); print_endline (input_line ic); seek_in ic 108000; print_endline (input_line ic);
  let digits = 10 * 2 + 90 * 3 + 900 * 4 + 9000 * 5 + 10001 * 6 in
  seek_in ic digits; Printf.printf "%x %d %d " (input_binary_int ic) (input_binary_int ic) (input_byte ic); print_endline (really_input_string ic 3); print_endline (input_line ic);
  List.iter (Printf.printf "%d ") (input_value ic : int list); let s, f = (input_value ic : string * float) in Printf.printf "%s %f\n" s f;
  let buffer = Bytes.create 100000 in
  attempt "input" (fun () -> int (input ic buffer 0 100000)); attempt "input" (fun () -> int (input ic buffer 0 100000)); attempt "input" (fun () -> int (input ic buffer 0 10)); attempt "bad" (fun () -> int (input ic buffer 99999 10));
  attempt "long line" (fun () -> int (String.length (input_line ic))); attempt "last" (fun () -> input_line ic); attempt "end" (fun () -> input_line ic); attempt "end" (fun () -> String.make 1 (input_char ic)); attempt "end" (fun () -> int (input ic buffer 0 10));
  attempt "really" (fun () -> really_input_string ic 1); attempt "value" (fun () -> input_value ic); seek_in ic 3; attempt "bad value" (fun () -> input_value ic); seek_in ic (in_channel_length ic - 5); attempt "cut value" (fun () -> input_value ic); attempt "int" (fun () -> int (input_binary_int ic));
  seek_in ic 1000000; attempt "beyond" (fun () -> int (pos_in ic)); attempt "beyond" (fun () -> input_line ic); attempt "negative" (fun () -> unit (fun () -> seek_in ic (-2)));
  seek_in ic 0; print_endline (Digest.to_hex (Digest.channel ic 1000)); print_endline (Digest.to_hex (Digest.channel ic (-1))); attempt "digest" (fun () -> Digest.channel ic 1); print_endline (Digest.to_hex (Digest.file name));
  close_in ic; close_in ic; attempt "closed" (fun () -> input_line ic); attempt "closed" (fun () -> String.make 1 (input_char ic)); attempt "closed" (fun () -> int (in_channel_length ic))

let () =
  let oc = open_out_gen [Open_append; Open_wronly] 0 name in
  output_string oc "appended"; close_out oc; attempt "excl" (fun () -> close_out (open_out_gen [Open_creat; Open_excl; Open_wronly] 0o644 name); ""); attempt "rdonly" (fun () -> let oc = open_out_gen [Open_rdonly] 0 name in output_string oc "x"; flush oc; "");
  let ic = open_in_gen [Open_rdonly; Open_nonblock] 0 name in
  seek_in ic (in_channel_length ic - 8); print_endline (input_line ic); close_in ic;
  let oc = open_out_gen [Open_wronly; Open_creat] 0o600 name in output_string oc "AB"; close_out oc;
  let ic = open_in name in print_endline (input_line ic); close_in ic;
  Sys.rename name "renamed.tmp"; attempt "renamed" (fun () -> string_of_bool (Sys.file_exists name) ^ string_of_bool (Sys.file_exists "renamed.tmp")); Sys.remove "renamed.tmp";
  attempt "wrong mode" (fun () -> let ic = open_in_gen [Open_wronly; Open_creat] 0o600 name in input_line ic); Sys.remove name;
  let ics = List.init 3 (fun i -> let oc = open_out (name ^ int i) in output_string oc (int i ^ "\n"); close_out oc; open_in (name ^ int i)) in
  List.iter (fun ic -> print_endline (input_line ic)) ics; List.iter close_in ics; List.iteri (fun i _ -> Sys.remove (name ^ int i)) ics;
  attempt "LargeFile" (fun () -> let oc = open_out name in output_string oc "0123456789"; LargeFile.seek_out oc 4L; output_char oc 'x'; let p = LargeFile.pos_out oc in close_out oc; let ic = open_in name in LargeFile.seek_in ic 3L; let s = input_line ic in let q = LargeFile.in_channel_length ic in close_in ic; Sys.remove name; Printf.sprintf "%Ld %s %Ld" p s q);
  (* not closed, but flushed at exit *)
  let oc = open_out name in output_string oc "kept"; at_exit (fun () -> flush_all (); let ic = open_in name in print_endline (input_line ic); close_in ic; Sys.remove name);
  let temporary = Filename.temp_file ~temp_dir:"." "a" ".tmp" in attempt "temporary" (fun () -> string_of_bool (Sys.file_exists temporary)); Sys.remove temporary;
  attempt "stdin" (fun () -> input_line stdin); attempt "stdin" (fun () -> read_line ()); attempt "stdin" (fun () -> int (input stdin (Bytes.create 4) 0 4)); attempt "rest" (fun () -> String.make 1 (input_char stdin)); attempt "scan" (fun () -> Scanf.scanf " %d %s" (fun a b -> int a ^ b)); attempt "end" (fun () -> Scanf.scanf "%s" Fun.id); attempt "eof" (fun () -> read_line ());
  print_string "before "; prerr_string "error "; flush stderr; print_string "after\n"; output_value stdout [1]; set_binary_mode_out stdout true; print_newline ();
  Printf.printf "%d %b %b %d %s\n" (Array.length Sys.argv) (Sys.unix && not Sys.win32 && not Sys.big_endian) (Sys.backend_type = Sys.Bytecode) Sys.max_string_length (Sys.os_type ^ Sys.ocaml_version);
  Printf.printf "%d %d %d %b %s\n" Sys.word_size Sys.int_size Sys.max_array_length (Sys.time () >= 0.) (Filename.basename Sys.executable_name); attempt "getenv" (fun () -> Sys.getenv "NO_SUCH_VARIABLE"); attempt "signal" (fun () -> match Sys.signal Sys.sigint Sys.Signal_ignore with Sys.Signal_default -> "default" | _ -> "other");
  exit 3
