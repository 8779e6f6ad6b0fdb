// Functions in the files of programs: made up, cut, changed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readElf } from "../../../dist/src/recordings/recorder/elf.js";
import { moduleAt } from "../../../dist/src/recordings/recorder/mapping.js";
import { temporaryFolder } from "../../support.ts";

const folder = temporaryFolder();
const path = join(folder, "file");

/** A file with one section of code, `0x1000` bytes at 0x401000, and the symbols that are given. */
function elfWith(symbols: readonly { name: string; address: bigint; size?: bigint; type?: number; binding?: number }[]): Buffer {
  const names = Buffer.from(`\0${symbols.map(({ name }) => `${name}\0`).join("")}`);
  const table = Buffer.alloc(24 * symbols.length);
  let nameAt = 1;
  symbols.forEach(({ name, address, size = 0n, type = 2, binding = 1 }, i) => {
    table.writeUInt32LE(nameAt, 24 * i);
    table[24 * i + 4] = (binding << 4) | type;
    table.writeUInt16LE(1, 24 * i + 6);
    table.writeBigUInt64LE(address, 24 * i + 8);
    table.writeBigUInt64LE(size, 24 * i + 16);
    nameAt += Buffer.byteLength(name) + 1;
  });
  const header = Buffer.alloc(64);
  header.write("7f454c460201", "hex");
  header.writeUInt16LE(62, 18);
  const note = Buffer.from("040000000400000003000000474e5500deadbeef", "hex");
  const sections = [
    { type: 0, flags: 0n, address: 0n, offset: 0n, bytes: 0n, link: 0 },
    { type: 1, flags: 6n, address: 0x401000n, offset: 0x1000n, bytes: 0x1000n, link: 0 },
    { type: 2, flags: 0n, address: 0n, offset: BigInt(64 + 112 + note.length), bytes: BigInt(table.length), link: 3 },
    { type: 3, flags: 0n, address: 0n, offset: BigInt(64 + 112 + note.length + table.length), bytes: BigInt(names.length), link: 0 },
  ];
  const segments = Buffer.alloc(112);
  segments.writeUInt32LE(1, 0);
  segments.writeBigUInt64LE(0x1000n, 8);
  segments.writeBigUInt64LE(0x401000n, 16);
  segments.writeBigUInt64LE(0x1000n, 32);
  segments.writeUInt32LE(4, 56);
  segments.writeBigUInt64LE(176n, 64);
  segments.writeBigUInt64LE(BigInt(note.length), 88);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(2, 56);
  header.writeBigUInt64LE(BigInt(176 + note.length + table.length + names.length), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(sections.length, 60);
  const sectionHeaders = sections.map(({ type, flags, address, offset, bytes, link }) => {
    const entry = Buffer.alloc(64);
    entry.writeUInt32LE(type, 4);
    entry.writeBigUInt64LE(flags, 8);
    entry.writeBigUInt64LE(address, 16);
    entry.writeBigUInt64LE(offset, 24);
    entry.writeBigUInt64LE(bytes, 32);
    entry.writeUInt32LE(link, 40);
    return entry;
  });
  return Buffer.concat([header, segments, note, table, names, ...sectionHeaders]);
}

const SYMBOLS = [
  { name: "main", address: 0x401000n, size: 0x80n },
  { name: "also_main_but_weak", address: 0x401000n, size: 0x80n, binding: 2 },
  { name: "label", address: 0x401010n, type: 0 },
  { name: "unsized", address: 0x401100n },
  { name: "after", address: 0x401180n, size: 0x400n },
  { name: "within", address: 0x401200n, size: 0x10n },
  { name: "tail", address: 0x401f00n, type: 0 },
];

function read(bytes: Uint8Array) {
  writeFileSync(path, bytes);
  return readElf(path);
}

describe("symbols of a program", () => {
  it("are functions that do not overlap: one name an address, no labels within them, unsized ones up to the next", () => {
    const elf = read(elfWith(SYMBOLS));
    expect(elf?.machine).toBe(62);
    expect(elf?.buildId).toBe("deadbeef");
    expect(elf?.symbols.map(({ name, address, size }) => [name, Number(address), Number(size)])).toEqual([
      ["main", 0x401000, 0x80],
      ["unsized", 0x401100, 0x80],
      ["after", 0x401180, 0x80],
      ["within", 0x401200, 0x10],
      ["tail", 0x401f00, 0x100],
    ]);
  });

  it("move with the file, and end where it does", () => {
    writeFileSync(path, elfWith(SYMBOLS));
    const module = moduleAt({ start: 0x7f0000001000n, end: 0x7f0000001200n, offset: 0x1000n, path });
    expect(module?.base).toBe(0x7f0000001000n - 0x401000n);
    expect(module?.symbols.map(({ name }) => name)).toEqual(["main", "unsized", "after"]);
    expect(moduleAt({ start: 0n, end: 16n, offset: 0n, path: "" })).toBeUndefined();
    expect(moduleAt({ start: 16n, end: 32n, offset: 0n, path: join(folder, "absent") })?.symbols).toEqual([]);
  });

  it("are none in what is no such file", () => {
    for (const bytes of ["", "\x7fELF", "#!/bin/sh\n", "\x7fELF\x01\x01".padEnd(64, "\0")])
      expect(read(Buffer.from(bytes, "latin1"))).toBeUndefined();
    expect(readElf(folder)).toBeUndefined();
  });

  it("are in order and never overlap, however the file was cut or changed", () => {
    const whole = elfWith(SYMBOLS);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        (length, changes) => {
          const bytes = Buffer.from(whole.subarray(0, length < 40 ? whole.length : length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          const symbols = read(bytes)?.symbols ?? [];
          symbols.forEach(({ address, size }, i) => {
            expect(size > 0n).toBe(true);
            if (i + 1 < symbols.length) expect(address + size <= symbols[i + 1].address).toBe(true);
          });
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});
