// Tapes of runs that bplab did not start itself: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const TAPE_FILES: FileKind = {
  file: "a tape that bplab trace --wasm wrote",
  endings: [".tape"],
  ownOpcodes: true,
  binary: true,
  taped: true,
};
