// The primitives of Marshal, and of values in channels.
import { RunError } from "../../../errors.ts";
import { readHeader, unmarshal } from "../loading/unmarshal.ts";
import { readBigarray } from "../runtime/bigarray-marshal.ts";
import { listToArray } from "../runtime/lists.ts";
import { marshal } from "../runtime/marshal-output.ts";
import { attempt } from "../runtime/system-errors.ts";
import type { Custom, Primitives, Runtime, Value } from "../value.ts";
import { channelOf } from "./channels.ts";
import type { ObjectIds } from "./objects.ts";

/** Constructors of Marshal.extern_flags. */
const [NO_SHARING, CLOSURES, COMPAT_32] = [0, 1, 2];

const SMALL_HEADER = 20;
const BIG_HEADER = 32;
const BIG_MAGIC_END = 0xbf;

function output(runtime: Runtime): Primitives {
  function bytesOf(value: Value, flags: Value): Uint8Array {
    const set = listToArray(flags);
    return marshal(value, {
      withoutSharing: set.includes(NO_SHARING),
      for32Bits: set.includes(COMPAT_32),
      refuse(exception, message) {
        if (message.endsWith("functional value") && set.includes(CLOSURES)) {
          throw new RunError("the program marshals a function (Marshal.Closures), which the OCaml guest does not do");
        }
        return runtime.raiseWith(exception, message);
      },
    });
  }
  return {
    caml_output_value_to_bytes: bytesOf,
    caml_output_value_to_string: bytesOf,
    caml_output_value_to_buffer(buffer: Uint8Array, from: number, count: number, value: Value, flags: Value) {
      const bytes = bytesOf(value, flags);
      if (bytes.length > count) runtime.raiseWith("Failure", "Marshal.to_buffer: buffer overflow");
      buffer.set(bytes, from);
      return bytes.length;
    },
    caml_output_value(box: Custom, value: Value, flags: Value) {
      const bytes = bytesOf(value, flags);
      attempt(runtime, undefined, () => channelOf(box).write(bytes));
      return 0;
    },
  };
}

export function marshalling(runtime: Runtime, ids: ObjectIds): Primitives {
  const failing = (message: string) => (): never => runtime.raiseWith("Failure", message);
  function read(bytes: Uint8Array, who: string): Value {
    return unmarshal(bytes, {
      fail: failing(`${who}: ill-formed message`),
      freshId: () => ids.next(),
      readCustom: (kind, view, take) => (kind === "_bigarr02" ? readBigarray(view, take) : undefined),
    });
  }
  return {
    ...output(runtime),
    caml_input_value_from_bytes(bytes: Uint8Array, from: number) {
      const rest = bytes.subarray(from);
      const { headerBytes, dataBytes } = readHeader(rest, failing("input_val_from_string: bad object"));
      if (headerBytes + dataBytes > rest.length) failing("input_val_from_string: bad length")();
      return read(rest, "input_value");
    },
    caml_marshal_data_size(bytes: Uint8Array, from: number) {
      const { headerBytes, dataBytes } = readHeader(bytes.subarray(from), failing("Marshal.data_size: bad object"));
      return headerBytes - SMALL_HEADER + dataBytes;
    },
    caml_input_value(box: Custom) {
      const channel = channelOf(box);
      return attempt(runtime, undefined, () => {
        const parts = [channel.readAll(SMALL_HEADER)];
        if (parts[0]?.length === 0) runtime.raise("End_of_file");
        const truncated = failing("input_value: truncated object");
        if (parts[0]?.length !== SMALL_HEADER) truncated();
        if (parts[0]?.[3] === BIG_MAGIC_END) parts.push(channel.readAll(BIG_HEADER - SMALL_HEADER));
        const { dataBytes } = readHeader(Buffer.concat(parts), failing("input_value: bad object"));
        const data = channel.readAll(dataBytes);
        if (data.length < dataBytes) truncated();
        return read(new Uint8Array(Buffer.concat([...parts, data])), "input_value");
      });
    },
  };
}
