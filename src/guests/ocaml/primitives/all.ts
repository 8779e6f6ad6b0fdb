// All C primitives that the OCaml guest has, by their names.

import { createClock } from "../runtime/clock.ts";
import { Descriptors } from "../runtime/descriptors.ts";
import type { Primitives, Runtime, Value } from "../value.ts";
import { arrays } from "./arrays.ts";
import { bigarrays } from "./bigarrays.ts";
import { boxedIntegers } from "./boxed-integers.ts";
import { channels } from "./channels.ts";
import { comparison } from "./compare.ts";
import { digests } from "./digests.ts";
import { floats } from "./floats.ts";
import { collector } from "./gc.ts";
import { hashing } from "./hash.ts";
import { integers } from "./integers.ts";
import { lexing } from "./lexing.ts";
import { marshalling } from "./marshalling.ts";
import { multicore, renamed } from "./multicore.ts";
import { createObjectIds, objects } from "./objects.ts";
import { parsing } from "./parsing.ts";
import { regularExpressions } from "./regular-expressions.ts";
import { strings } from "./strings.ts";
import { system } from "./system.ts";
import { unix } from "./unix.ts";
import { weak } from "./weak.ts";

type Hash = (...values: Value[]) => Value;

/** The primitives of one program that runs. */
export function primitives(runtime: Runtime): Primitives {
  const descriptors = new Descriptors(runtime.host);
  const clock = createClock();
  const ids = createObjectIds();
  const all: Primitives = {
    ...integers(runtime),
    ...boxedIntegers(runtime),
    ...floats(runtime),
    ...strings(runtime),
    ...arrays(runtime),
    ...comparison(runtime),
    ...hashing,
    ...objects(runtime, ids),
    ...marshalling(runtime, ids),
    ...channels(runtime, descriptors),
    ...digests(runtime),
    ...system(runtime, descriptors, clock),
    ...unix(runtime, clock),
    ...lexing(runtime),
    ...parsing(runtime),
    ...weak(runtime),
    ...regularExpressions(runtime),
    ...bigarrays(runtime),
    ...collector(runtime),
    ...multicore(runtime),
  };
  return { ...all, ...renamed(all), caml_string_hash: (seed: Value, text: Value) => (all.caml_hash as Hash)(10, 100, seed, text) };
}
