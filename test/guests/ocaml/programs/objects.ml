(* Classes: private and public methods, inheritance, objects without a class, methods asked by many. *)
let show x = prerr_int x; prerr_char ' '
class point x0 = object (self)
  val mutable x = x0
  method get = x
  method move d = x <- x + d; self#moved
  method private moved = show x
  method twice = self#move 1; self#move 2
  method add (other : < get : int >) = x + other#get
end
class colored x0 (c : int) = object (self)
  inherit point x0 as super
  method color = c
  method! move d = super#move (d * 10); show self#get
end
let () = let p = new point 3 in p#move 4; p#twice; show p#get; prerr_newline ()
let () = let c = new colored 1 7 in c#move 1; c#twice; show c#color; show (c#add (new point 5 :> < get : int >)); prerr_newline ()
let immediate = object val n = 5 method a = n method b k = n + k method zed = 1 method other = 2 end
let sum o = o#a + o#b 3
let () = show (sum immediate); show (sum (object method a = 1 method b k = k * 2 end)); show (sum immediate); prerr_newline ()
let all = [ (new point 1 :> < get : int >); (new colored 2 0 :> < get : int >); (object method get = 77 method extra = 1 end :> < get : int >); (object method aaa = 0 method get = 78 method zzz = 3 end :> < get : int >) ]
let () = List.iter (fun o -> show o#get) (all @ all); prerr_newline ()
class virtual shape = object (self) method virtual area : int method twice = 2 * self#area end
class square n = object inherit shape method area = n * n end
class counter = object val mutable n = 0 method tick = n <- n + 1; {< n = n * 2 >} method n = n end
let () = show (new square 5)#twice; show ((new counter)#tick)#n; let c = new counter in ignore c#tick; ignore c#tick; show c#n; show (Oo.copy c)#n; prerr_newline ()
