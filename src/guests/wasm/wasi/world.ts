// The world around a module: what it is told, what time it is there, chance, and where its output goes. The same every time.

import type { Console } from "../../console.ts";
import type { Surroundings } from "../../guest.ts";
import type { NamedFolder } from "./folders.ts";

export interface World {
  /** The program's name first. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly console: Console;
  /** Whether somebody sits at it. */
  readonly terminal: boolean;
  readonly folders: readonly NamedFolder[];
  readonly surroundings?: Surroundings | undefined;
}

/** When runs begin: 1 January 2000, 0:00 UTC, in nanoseconds since 1970. */
const BEGINNING = 946_684_800n * 1_000_000_000n;

/** A clock that advances by a nanosecond with every virtual instruction, and by what a program sleeps. */
export interface Clock {
  /** Nanoseconds since the run began. */
  now(): bigint;
  /** Nanoseconds since 1970. */
  realtime(): bigint;
  sleep(nanoseconds: bigint): void;
}

/** @param executed virtual instructions so far */
export function createClock(executed: () => number): Clock {
  let slept = 0n;
  const now = (): bigint => BigInt(executed()) + slept;
  return {
    now,
    realtime: () => BEGINNING + now(),
    sleep(nanoseconds) {
      slept += nanoseconds;
    },
  };
}

/** Bytes of chance from a seed (SplitMix32: a counter and a finalizer). */
export function createRandom(seed: number): (into: Uint8Array) => void {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  return (into) => {
    for (let i = 0; i < into.length; i++) into[i] = next() >>> 24;
  };
}
