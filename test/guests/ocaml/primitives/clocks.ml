(* What of Unix is the same everywhere: addresses, dates, messages, and how files are refused. *)
open Unix
let attempt name f = Printf.printf "%s: %s\n" name (match f () with v -> v | exception Unix_error (e, f, a) -> Printf.sprintf "%s in %s %s" (error_message e) f a | exception e -> Printexc.to_string e)
let show t = Printf.sprintf "%d-%d-%d %d:%d:%d %d %d %b" t.tm_year t.tm_mon t.tm_mday t.tm_hour t.tm_min t.tm_sec t.tm_wday t.tm_yday t.tm_isdst

let () =
  List.iter (fun text -> attempt text (fun () -> string_of_inet_addr (inet_addr_of_string text)))
    ["127.0.0.1"; "255.255.255.255"; "::"; "::1"; "1::"; "fe80::1:2"; "1:2:3:4:5:6:7:8"; "1:0:0:2:0:0:0:3"; "1:0:2:3:4:5:6:7"; "0:0:1::"; "2001:DB8::00ff"; "::12345"; "1:2:3"; "nowhere"];
  List.iter (fun a -> print_endline (string_of_inet_addr a)) [inet_addr_any; inet_addr_loopback; inet6_addr_any; inet6_addr_loopback];
  List.iter (fun s -> print_endline (show (gmtime s)); print_endline (show (localtime s)))
    [0.; 1.; 951782400.; 951868799.9; 1e9; 946684799.; 4102444800.; -1.; -1.5; 1709210096.];
  List.iter (fun (y, mo, d, h, mi, s) ->
      let seconds, t = mktime { tm_year = y; tm_mon = mo; tm_mday = d; tm_hour = h; tm_min = mi; tm_sec = s; tm_wday = 0; tm_yday = 0; tm_isdst = false } in
      Printf.printf "%.0f %s\n" seconds (show t))
    [100, 0, 1, 0, 0, 0; 100, 13, 32, 25, 61, 61; 124, 1, 29, 12, 0, 0; 70, 0, 0, 0, 0, -1; 99, -1, 1, 0, 0, 0];
  List.iter (fun e -> print_endline (error_message e)) [ENOENT; EACCES; EEXIST; ENOTDIR; EISDIR; ENOTEMPTY; EPERM; EINVAL; EBADF; EPIPE; E2BIG; ECHILD; EDEADLK; EDOM; EFAULT; EINTR; EMLINK; ENFILE; ENOEXEC; ENOLCK; ENOSYS; ENOTTY; ERANGE; ESRCH; EXDEV; EUNKNOWNERR 12345]

let () =
  let folder = "unix-folder" in
  attempt "mkdir" (fun () -> mkdir folder 0o755; string_of_bool (Sys.is_directory folder));
  attempt "mkdir again" (fun () -> mkdir folder 0o755; "made");
  close_out (open_out "unix-file");
  attempt "mkdir in a file" (fun () -> mkdir "unix-file/x" 0o755; "made");
  attempt "rename" (fun () -> rename "unix-file" (folder ^ "/there"); string_of_bool (Sys.file_exists "unix-file"));
  attempt "rename what is not there" (fun () -> rename "unix-file" "x"; "renamed");
  attempt "rmdir" (fun () -> rmdir folder; "gone");
  attempt "unlink" (fun () -> unlink (folder ^ "/there"); "gone");
  attempt "unlink again" (fun () -> unlink (folder ^ "/there"); "gone");
  attempt "NUL" (fun () -> unlink "a\000b"; "gone");
  attempt "rmdir" (fun () -> rmdir folder; "gone");
  Printf.printf "%b %b\n" (getcwd () = Sys.getcwd ()) (Array.length (environment ()) > 0);
  let start = gettimeofday () in
  sleepf 0.01;
  Printf.printf "%b %b %b\n" (gettimeofday () -. start >= 0.01) (time () <= gettimeofday ()) ((times ()).tms_utime >= 0.)
