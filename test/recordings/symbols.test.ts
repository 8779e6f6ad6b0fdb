// Names of addresses: what is written comes back, what is damaged is refused, and sites are chosen by them.
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INDIRECT_CALL, INDIRECT_JUMP } from "../../dist/src/branch.js";
import { UsageError } from "../../dist/src/index.js";
import { decodeModule, encodeModule } from "../../dist/src/recordings/coding/symbol-chunk.js";
import { readSiteSelection } from "../../dist/src/recordings/site-selection.js";
import { createSymbolTable, namedAddress, type RecordedModule } from "../../dist/src/recordings/symbols.js";

const wrong = (what: string): UsageError => new UsageError(what);

const MODULE: RecordedModule = {
  path: "/usr/bin/ocamlrun",
  buildId: "00ff",
  base: 0x4000000000n,
  start: 0x4000001000n,
  size: 0x1000n,
  symbols: [
    { start: 0x4000001000n, size: 0x10n, name: "main" },
    { start: 0x4000001010n, size: 0x100n, name: "caml_interprete" },
    { start: 0x4000001200n, size: 0x10n, name: "über" },
  ],
};

const table = createSymbolTable();
table.add(MODULE);

describe("symbols of a recording", () => {
  it("come back as they were written", () => {
    expect(encodeModule(MODULE).map((chunk) => decodeModule(chunk, wrong))).toEqual([MODULE]);
  });

  it("come back in parts where there are many, each with its own addresses", () => {
    const symbols = Array.from({ length: 70_000 }, (_, i) => ({ start: 0x1000n + 4n * BigInt(i), size: 3n, name: `f${i}` }));
    const parts = encodeModule({ ...MODULE, start: 0x1000n, size: 1n << 20n, symbols }).map((chunk) => decodeModule(chunk, wrong));
    expect(parts).toHaveLength(3);
    expect(parts.flatMap((part) => part.symbols)).toEqual(symbols);
    expect(parts[2].start + parts[2].size).toBe(0x1000n + (1n << 20n));
    const all = createSymbolTable();
    for (const part of parts) all.add(part);
    for (const i of [0, 32_767, 32_768, 69_999]) expect(all.find(symbols[i].start + 2n)).toMatchObject({ name: `f${i}`, offset: 2n });
  });

  it("name an address by its function, else by its file", () => {
    const name = (address: bigint): string | undefined => {
      const found = table.find(address);
      return found && namedAddress(found);
    };
    expect(name(0x4000001052n)).toBe("caml_interprete+0x42");
    expect(name(0x4000001110n)).toBe("ocamlrun+0x1110");
    expect(name(0x4000002000n)).toBeUndefined();
    const mappedLater = createSymbolTable();
    mappedLater.add(MODULE);
    mappedLater.add({ ...MODULE, path: "/lib/other.so", symbols: [] });
    expect(mappedLater.find(0x4000001052n)?.name).toBe("other.so");
  });

  it("cut long names between characters, and hold no control characters", () => {
    const symbols = [
      { ...MODULE.symbols[0], name: "ü".repeat(200) },
      { ...MODULE.symbols[1], name: "\u001b[31mred" },
    ];
    const [read] = encodeModule({ ...MODULE, symbols }).map((chunk) => decodeModule(chunk, wrong));
    expect(read.symbols.map(({ name }) => name)).toEqual(["ü".repeat(127), "?[31mred"]);
  });

  it("are refused where they are damaged, in whatever way", () => {
    const [chunk] = encodeModule(MODULE);
    const attempt = (bytes: Buffer): void => {
      try {
        decodeModule(bytes, wrong);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    };
    expect(() => decodeModule(chunk.subarray(0, 20), wrong)).toThrow(/what is compressed in it/);
    expect(() => decodeModule(deflateRawSync(Buffer.alloc(1 << 25)), wrong)).toThrow(UsageError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => attempt(deflateRawSync(bytes))),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe("sites chosen by place", () => {
  const chosen = (text: string, address: bigint, kind = INDIRECT_JUMP): boolean =>
    readSiteSelection("--in", text).matches(address, kind, table);

  it.each<[string, bigint, boolean]>([
    ["caml_interprete", 0x4000001010n, true],
    ["caml_interprete", 0x4000001110n, false],
    ["main, caml_interprete", 0x4000001052n, true],
    ["caml_interprete+0x42", 0x4000001052n, true],
    ["caml_interprete+0x42", 0x4000001053n, false],
    ["ocamlrun", 0x4000001052n, true],
    ["ocamlrun", 0x5000001052n, false],
    ["0x4000001052", 0x4000001052n, true],
    ["0x4000001000-0x4000001052", 0x4000001052n, false],
    ["0x4000001000-0x4000001053", 0x4000001052n, true],
    ["caml_interprete:indirect-jump", 0x4000001052n, true],
    ["caml_interprete:indirect-call", 0x4000001052n, false],
  ])("%s and %s: %s", (text, address, expected) => {
    expect(chosen(text, address)).toBe(expected);
    if (!text.includes(":"))
      expect(
        readSiteSelection("--in", text)
          .rangesIn(MODULE)
          .some(({ start, end }) => address >= start && address < end),
      ).toBe(expected);
  });

  it("takes the colons of names for what they are", () => {
    expect(readSiteSelection("--in", "std::sort:indirect-call").text).toBe("std::sort:indirect-call");
    expect(chosen("caml_interprete:indirect-call", 0x4000001052n, INDIRECT_CALL)).toBe(true);
    expect(chosen("std::sort", 0x4000001052n)).toBe(false);
  });
});
