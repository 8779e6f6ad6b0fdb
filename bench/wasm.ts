// The WebAssembly guest: a program of 300 million instructions through one technique and a BTB, its trace beside V8's plain run,
// and how long a module of 14 MB takes to be rewritten. The module is made here: a random walk that branches, calls and stores.
import { readTechnique } from "../src/dispatch/techniques.ts";
import { readFrontEnds } from "../src/front-end/front-end.ts";
import { rewriteModule } from "../src/guests/wasm/assemble.ts";
import { Picture } from "../src/guests/wasm/picture.ts";
import { readModule } from "../src/guests/wasm/read-module.ts";
import { traceModule } from "../src/guests/wasm/traced.ts";
import { runUntraced } from "../src/guests/wasm/untraced.ts";
import type { World } from "../src/guests/wasm/wasi/world.ts";
import { measure } from "../src/lab/lab.ts";
import type { Result } from "./result.ts";

/** Goals: million instructions per second, ratio of traced to plain, seconds for 14 MB. */
const ASKED = { simulated: 200, traced: 4, rewritten: 3 };
const MEGABYTES = 14;

const number = (value: number): Buffer => {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
};
const sized = (bytes: Uint8Array): Buffer => Buffer.concat([number(bytes.length), bytes]);
const section = (id: number, ...parts: readonly Uint8Array[]): Buffer => Buffer.concat([Buffer.from([id]), sized(Buffer.concat(parts))]);

/** A function of one number: its next one, by a multiplication, an addition and a branch on a bit of it; a memory keeps some. */
// biome-ignore format: an instruction or a few a line
const STEP = Buffer.from([
  0, // no locals
  0x20, 0, 0x41, ...number(1103), 0x6c, 0x41, ...number(57), 0x6a, 0x21, 0, // n * constant + constant
  0x20, 0, 0x41, 16, 0x76, 0x41, 1, 0x71, 0x04, 0x40, // if bit 16
  0x41, 0, 0x20, 0, 0x36, 2, 0, // store
  0x05,
  0x20, 0, 0x41, 7, 0x73, 0x21, 0, // xor
  0x0b, 0x20, 0, 0x0b,
]);
/** Calls the first function as often as it is told. */
// biome-ignore format: an instruction or a few a line
const MAIN = Buffer.from([
  1, 1, 0x7f, // a local
  0x03, 0x40, 0x20, 1, 0x10, 0, 0x21, 1, // loop: local 1 = step(local 1)
  0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, // while --n
  0x20, 1, 0x0b,
]);

/** The module, with functions that nobody calls up to a size. */
function moduleOf(bytes: number): Uint8Array {
  const copies = Math.max(1, Math.round(bytes / sized(STEP).length));
  const codes = [...new Array<Buffer>(copies).fill(sized(STEP)), sized(MAIN)];
  return Buffer.concat([
    Buffer.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(1, Buffer.from([1, 0x60, 1, 0x7f, 1, 0x7f])),
    section(3, number(copies + 1), Buffer.alloc(copies + 1)),
    section(5, Buffer.from([1, 0, 1])),
    section(7, Buffer.from([1, 1, "f".charCodeAt(0), 0]), number(copies)),
    section(10, number(copies + 1), Buffer.concat(codes)),
  ]);
}

const world: World = {
  words: [],
  environment: {},
  console: { read: () => 0, write: () => {}, writeError: () => {} },
  terminal: false,
  folders: [],
};
const ITERATIONS = 9_500_000;
const invocation = { name: "f", words: [String(ITERATIONS)], print: () => {} };

/** CPU seconds of this process, all its threads: others on the machine count less than with a clock. */
async function seconds(action: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export async function benchWasm(): Promise<Result[]> {
  const module = readModule("walk.wasm", moduleOf(0));
  const trace = () =>
    traceModule(module, { form: "in-place", maxInstructions: Number.POSITIVE_INFINITY, world, invocation, say: () => {} });
  const plain = await seconds(() => runUntraced(module, world, invocation, () => {}));
  const traced = await seconds(() => trace().run(() => {}));
  const techniques = [await readTechnique("direct-threading")];
  const frontEnds = await readFrontEnds("btb");
  let millions = 0;
  const simulated = await seconds(async () => {
    const [{ counts }] = await measure(trace(), { techniques, frontEnds, warmup: 0 });
    millions = (counts.virtualInstructions ?? 0) / 1e6;
  });
  const large = readModule("large.wasm", moduleOf(MEGABYTES * 1e6));
  const rewritten = await seconds(() => rewriteModule(large, "in-place", new Picture()));
  return [
    {
      subject: `${Math.round(millions)} M instructions, direct-threading, btb`,
      value: millions / simulated,
      unit: "M instructions/CPU s",
      comparedWith: "what is asked for",
      comparedValue: ASKED.simulated,
      bound: { atLeast: 1 },
    },
    {
      subject: "traced, blocks counted",
      value: traced,
      unit: "CPU s",
      comparedWith: "V8 alone",
      comparedValue: plain,
      bound: { atMost: ASKED.traced },
    },
    {
      subject: `rewriting ${MEGABYTES} MB`,
      value: rewritten,
      unit: "CPU s",
      comparedWith: "what is asked for",
      comparedValue: ASKED.rewritten,
      bound: { atMost: 1 },
    },
  ];
}
