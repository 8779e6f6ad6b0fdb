// How sure a published figure is, in words.
export const CONFIDENCE = {
  primary: "read in the source",
  secondary: "read in a secondary source",
  memory: "from memory, or computed",
} as const;
