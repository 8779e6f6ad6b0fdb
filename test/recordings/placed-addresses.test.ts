// 64-bit addresses as 32 bits: each recorded address keeps one address of its own, the low half where that is free.
import { expect, it } from "vitest";
import { NONE } from "../../dist/src/branch.js";
import { createPlacedAddresses, type PlacedAddresses } from "../../dist/src/recordings/placed-addresses.js";

/** The address that stands for a recorded one. */
const placedIn = ({ addressOf, rowOf }: PlacedAddresses, low: number, high: number): number => addressOf(rowOf(low, high));

it("keeps the low half of whatever comes first, and gives others with the same low half free addresses that they keep", () => {
  const addresses = createPlacedAddresses();
  const highs = [64, 0, -1, 7, 65];
  const placed = highs.map((high) => placedIn(addresses, 0x401000, high));
  expect(placed[0]).toBe(0x401000);
  expect(new Set(placed).size).toBe(highs.length);
  // an address that was given away is no longer free for the one whose low half it is
  expect(placedIn(addresses, placed[1], 3)).not.toBe(placed[1]);
  expect(highs.map((high) => placedIn(addresses, 0x401000, high))).toEqual(placed);
});

it("never gives the address that means none", () => {
  expect(placedIn(createPlacedAddresses(), NONE, NONE)).not.toBe(NONE);
});

it("remembers the newest site at each address, also after it has grown", () => {
  const addresses = createPlacedAddresses();
  const count = 300_000;
  for (let i = 0; i < count; i++) {
    const row = addresses.rowOf(4 * i, i & 1);
    if (addresses.addressOf(row) !== 4 * i || addresses.siteOf(row) !== NONE) throw new Error(`address ${i} is not new`);
    addresses.setSite(row, i);
  }
  const siteAt = (i: number): number => addresses.siteOf(addresses.rowOf(4 * i, i & 1));
  for (let i = 0; i < count; i += 999) expect(siteAt(i)).toBe(i);
  addresses.setSite(addresses.rowOf(0, 0), 5);
  expect(siteAt(0)).toBe(5);
});
