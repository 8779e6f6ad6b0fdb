(* n-body: planets attract each other, step by step: records of floats, loops over arrays *)

type body = {
  mutable x : float;
  mutable y : float;
  mutable z : float;
  mutable vx : float;
  mutable vy : float;
  mutable vz : float;
  mass : float;
}

let pi = 3.141592653589793
let solar_mass = 4.0 *. pi *. pi
let days = 365.24

(* distances in astronomical units, velocities in those a day *)
let body ~mass (x, y, z) (vx, vy, vz) =
  { x; y; z; vx = vx *. days; vy = vy *. days; vz = vz *. days; mass = mass *. solar_mass }

let sun () = body ~mass:1.0 (0.0, 0.0, 0.0) (0.0, 0.0, 0.0)

let jupiter () =
  body ~mass:9.547919e-4 (4.841431442, -1.160320044, -0.103622044) (1.660076642e-3, 7.699011184e-3, -6.904600169e-5)

let saturn () =
  body ~mass:2.858859807e-4 (8.343366718, 4.124798564, -0.403523417) (-2.767425107e-3, 4.998528012e-3, 2.304172975e-5)

let uranus () =
  body ~mass:4.366244043e-5 (12.894369562, -15.111151402, -0.223307578) (2.964601375e-3, 2.378471739e-3, -2.965895685e-5)

let neptune () =
  body ~mass:5.151389020e-5 (15.379697115, -25.919314610, 0.179258773) (2.680677725e-3, 1.628241700e-3, -9.515922545e-5)

(* the sun moves so that the sum of all momenta is zero *)
let balance bodies =
  let px, py, pz =
    Array.fold_left
      (fun (px, py, pz) b -> (px +. (b.vx *. b.mass), py +. (b.vy *. b.mass), pz +. (b.vz *. b.mass)))
      (0.0, 0.0, 0.0) bodies
  in
  let sun = bodies.(0) in
  sun.vx <- -.px /. sun.mass;
  sun.vy <- -.py /. sun.mass;
  sun.vz <- -.pz /. sun.mass

let advance bodies step =
  let n = Array.length bodies in
  for i = 0 to n - 1 do
    let a = bodies.(i) in
    for j = i + 1 to n - 1 do
      let b = bodies.(j) in
      let dx = a.x -. b.x and dy = a.y -. b.y and dz = a.z -. b.z in
      let squared = (dx *. dx) +. (dy *. dy) +. (dz *. dz) in
      let pull = step /. (squared *. sqrt squared) in
      a.vx <- a.vx -. (dx *. b.mass *. pull);
      a.vy <- a.vy -. (dy *. b.mass *. pull);
      a.vz <- a.vz -. (dz *. b.mass *. pull);
      b.vx <- b.vx +. (dx *. a.mass *. pull);
      b.vy <- b.vy +. (dy *. a.mass *. pull);
      b.vz <- b.vz +. (dz *. a.mass *. pull)
    done
  done;
  Array.iter
    (fun b ->
      b.x <- b.x +. (step *. b.vx);
      b.y <- b.y +. (step *. b.vy);
      b.z <- b.z +. (step *. b.vz))
    bodies

let energy bodies =
  let sum = ref 0.0 in
  Array.iteri
    (fun i a ->
      sum := !sum +. (0.5 *. a.mass *. ((a.vx *. a.vx) +. (a.vy *. a.vy) +. (a.vz *. a.vz)));
      for j = i + 1 to Array.length bodies - 1 do
        let b = bodies.(j) in
        let dx = a.x -. b.x and dy = a.y -. b.y and dz = a.z -. b.z in
        sum := !sum -. (a.mass *. b.mass /. sqrt ((dx *. dx) +. (dy *. dy) +. (dz *. dz)))
      done)
    bodies;
  !sum

let momentum bodies = Array.fold_left (fun sum b -> sum +. (b.vx *. b.mass)) 0.0 bodies

let () =
  let full = Array.length Sys.argv > 1 && Sys.argv.(1) = "full" in
  let steps = if full then 9000 else 80 in
  let bodies = [| sun (); jupiter (); saturn (); uranus (); neptune () |] in
  balance bodies;
  Printf.printf "energy %.9f\n" (energy bodies);
  for _ = 1 to steps do
    advance bodies 0.01
  done;
  Printf.printf "energy %.9f after %d steps\n" (energy bodies) steps;
  Array.iter (fun b -> Printf.printf "%10.6f %10.6f %10.6f\n" b.x b.y b.z) bodies;
  Printf.printf "momentum zero: %b\n" (abs_float (momentum bodies) < 1e-12)
