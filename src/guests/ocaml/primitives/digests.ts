// MD5.
import { createHash } from "#platform/crypto";
import { attempt } from "../runtime/system-errors.ts";
import type { Custom, Integer, Primitives, Runtime } from "../value.ts";
import { channelOf } from "./channels.ts";

export function md5(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("md5").update(bytes).digest());
}

export function digests(runtime: Runtime): Primitives {
  return {
    caml_md5_string: (bytes: Uint8Array, from: number, count: number) => md5(bytes.subarray(from, from + count)),
    /** A negative count: all that is left. */
    caml_md5_chan(box: Custom, count: Integer) {
      const bytes = attempt(runtime, undefined, () => channelOf(box).readAll(count < 0 ? Number.POSITIVE_INFINITY : Number(count)));
      if (bytes.length < count) runtime.raise("End_of_file");
      return md5(bytes);
    },
  };
}
