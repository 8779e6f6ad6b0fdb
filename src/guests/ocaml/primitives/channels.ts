// Input and output.

import { Channel } from "../runtime/channel.ts";
import type { Descriptors } from "../runtime/descriptors.ts";
import { attempt } from "../runtime/system-errors.ts";
import { Custom, type Integer, makeHeapBlock, type Primitives, type Runtime, toInteger, type Value } from "../value.ts";

export const channelOf = (box: Custom): Channel => box.data as Channel;

const BYTES_PER_INT = 4;

function input(runtime: Runtime): Primitives {
  const endOfFile = (): never => runtime.raise("End_of_file");
  const readByte = (box: Custom): number => attempt(runtime, undefined, () => channelOf(box).readByte()) ?? endOfFile();
  return {
    caml_ml_input_char: readByte,
    caml_ml_input_int(box: Custom) {
      let value = 0;
      for (let i = 0; i < BYTES_PER_INT; i++) value = (value << 8) | readByte(box);
      return value;
    },
    caml_ml_input: (box: Custom, into: Uint8Array, from: number, count: number) =>
      attempt(runtime, undefined, () => channelOf(box).read(into.subarray(from, from + count))),
    caml_ml_input_scan_line: (box: Custom) => attempt(runtime, undefined, () => channelOf(box).scanLine()),
  };
}

function output(runtime: Runtime): Primitives {
  function write(box: Custom, bytes: Uint8Array): Value {
    attempt(runtime, undefined, () => channelOf(box).write(bytes));
    return 0;
  }
  const writePart = (box: Custom, bytes: Uint8Array, from: number, count: number): Value => write(box, bytes.subarray(from, from + count));
  return {
    caml_ml_output: writePart,
    caml_ml_output_bytes: writePart,
    caml_ml_output_char(box: Custom, byte: Integer) {
      attempt(runtime, undefined, () => channelOf(box).writeByte(Number(BigInt.asUintN(8, BigInt(byte)))));
      return 0;
    },
    caml_ml_output_int(box: Custom, value: Integer) {
      const bytes = new Uint8Array(BYTES_PER_INT);
      new DataView(bytes.buffer).setInt32(0, Number(BigInt.asIntN(32, BigInt(value))));
      return write(box, bytes);
    },
    caml_ml_flush(box: Custom) {
      attempt(runtime, undefined, () => channelOf(box).flush());
      return 0;
    },
    caml_ml_is_buffered: (box: Custom) => (channelOf(box).unbuffered ? 0 : 1),
    caml_ml_set_buffered(box: Custom, buffered: Value) {
      const channel = channelOf(box);
      channel.unbuffered = buffered === 0;
      if (channel.unbuffered) attempt(runtime, undefined, () => channel.flush());
      return 0;
    },
  };
}

function positions(runtime: Runtime): Primitives {
  const position = (box: Custom): Value => channelOf(box).position;
  const size = (box: Custom): number => attempt(runtime, undefined, () => channelOf(box).size());
  function seek(box: Custom, to: Integer): Value {
    attempt(runtime, undefined, () => channelOf(box).seek(Number(to)));
    return 0;
  }
  const position64 = (box: Custom): Value => new Custom("_j", BigInt(channelOf(box).position));
  const seek64 = (box: Custom, to: Custom): Value => seek(box, toInteger(to.data as bigint));
  return {
    caml_ml_pos_in: position,
    caml_ml_pos_out: position,
    caml_ml_seek_in: seek,
    caml_ml_seek_out: seek,
    caml_ml_channel_size: size,
    caml_ml_pos_in_64: position64,
    caml_ml_pos_out_64: position64,
    caml_ml_seek_in_64: seek64,
    caml_ml_seek_out_64: seek64,
    caml_ml_channel_size_64: (box: Custom) => new Custom("_j", BigInt(size(box))),
  };
}

export function channels(runtime: Runtime, descriptors: Descriptors): Primitives {
  /** Those that are open, in the order in which they were opened. */
  const opened = new Set<Channel>();
  let last = 0;
  function open(descriptor: number, isOutput: boolean): Custom {
    const channel = attempt(runtime, undefined, () => new Channel(last, descriptor, isOutput, descriptors));
    last++;
    opened.add(channel);
    return channel.box;
  }
  return {
    ...input(runtime),
    ...output(runtime),
    ...positions(runtime),
    caml_ml_open_descriptor_in: (descriptor: number) => open(descriptor, false),
    caml_ml_open_descriptor_out: (descriptor: number) => open(descriptor, true),
    caml_ml_close_channel(box: Custom) {
      opened.delete(channelOf(box));
      attempt(runtime, undefined, () => channelOf(box).close());
      return 0;
    },
    caml_ml_out_channels_list: () =>
      [...opened].filter(({ isOutput }) => isOutput).reduceRight<Value>((rest, channel) => makeHeapBlock(0, channel.box, rest), 0),
    caml_channel_descriptor: (box: Custom) => attempt(runtime, undefined, () => channelOf(box).descriptor),
    // Text is binary here.
    caml_ml_set_binary_mode: () => 0,
    caml_ml_set_channel_name: () => 0,
  };
}
