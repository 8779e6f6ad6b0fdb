// Definitions of plug-ins: what is refused, in which words, wherever it comes from.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import {
  checkDefinition,
  choiceRule,
  functionRule,
  listRule,
  numberRule,
  objectRule,
  optional,
  parametersRule,
  plugInsIn,
  type Shape,
  textRule,
} from "../../dist/src/files/plug-ins.js";
import { temporaryFolder } from "../support.ts";

const SHAPE: Shape = {
  kind: "gadget",
  typed: "made by defineGadget({ … })",
  see: "the manual",
  fields: {
    title: textRule,
    endings: listRule,
    place: numberRule,
    expected: objectRule,
    source: choiceRule(["book", "talk"]),
    read: functionRule("of bytes"),
    check: optional(functionRule("of the parameters")),
    parameters: parametersRule,
  },
};
const good = { title: "t", endings: [".x"], place: 1, expected: {}, source: "book", read: () => 0, parameters: {} };

describe("a definition", () => {
  it("is accepted when every field is what it must be", () => {
    expect(() => checkDefinition("gadget g", good, SHAPE)).not.toThrow();
    expect(() => checkDefinition("gadget g", { ...good, check: () => undefined }, SHAPE)).not.toThrow();
  });

  it.each([
    [undefined, "expected a default export made by defineGadget({ … })"],
    [{ ...good, title: " " }, "title must be a text that is not empty"],
    [{ ...good, endings: [] }, "endings must be a list of texts that is not empty"],
    [{ ...good, place: Number.NaN }, "place must be a number"],
    [{ ...good, expected: null }, "expected must be an object"],
    [{ ...good, source: "blog" }, "source must be one of book, talk"],
    [{ ...good, read: "bytes" }, "read must be a function of bytes"],
    [{ ...good, check: 3 }, "check must be a function of the parameters"],
    [{ ...good, parameters: undefined }, "parameters must be an object, {} if there are none"],
    [{ ...good, parameters: { "": {} } }, "parameter : a name is letters, digits and minus signs"],
    [{ ...good, parameters: { f: { type: "flag", default: true } } }, "parameter f: the default of a flag is false"],
    [{ ...good, parameters: { n: { default: 1, min: 2, max: 3 } } }, "parameter n: the default 1 is not from 2 to 3"],
    [{ ...good, parameters: { n: { default: 1.5, min: 1, max: 3 } } }, "parameter n: default, min and max must be integers"],
  ])("%j is refused", (definition, message) => {
    expect(() => checkDefinition("gadget g", definition, SHAPE)).toThrow(`gadget g: ${message}; see the manual`);
  });
});

describe("a folder of plug-ins", () => {
  it("gives the ids of its files, sorted, and refuses a wrong one by its id", async () => {
    const folder = join(temporaryFolder(), "gadgets");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "b.js"), "export default { title: '' };");
    writeFileSync(join(folder, "a.js"), "export default { title: 'a' };");
    const gadgets = plugInsIn(pathToFileURL(folder).href, { ...SHAPE, fields: { title: textRule } });
    expect(gadgets.ids()).toEqual(["a", "b"]);
    expect(await gadgets.load("a")).toEqual({ title: "a" });
    await expect(gadgets.all()).rejects.toThrow("gadget b: title must be a text that is not empty; see the manual");
  });
});
