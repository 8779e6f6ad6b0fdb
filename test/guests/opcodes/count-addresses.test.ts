// The count of a log's addresses, which says what the log needs before it is read.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { countAddresses } from "../../../dist/src/guests/opcodes/count-addresses.js";
import { temporaryFolder } from "../../support.ts";

const path = join(temporaryFolder(), "log.opcodes");

function counted(text: string): number {
  writeFileSync(path, text);
  return countAddresses(path);
}

it("counts each address once, decimal or hexadecimal, whatever its opcodes", () => {
  expect(counted("address,opcode\n16,add\n0x10,add_quick\n0X1f,jump\n31,jump\n7,halt")).toBe(3);
});
it("keeps apart addresses whose low 32 bits are equal", () => {
  expect(counted(`1,a\n${2 ** 32 + 1},a\n${2 ** 40 + 1},a\n`)).toBe(3);
});
it("leaves out what is not plainly an address and an opcode", () => {
  expect(counted("# 5,add\nadd\n 6 ,add\n-1,add\n,add\n0x,add\n8,add\n")).toBe(1);
});
it("counts many addresses exactly, as its table grows", () => {
  expect(counted(Array.from({ length: 20_000 }, (_, i) => `${i * 3},op${i % 7}`).join("\n"))).toBe(20_000);
});
it("counts none in a file that there is not", () => {
  expect(countAddresses(`${path}.missing`)).toBe(0);
});
