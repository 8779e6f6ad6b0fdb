// Assembly sources of the register machine: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const REGISTER_FILES: FileKind = {
  file: "a register-machine assembly source",
  endings: [".rasm"],
  sized: true,
};
