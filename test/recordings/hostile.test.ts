// Some of the cases of `npm run fuzz`: every reader, dozens of hostile files.
import { describe, it } from "vitest";
import { READERS, readHostileFiles } from "./hostile.ts";

describe("hostile files", () => {
  it.each(READERS)("are read or refused in one line, in time (.%s)", async (reader) => readHostileFiles(reader, 80, 1));
});
