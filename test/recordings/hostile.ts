// Hostile files for every reader of recorded branches: noise, and valid files that were cut, changed or put together. Whatever
// comes, a reader answers in time, with branches or with one line.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect } from "vitest";
import { UsageError } from "../../dist/src/index.js";
import { readRecording } from "../../dist/src/recordings/find-recording.js";
import { createRecordedRun } from "../../dist/src/recordings/recorded-run.js";
import { temporaryFolder } from "../support.ts";
import { CBP_RECORDS, cbpTrace, SEVERAL, SEVERAL_IN_XZ, SEVERAL_IN_ZSTD } from "./samples.ts";
import { recorded, writeBranches } from "./write-branches.ts";

/** Endings of files, one for each reader, compressions included. */
export const READERS = ["sbbt", "bpt", "champsim", "bt9", "csv", "perf", "cbp2025", "sbbt.gz", "sbbt.xz", "sbbt.zst"] as const;
export type Reader = (typeof READERS)[number];

/** A file of a few hundred bytes is read in a few milliseconds; this much is a hang, not a busy machine. */
const MOST_MILLISECONDS = 10_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;

const SAMPLE =
  "  401055 _start 0x401061/0x401055/P/-/-/5/RET  0x401050/0x401061/MN/-/-/1023/COND 0x40101e/0x401021/-/X/-/0/IND  0x401007/0x401005/P/-/A/0/ \n";
const FLAGS =
  "  tr strt                               0 =>           401000\n  jcc                              401007 =>           401005\n" +
  "  jmp                              40101e =>           401021\n  bcA                              40101e =>           401021\n";

/** Valid files of each kind, from which others are made. */
async function validFiles(): Promise<Record<Reader, Buffer[]>> {
  const branches = SEVERAL.map(recorded);
  const write = async (name: string): Promise<Buffer[]> => {
    const some = [branches, branches.slice(0, 2), [...branches, ...branches].map((branch) => ({ ...branch, pcHigh: ~branch.pcHigh }))];
    const written = await Promise.all(
      some.map((list) =>
        writeBranches(
          list.map((branch) => ({ ...branch, gap: branch.gap % 9 })),
          name,
        ),
      ),
    );
    return written.map(({ bytes }) => bytes);
  };
  const sbbt = await write("x.sbbt");
  return {
    sbbt,
    bpt: await write("x.bpt"),
    champsim: await write("x.champsim"),
    bt9: await write("x.bt9"),
    csv: await write("x.csv"),
    perf: [Buffer.from(SAMPLE), Buffer.from(FLAGS)],
    cbp2025: [cbpTrace(CBP_RECORDS), cbpTrace([...CBP_RECORDS.slice(1), ...CBP_RECORDS])],
    "sbbt.gz": sbbt.map((bytes) => gzipSync(bytes)),
    "sbbt.xz": [SEVERAL_IN_XZ],
    "sbbt.zst": [SEVERAL_IN_ZSTD],
  };
}

/** Bytes that readers look for, or trip over. */
const TOKENS = [
  ..."\n,#:/ =>-".split(""),
  ...["0x", "0xffffffffffffffff", "99999999999999999999", "BT9_EDGES\n", "EDGE 1 1 1 T 0 - 0\n", "NODE 1 1 - 0 4\n", "EOF\n", "DEFS", "=>"],
  "\xff\xff\xff\xff\xff\xff\xff\xff",
  "\0\0\0\0\0\0\0\0",
  "\x80\0\0\0",
].map((text) => Buffer.from(text, "latin1"));

/** A change of some bytes: a bit flipped, a byte set, bytes taken out, repeated, or put in. */
const change = fc.oneof(
  fc.record({ what: fc.constant("flip" as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ what: fc.constant("set" as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ what: fc.constant("drop" as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ what: fc.constant("repeat" as const), at: fc.nat(), length: fc.nat(80) }),
  fc.record({ what: fc.constant("insert" as const), at: fc.nat(), token: fc.constantFrom(...TOKENS) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, made: Change): Buffer {
  const at = bytes.length === 0 ? 0 : made.at % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (made.what) {
    case "flip":
    case "set": {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = made.what === "set" ? made.byte : copy[at] ^ (1 << made.bit);
      return copy;
    }
    case "drop":
      return Buffer.concat([before, after.subarray(made.length)]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, made.length), after]);
    case "insert":
      return Buffer.concat([before, made.token, after]);
  }
}

/** Noise; a valid file with changes; the beginning of one and the end of another, also of another kind. */
function hostileFile(own: readonly Buffer[], others: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const cut = (bytes: Buffer, from: number, to: number): Buffer =>
    bytes.subarray(Math.floor(from * bytes.length), Math.ceil(to * bytes.length));
  return fc.oneof(
    { arbitrary: noise, weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...own), fc.array(change, { minLength: 1, maxLength: 6 }))
        .map(([bytes, changes]) => changes.reduce(changed, bytes)),
      weight: 5,
    },
    { arbitrary: fc.tuple(fc.constantFrom(...own), part).map(([bytes, to]) => cut(bytes, 0, to)), weight: 2 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom(...own), fc.constantFrom(...own, ...others), part, part)
        .map(([head, tail, to, from]) => Buffer.concat([cut(head, 0, to), cut(tail, from, 1)])),
      weight: 2,
    },
    {
      arbitrary: fc.tuple(fc.constantFrom(...own), noise, part).map(([head, tail, to]) => Buffer.concat([cut(head, 0, to), tail])),
      weight: 1,
    },
  );
}

/** Reads so many hostile files; fails for whatever is neither read nor refused in one line. */
export async function readHostileFiles(reader: Reader, cases: number, seed: number): Promise<void> {
  const valid = await validFiles();
  const folder = temporaryFolder();
  const path = join(folder, `hostile.${reader}`);
  const others = READERS.flatMap((other) => (other === reader ? [] : valid[other]));
  let read = 0;
  await fc.assert(
    fc.asyncProperty(hostileFile(valid[reader], others), async (bytes) => {
      writeFileSync(path, bytes);
      const start = performance.now();
      let branches = 0;
      try {
        const run = createRecordedRun((ids, count) => {
          for (let i = 0; i < count; i++) branches += run.blocks.branchesOf(ids[i]).length;
        });
        const { instructions, notes } = await (await readRecording(path)).read(run.sink);
        run.finish();
        expect(branches).toBeGreaterThan(0);
        expect(Number.isSafeInteger(instructions)).toBe(true);
        expect(notes.join("")).not.toMatch(CONTROL);
        expect(Math.max(0, ...notes.map(({ length }) => length))).toBeLessThan(2000);
        read++;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        expect(error.message.startsWith(path)).toBe(true);
        expect(error.message).not.toMatch(CONTROL);
        expect(error.message.length).toBeLessThan(path.length + 300);
      }
      expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
    }),
    { numRuns: cases, seed },
  );
  // files that are refused for their first bytes try nothing
  expect(read).toBeGreaterThan(0);
}
