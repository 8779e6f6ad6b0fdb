// Code that comes as text: a module as CommonJS, and a user's module in JavaScript or TypeScript.
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";

/** A module's body: asks for what it imports, and fills its exports. */
export type ModuleBody = (require: (name: string) => unknown, exports: object) => void;

/** Compiles the text of a module in CommonJS. @param file its path, for stacks */
export const compileModule = (text: string, file: string): ModuleBody =>
  compileFunction(`"use strict";${text}`, ["require", "exports"], { filename: file }) as ModuleBody;

/**
 * A user's module, loaded afresh: JavaScript or TypeScript.
 * @param entries what it may import from the package, by name: functions that give the running modules themselves, so that errors
 * and functions are shared
 */
export async function loadUsersModule(path: string, entries: Readonly<Record<string, () => Promise<object>>>): Promise<object> {
  const { createJiti } = await import("jiti");
  const running = Object.entries(entries).map(async ([name, load]) => [name, await load()] as const);
  // jiti's interop would put a proxy around every import: ITTAGE as a user's file took 3.0 times as long
  const jiti = createJiti(pathToFileURL(path).href, {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    virtualModules: Object.fromEntries(await Promise.all(running)),
  });
  return jiti.import<object>(path);
}
