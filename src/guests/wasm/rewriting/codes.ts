// Opcodes and types as the rewriter writes them.

export const CODE = {
  block: 0x02,
  end: 0x0b,
  br: 0x0c,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  i32Const: 0x41,
  i64Const: 0x42,
  i32LessUnsigned: 0x49,
  i32Add: 0x6a,
} as const;
export const I32 = 0x7f;
export const NO_TYPE = 0x40;
