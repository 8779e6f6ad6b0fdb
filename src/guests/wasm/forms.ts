// Forms: what counts as an instruction that is dispatched.

/** All as an interpreter finds them in place, or without those that only structure blocks. */
export const FORMS = ["in-place", "side-table"] as const;
export type Form = (typeof FORMS)[number];
