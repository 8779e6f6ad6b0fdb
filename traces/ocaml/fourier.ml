(* fourier: fast Fourier transforms, and products of large numbers by them: float arrays, records of floats, carries *)

type complex = { re : float; im : float }

let add a b = { re = a.re +. b.re; im = a.im +. b.im }
let sub a b = { re = a.re -. b.re; im = a.im -. b.im }
let mul a b = { re = (a.re *. b.re) -. (a.im *. b.im); im = (a.re *. b.im) +. (a.im *. b.re) }

(* the n-th roots of unity, n a power of two: half angles need square roots alone, which are the same to the last bit everywhere *)
let roots =
  let known = Hashtbl.create 16 in
  let rec first = function
    | 1 -> { re = 1.0; im = 0.0 }
    | 2 -> { re = -1.0; im = 0.0 }
    | 4 -> { re = 0.0; im = 1.0 }
    | n ->
        let twice = first (n / 2) in
        let re = sqrt ((1.0 +. twice.re) /. 2.0) in
        { re; im = twice.im /. (2.0 *. re) }
  in
  let compute n =
    let all = Array.make n (first 1) in
    let power = ref 1 in
    while !power < n do
      let step = first (n / !power) in
      for i = 0 to !power - 1 do
        all.(i + !power) <- mul all.(i) step
      done;
      power := 2 * !power
    done;
    all
  in
  fun n ->
    match Hashtbl.find_opt known n with
    | Some all -> all
    | None ->
        let all = compute n in
        Hashtbl.add known n all;
        all

(* to the power of 1 or -1 *)
let power sign { re; im } = { re; im = sign *. im }

(* recursive, on lists of records: what the fast one is compared with *)
let rec slow sign = function
  | [] -> []
  | [ x ] -> [ x ]
  | values ->
      let rec split evens odds = function
        | a :: b :: rest -> split (a :: evens) (b :: odds) rest
        | _ -> (List.rev evens, List.rev odds)
      in
      let evens, odds = split [] [] values in
      let evens = slow sign evens and odds = slow sign odds in
      let all = roots (List.length values) in
      let twisted = List.mapi (fun k odd -> mul (power sign all.(k)) odd) odds in
      List.map2 add evens twisted @ List.map2 sub evens twisted

(* in place, on two arrays of numbers *)
let reverse_bits re im =
  let n = Array.length re in
  let swap (a : float array) i j =
    let kept = a.(i) in
    a.(i) <- a.(j);
    a.(j) <- kept
  in
  let j = ref 0 in
  for i = 0 to n - 2 do
    if i < !j then begin
      swap re i !j;
      swap im i !j
    end;
    let bit = ref (n lsr 1) in
    while !j land !bit <> 0 do
      j := !j lxor !bit;
      bit := !bit lsr 1
    done;
    j := !j lor !bit
  done

let transform sign re im =
  let n = Array.length re in
  reverse_bits re im;
  let span = ref 1 in
  while !span < n do
    let all = roots (2 * !span) in
    for k = 0 to !span - 1 do
      let { re = w_re; im = w_im } = power sign all.(k) in
      let i = ref k in
      while !i < n do
        let j = !i + !span in
        let t_re = (w_re *. re.(j)) -. (w_im *. im.(j)) and t_im = (w_re *. im.(j)) +. (w_im *. re.(j)) in
        re.(j) <- re.(!i) -. t_re;
        im.(j) <- im.(!i) -. t_im;
        re.(!i) <- re.(!i) +. t_re;
        im.(!i) <- im.(!i) +. t_im;
        i := j + !span
      done
    done;
    span := 2 * !span
  done

let inverse re im =
  transform (-1.0) re im;
  let n = float_of_int (Array.length re) in
  Array.iteri (fun i x -> re.(i) <- x /. n) re;
  Array.iteri (fun i x -> im.(i) <- x /. n) im

let random =
  let state = ref 12345 in
  fun bound ->
    state := ((!state * 1103515245) + 12345) land 0x3fffffff;
    !state lsr 8 mod bound

let compare_transforms n =
  let re = Array.init n (fun _ -> float_of_int (random 1000) /. 1000.0) and im = Array.make n 0.0 in
  let expected = slow 1.0 (Array.to_list (Array.map (fun re -> { re; im = 0.0 }) re)) in
  let original = Array.copy re in
  transform 1.0 re im;
  let worst = ref 0.0 in
  List.iteri (fun i { re = r; im = m } -> worst := max !worst (abs_float (r -. re.(i)) +. abs_float (m -. im.(i)))) expected;
  let energy = ref 0.0 in
  Array.iteri (fun i x -> energy := !energy +. (x *. x) +. (im.(i) *. im.(i))) re;
  Printf.printf "%d points: energy %.6f, mean %.6f, as the slow one %b\n" n (!energy /. float_of_int n) (re.(0) /. float_of_int n)
    (!worst < 1e-9);
  inverse re im;
  let error = ref 0.0 in
  Array.iteri (fun i x -> error := max !error (abs_float (x -. original.(i)))) re;
  Printf.printf "  there and back again: %b\n" (!error < 1e-12)

(* numbers of four decimal digits a place, the lowest first *)
let base = 10000

let product a b =
  let needed = Array.length a + Array.length b in
  let size = ref 1 in
  while !size < needed do
    size := 2 * !size
  done;
  let spectrum digits =
    let re = Array.make !size 0.0 and im = Array.make !size 0.0 in
    Array.iteri (fun i digit -> re.(i) <- float_of_int digit) digits;
    transform 1.0 re im;
    (re, im)
  in
  let (a_re, a_im) = spectrum a and (b_re, b_im) = spectrum b in
  let re = Array.mapi (fun i x -> (x *. b_re.(i)) -. (a_im.(i) *. b_im.(i))) a_re in
  let im = Array.mapi (fun i x -> (x *. b_im.(i)) +. (a_im.(i) *. b_re.(i))) a_re in
  inverse re im;
  let carry = ref 0 in
  Array.init needed (fun i ->
      let sum = int_of_float (floor (re.(i) +. 0.5)) + !carry in
      carry := sum / base;
      sum mod base)

(* remainder by a small number: a check that uses no transform *)
let remainder digits by = Array.fold_right (fun digit rest -> ((rest * base) + digit) mod by) digits 0

let multiply places =
  let a = Array.init places (fun _ -> random base) and b = Array.init places (fun _ -> random base) in
  let c = product a b in
  let right by = remainder a by * remainder b by mod by = remainder c by in
  let last = Array.length c - 1 in
  Printf.printf "%d places times %d: %04d%04d...%04d%04d, remainders %b\n" places places c.(last) c.(last - 1) c.(1) c.(0)
    (List.for_all right [ 7; 9; 11; 101; 9999991 ])

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  List.iter compare_transforms (if full then [ 256; 4096 ] else [ 32 ]);
  List.iter multiply (if full then [ 100; 1000 ] else [ 10 ])
