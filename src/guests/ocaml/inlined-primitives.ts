// C primitives that the interpreter does itself: floating-point arithmetic and comparison, of which programs have much. A call
// of a primitive is a call of one of many functions, which V8 cannot inline: Fourier transforms and n bodies took 1.5 times as long.

/** What is done with two floats, by the C name. */
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

/** Of each primitive of a program: which one of ours it is, from 1; 0 for all others. */
export const quickOf = (primitives: readonly string[]): Int32Array => Int32Array.from(primitives, (name) => NAMES.indexOf(name) + 1);

/**
 * In front of a call of a primitive with two arguments: does it, unless it is none of ours, or the result is a NaN, whose bits the
 * primitive knows. What is no float has no value, which makes one too.
 */
export const QUICK = `switch (quick[code[pc]]) { ${[
  ...Object.values(ARITHMETIC).map(
    (operator) => `const r = accu.value ${operator} st[sp].value; if (r !== r) break; pc++; sp++; accu = new Float(r); continue;`,
  ),
  ...Object.values(COMPARISONS).map((operator) => `pc++; accu = accu.value ${operator} st[sp++].value ? 1 : 0; continue;`),
]
  .map((does, i) => `case ${i + 1}: { ${does} }`)
  .join(" ")} }`;
