// Forms: which instructions are dispatched.

/**
 * All as an interpreter finds them in place; without those that only structure blocks; or as WAMR's classic interpreter has them: in
 * place, with further bodies for some, and prefixes dispatched for themselves.
 */
export const FORMS = ["in-place", "side-table", "wamr"] as const;
export type Form = (typeof FORMS)[number];
