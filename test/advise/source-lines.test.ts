// What a source calls the body on a line.
import { expect, it } from "vitest";
import { labelAt } from "../../dist/src/advise/recorded/source-lines.js";

const SOURCE = [
  "  case ADD: sp--; break;",
  "  case op::SUB:",
  "    sp--;",
  "    break;",
  "    stray();",
  "  TARGET(LOAD_FAST) {",
  "    push();",
  "  }",
  "do_mul:",
  "  a *= b;",
  "  vmcase(OP_MOVE) {",
  "  default: return;",
];

it.each([
  [1, "ADD"],
  [2, "SUB"],
  [3, "SUB"],
  [5, undefined],
  [7, "LOAD_FAST"],
  [10, "do_mul"],
  [11, "OP_MOVE"],
  [12, undefined],
])("line %i belongs to %s", (line, label) => {
  expect(labelAt(SOURCE, line)).toBe(label);
});
