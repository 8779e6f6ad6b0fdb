// Decodes the plug-in's messages (described in plug-in.c): branches as packets that the lab compares, and mappings.

import { KINDS } from "../../branch.ts";
import type { PacketCoding, RecordedBranch } from "../recording.ts";
import type { Mapping } from "./mapping.ts";

const HEAD_BYTES = 16;
const PACKET_BYTES = 16;
const PACKETS = 4092;
const THREADS = 256;
/** Size of a thread's buffer of unsent packets. */
const WAITING_BYTES = 1 << 16;
const WAITING_HEAD_BYTES = 64;
export const SHARED_BYTES = THREADS * WAITING_BYTES;

const BRANCHES = 1;
const LONG_BRANCH = 2;
const MAPPING = 3;

const TAKEN = 8;
/** Instead of a kind: the packet holds the number of a branch that does not fit into a packet. */
const LONG = 15;

/** Instructions of a packet and since the one before. */
const shortGapOf = (words: Int32Array, at: number): number => (words[at + 1] >>> 20) | ((words[at + 3] >>> 16) << 12);

export interface ChannelHost {
  /** Takes packets of one thread; threads are numbered from 0, the one that the program begins with. */
  branches(words: Int32Array, count: number, coding: PacketCoding, thread: number): void;
  mapped(mapping: Mapping): void;
}

export interface ChannelReader {
  /** Takes bytes as they come. */
  take(bytes: Uint8Array): void;
  /** Takes the unsent packets at the end; returns the instructions after the last branches. */
  rest(shared: Buffer): { readonly instructions: number; readonly threads: number; readonly finished: boolean };
}

export function createChannelReader(host: ChannelHost): ChannelReader {
  const message = Buffer.alloc(HEAD_BYTES + PACKETS * PACKET_BYTES);
  const words = new Int32Array(message.buffer, message.byteOffset + HEAD_BYTES, PACKETS * (PACKET_BYTES / 4));
  let length = 0;
  /** How many messages each thread has sent. */
  const sent: number[] = [];
  const long: RecordedBranch[] = [];
  const numbers = new Map<string, number>();

  const decode: PacketCoding["decode"] = (packets, at) => {
    const code = (packets[at + 1] >>> 16) & 15;
    if (code === LONG) return long[packets[at]];
    return {
      pc: packets[at],
      pcHigh: (packets[at + 1] << 16) >> 16,
      target: packets[at + 2],
      targetHigh: (packets[at + 3] << 16) >> 16,
      kind: KINDS[code & 7][0],
      taken: code & TAKEN ? 1 : 0,
      gap: shortGapOf(packets, at),
    };
  };
  const coding: PacketCoding = {
    decode,
    gapBits: [0, 0],
    gapOf: (packets, at) => (((packets[at + 1] >>> 16) & 15) === LONG ? long[packets[at]].gap : shortGapOf(packets, at)),
  };
  const half = (at: number): number => message.readInt32LE(HEAD_BYTES + at);
  function longBranch(thread: number): void {
    const code = half(16);
    const branch = {
      pc: half(0),
      pcHigh: half(4),
      target: half(8),
      targetHigh: half(12),
      kind: KINDS[code & 7][0],
      taken: code & TAKEN ? 1 : 0,
      gap: Number(message.readBigUInt64LE(HEAD_BYTES + 24)),
    } as const;
    const key = Object.values(branch).join();
    const number = numbers.get(key) ?? long.push(branch) - 1;
    numbers.set(key, number);
    words.set([number, LONG << 16, 0, 0]);
    host.branches(words, 1, coding, thread);
  }
  function handle(type: number, thread: number, bytes: number): void {
    if (type === MAPPING) {
      const at = (offset: number): bigint => message.readBigUInt64LE(HEAD_BYTES + offset);
      host.mapped({ start: at(0), end: at(8), offset: at(16), path: message.toString("utf8", HEAD_BYTES + 24, HEAD_BYTES + bytes) });
    }
    if (type === BRANCHES || type === LONG_BRANCH) sent[thread] = message.readUInt32LE(8) + 1;
    if (type === BRANCHES) host.branches(words, bytes / PACKET_BYTES, coding, thread);
    if (type === LONG_BRANCH) longBranch(thread);
  }
  return {
    take(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const wanted = length < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + message.readUInt32LE(12);
        const part = bytes.subarray(at, at + wanted - length);
        message.set(part, length);
        at += part.length;
        length += part.length;
        if (length < HEAD_BYTES || length < HEAD_BYTES + message.readUInt32LE(12)) continue;
        length = 0;
        handle(message.readUInt32LE(0), message.readUInt32LE(4), message.readUInt32LE(12));
      }
    },
    rest(shared) {
      let instructions = 0;
      let threads = 0;
      for (let thread = 0; thread < THREADS; thread++) {
        const at = thread * WAITING_BYTES;
        const number = shared.readUInt32LE(at);
        const count = Math.min(shared.readUInt32LE(at + 4), PACKETS);
        const behind = Number(shared.readBigUInt64LE(at + 8));
        instructions += behind;
        if (number + count + behind > 0) threads++;
        // a message may have arrived although its sender died before it could count it
        if (count === 0 || number < (sent[thread] ?? 0)) continue;
        shared.copy(message, HEAD_BYTES, at + WAITING_HEAD_BYTES, at + WAITING_HEAD_BYTES + count * PACKET_BYTES);
        host.branches(words, count, coding, thread);
      }
      return { instructions, threads, finished: shared.readBigUInt64LE(16) !== 0n };
    },
  };
}
