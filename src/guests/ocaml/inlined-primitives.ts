// C primitives that are inlined in the interpreter: floating-point arithmetic and comparison, which are frequent. A call of a
// primitive is a call of one of many functions, which V8 cannot inline: Fourier transforms and n bodies took 1.5 times as long.

/** Operators on two floats, by C name. */
const ARITHMETIC = { caml_add_float: "+", caml_sub_float: "-", caml_mul_float: "*", caml_div_float: "/" } as const;
const COMPARISONS = {
  caml_eq_float: "===",
  caml_neq_float: "!==",
  caml_lt_float: "<",
  caml_le_float: "<=",
  caml_gt_float: ">",
  caml_ge_float: ">=",
} as const;

const NAMES: readonly string[] = [...Object.keys(ARITHMETIC), ...Object.keys(COMPARISONS)];

/** For each primitive of a program: the number of the inlined one, from 1; 0 for all others. */
export const quickOf = (primitives: readonly string[]): Int32Array => Int32Array.from(primitives, (name) => NAMES.indexOf(name) + 1);

/**
 * Code before a call of a primitive with two arguments: does the work, unless the primitive is not inlined, or the result is a NaN,
 * whose bits the primitive determines. A value that is no float also gives a NaN.
 */
export const QUICK = `switch (quick[code[pc]]) { ${[
  ...Object.values(ARITHMETIC).map(
    (operator) => `const r = accu.value ${operator} st[sp].value; if (r !== r) break; pc++; sp++; accu = new Float(r); continue;`,
  ),
  ...Object.values(COMPARISONS).map((operator) => `pc++; accu = accu.value ${operator} st[sp++].value ? 1 : 0; continue;`),
]
  .map((does, i) => `case ${i + 1}: { ${does} }`)
  .join(" ")} }`;
