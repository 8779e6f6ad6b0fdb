(* The library Str. *)
let attempt name f = Printf.printf "%s: %s\n" name (match f () with v -> v | exception e -> Printexc.to_string e)
let expressions = ["a"; "abc"; "a*"; "a+"; "a?b"; "[a-c]+"; "[^a]"; "[]a]"; "."; ".*"; "^a"; "a$"; "\\(a\\|b\\)*"; "\\(a*\\)*b"; "\\(a\\)\\(b\\)?\\1"; "\\bab"; "ab\\b"; "\\b"; "\\(ab\\|a\\)\\(c\\|bcd\\)"; "x*"; ""; "[0-9]+\\.[0-9]*"; "\\(.\\)\\1"; "a.c"; "\\\\"; "a\\+"; "[A-Z][a-z]*"; "\\(\\(a\\)\\|b\\)+c"; "^\\(.*\\)\n"; "c\\|b\\|a"]
let texts = ["a"; "abc"; "aab"; "bbb"; "abab"; "aaac"; "b\na\nab"; ""; "abcd"; "hello ab world"; "3.14 and 2."; "aa bb"; "a.c\\a+"; "Hello World"; "bac"; "\xe9t\xe9 ab_1"; "a\000b"]
let groups text = String.concat "," (List.init 4 (fun n -> match Str.matched_group n text with s -> Printf.sprintf "%S@%d-%d" s (Str.group_beginning n) (Str.group_end n) | exception Not_found -> "-" | exception Invalid_argument m -> m))
let () =
  List.iter (fun e -> List.iter (fun fold -> let r = if fold then Str.regexp_case_fold e else Str.regexp e in List.iter (fun t ->
    Printf.printf "%S %S %b: " e t fold;
    for i = -1 to min 3 (String.length t + 1) do
      attempt "match" (fun () -> if Str.string_match r t i then groups t else "no"); attempt "partial" (fun () -> if Str.string_partial_match r t i then Printf.sprintf "%S" (Str.matched_string t) else "no");
      attempt "forward" (fun () -> let n = Str.search_forward r t i in string_of_int n ^ groups t); attempt "backward" (fun () -> let n = Str.search_backward r t (String.length t - i) in string_of_int n ^ groups t)
    done;
    attempt "replace" (fun () -> Printf.sprintf "%S %S" (Str.global_replace r "<\\0>" t) (Str.replace_first r "[\\1\\\\]" t)); attempt "split" (fun () -> String.concat "|" (Str.split r t)); attempt "full" (fun () -> String.concat "|" (List.map (function Str.Text s -> "T" ^ s | Str.Delim s -> "D" ^ s) (Str.full_split r t)));
    attempt "substitute" (fun () -> Str.global_substitute r (fun s -> String.uppercase_ascii (Str.matched_string s) ^ "!") t); attempt "bounded" (fun () -> String.concat "|" (Str.bounded_split_delim r t 2))) texts) [false; true]) expressions;
  print_endline (Str.quote "a.b*c[d]^$\\"); attempt "bad" (fun () -> Str.global_replace (Str.regexp "a") "\\" "a"); attempt "group" (fun () -> Str.global_replace (Str.regexp "a") "\\3" "a"); attempt "other" (fun () -> Str.global_replace (Str.regexp "a") "\\q" "a")

(* NUL is a character as any other. *)
let () =
  let show re s =
    match Str.search_forward (Str.regexp re) s 0 with
    | i -> Printf.printf "%S: found at %d, %S\n" re i (Str.matched_string s)
    | exception Not_found -> Printf.printf "%S: not found\n" re in
  List.iter (fun re -> List.iter (show re) ["ab\000cd"; "ax\000\000y"; "a\255\254b"; "\000"; ""; "abcd"])
    ["\000"; "b\000c"; "[\000]"; "x\000+y"; "b.c"; "\255\254"; "\000\000"; "[^\000]\000"; "\\(\000\\)\\1"; "\000?c"; "\000*$"; "a\\|\000"];
  print_endline (String.escaped (Str.global_replace (Str.regexp "\000") "-" "a\000b\000"));
  print_endline (String.concat "," (Str.split (Str.regexp_string "\000") "a\000b\000c"));
  print_endline (string_of_bool (Str.string_match (Str.regexp_string_case_fold "B\000C") "b\000c" 0))
