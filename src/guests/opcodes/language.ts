// Streams of opcodes that another interpreter executed: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const OPCODES_FILES: FileKind = {
  file: "a stream of opcodes",
  endings: [".opcodes", ".csv"],
  ownOpcodes: true,
};
