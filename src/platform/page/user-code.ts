// Code that comes as text: a module as CommonJS, and a user's module in JavaScript.
import { asCommonJs } from "../common-js.ts";
import { readFileSync } from "./fs.ts";

/** A module's body: asks for what it imports, and fills its exports. */
type ModuleBody = (require: (name: string) => unknown, exports: object) => void;

/** Compiles the text of a module in CommonJS. */
export const compileModule = (text: string, _file?: string): ModuleBody =>
  new Function("require", "exports", `"use strict";\n${text}`) as ModuleBody;

const ENTRY = "bplab/models";

/** A user's module, loaded afresh: JavaScript, which may import "bplab/models". */
export async function loadUsersModule(path: string, entries: Readonly<Record<string, () => Promise<object>>>): Promise<object> {
  if (/\.[cm]?ts$/.test(path)) throw new Error("a page reads JavaScript, no types: take them out, and call it .js");
  const models = await entries[ENTRY]();
  const exports = {};
  compileModule(asCommonJs(String(readFileSync(path, "utf8"))))((name) => {
    if (name === ENTRY) return models;
    throw new Error(`expected an import of "${ENTRY}", which is all that there is in a page, got "${name}"`);
  }, exports);
  return exports;
}
