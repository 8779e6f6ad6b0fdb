// Branches for tests of formats: a few as they are, and any there can be.
import fc from "fast-check";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, KINDS, RETURN } from "../../dist/src/branch.js";
import type { WrittenBranch } from "./write-sbbt.ts";

/** Five branches, one of each kind but direct jumps, addresses at either end, the longest gap that SBBT has. */
export const SEVERAL: readonly Required<WrittenBranch>[] = [
  { pc: 0x401136n, target: 0x401150n, kind: CALL, taken: 1, gap: 3 },
  { pc: 0x401158n, target: 0x401170n, kind: CONDITIONAL, taken: 0, gap: 4 },
  { pc: 0x401160n, target: 0x401158n, kind: CONDITIONAL, taken: 1, gap: 2 },
  { pc: 0x401164n, target: 0x7ffff7e12340n, kind: INDIRECT_JUMP, taken: 1, gap: 1 },
  { pc: -0x7efffff0n, target: 0x40113bn, kind: RETURN, taken: 1, gap: 4095 },
];

export const PLAIN_KINDS: readonly number[] = KINDS.map(([kind]) => kind);
export const ALL_FORMS: readonly number[] = [
  ...PLAIN_KINDS,
  ...[INDIRECT_JUMP, CALL, INDIRECT_CALL, RETURN].map((kind) => kind | CONDITIONAL),
];

export interface Limits {
  readonly kinds?: readonly number[];
  readonly addressBits?: bigint;
  readonly maxGap?: number;
}

/** A branch of a program: addresses at the ends of what there is come up often. */
export function anyBranch({ kinds = ALL_FORMS, addressBits = 64n, maxGap = 2 ** 40 }: Limits = {}): fc.Arbitrary<Required<WrittenBranch>> {
  const half = 1n << (addressBits - 1n);
  const address = fc.oneof(
    fc.bigInt(-half, half - 1n),
    fc.constantFrom(0n, 1n, -1n, half - 1n, -half, 0x7fffffffn, 0x80000000n, 0xffffffffn),
  );
  return fc
    .record({
      pc: address,
      target: address,
      kind: fc.constantFrom(...kinds),
      taken: fc.constantFrom(0, 1),
      gap: fc.oneof(fc.integer({ min: 1, max: Math.min(maxGap, 20) }), fc.integer({ min: 1, max: maxGap })),
    })
    .map((made) => ({ ...made, taken: made.kind & CONDITIONAL ? made.taken : 1 }))
    .filter(({ kind }) => kind !== (JUMP | CONDITIONAL));
}

/** Runs of branches some of which come again. */
export const anyBranches = (limits?: Limits): fc.Arbitrary<Required<WrittenBranch>[]> =>
  fc
    .array(anyBranch(limits), { minLength: 1, maxLength: 12 })
    .chain((list) => fc.array(fc.constantFrom(...list), { minLength: 1, maxLength: 60 }));

/** SEVERAL in SBBT, 4110 instructions, as the tools xz and zstd pack it. */
export const SEVERAL_IN_XZ = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ABnAEJdACmQrKgJ/f/3Q6VpJos9omX4Ot5uG2JUR+Nj3AIiw4vXxOrPN7ry3qUAUDeSdhGTWwsjbwgrpYkTd1EKwByr10YaAAAAAKfgSv51KJsBAAFeaJss10cftvN9AQAAAAAEWVo=",
  "base64",
);
export const SEVERAL_IN_ZSTD = Buffer.from(
  "KLUv/QRYfQIAtANTQkJUCgEAAA4QAAUACGgTAQQAAAADABUBgAQAFwEIFgICSBYANBJ+//8HBggBABD4////vxMBBAAAAAgAYMzOvKANIAYYvHI9GHwBL8WXaD0=",
  "base64",
);

/** Records of a CBP2025 trace, made by hand as the format says, in hexadecimal. */
export const CBP_RECORDS: readonly string[] = [
  "0010000000000000 00 01 01 01 40 0800000000000000", // ALU
  "0410000000000000 03 00 01 40 00", // conditional, not taken
  "0810000000000000 09 01 0020000000000000 00 01 1e 0c10000000000000", // call
  "0020000000000000 01 0000008000000000 08 00 01 00 01 02 3412000000000000", // load
  "0420000000000000 02 1000008000000000 08 00 00 02 00 02 00", // store
  "0820000000000000 06 02 20 21 01 22 05000000000000000700000000000000", // FP, 128 bits
  "0c20000000000000 0b 01 0c10000000000000 01 1e 00", // return
  "0c10000000000000 00 00 00",
];
export const cbpTrace = (records: readonly string[]): Buffer => Buffer.from(records.join("").replaceAll(" ", ""), "hex");
