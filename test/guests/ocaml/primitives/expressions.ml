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
