// MurmurHash3's mixing, as OCaml applies it to what values are made of.

import { get32 } from "../primitives/strings.ts";
import type { Integer } from "../value.ts";

/** Mixes a word of 32 bits into a hash. */
export function mix(hash: number, word: number): number {
  const first = Math.imul(word, 0xcc9e2d51);
  const turned = Math.imul((first << 15) | (first >>> 17), 0x1b873593);
  const mixed = hash ^ turned;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** A signed word of 64 bits is folded first, so that small ones hash as with 32. */
export function mixWord(hash: number, word: bigint): number {
  return mix(hash, Number(BigInt.asIntN(32, (word >> 32n) ^ (word >> 63n) ^ word)));
}

/** Of an integer as the machine has it: doubled, plus one. */
export function mixInteger(hash: number, value: Integer): number {
  // Of a negative one, both halves are folded with the sign: all bits of the upper half cancel.
  if (typeof value === "number" && value >= -0x40000000 && value < 0x40000000) return mix(hash, 2 * value + 1);
  return mixWord(hash, BigInt.asIntN(64, BigInt(value) * 2n + 1n));
}

const view = new DataView(new ArrayBuffer(8));

export function mixFloat(hash: number, value: number): number {
  view.setFloat64(0, value);
  let high = view.getInt32(0);
  let low = view.getInt32(4);
  if (Number.isNaN(value)) [high, low] = [0x7ff00000, 1];
  else if (value === 0) [high, low] = [0, 0];
  return mix(mix(hash, low), high);
}

export function mixBytes(hash: number, bytes: Uint8Array): number {
  let mixed = hash;
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) mixed = mix(mixed, get32(bytes, i));
  let rest = 0;
  for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8) | (bytes[i] as number);
  if (whole < bytes.length) mixed = mix(mixed, rest);
  return mixed ^ bytes.length;
}

/** Of single precision. */
export function mixSingle(hash: number, value: number): number {
  view.setFloat32(0, value);
  return mix(hash, Number.isNaN(value) ? 0x7f800001 : value === 0 ? 0 : view.getInt32(0));
}

export function mixHalves(hash: number, word: bigint): number {
  return mix(mix(hash, Number(BigInt.asIntN(32, word))), Number(BigInt.asIntN(32, word >> 32n)));
}
