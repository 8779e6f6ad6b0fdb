// Some of the cases of `npm run fuzz`: every reader, a few hundred hostile files.
import { describe, it } from "vitest";
import { READERS, readHostileFiles } from "./hostile.ts";

describe("hostile files", () => {
  it.each(READERS)("are read or refused in one line, in time (.%s)", async (reader) => readHostileFiles(reader, 200, 1));
});
