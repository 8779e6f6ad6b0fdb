// How a file of recorded branches is refused.
import { expect } from "vitest";
import { UsageError } from "../../dist/src/index.js";
import { readBranches } from "./read-branches.ts";

/** The one line with which a file is refused, without its path. */
export async function refusalOf(path: string): Promise<string> {
  const error: unknown = await readBranches(path).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  const { message } = error as UsageError;
  expect(message).not.toContain("\n");
  expect(message.startsWith(`${path}: `)).toBe(true);
  return message.slice(path.length + 2);
}
