// Plug-ins as files: our own in folders of the package, users' anywhere.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadUsersModule } from "./user-code.ts";

const ENDING = ".js";
const CODE = new URL("../../../", import.meta.url);

const urlOf = (folder: string): URL => new URL(`${folder}/`, CODE);

/** The names of the plug-ins in a folder, sorted. @param folder "predictors", "src/dispatch/techniques" */
export const plugInIds = (folder: string): string[] =>
  readdirSync(fileURLToPath(urlOf(folder)))
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();

let serial = 0;

/**
 * The default export of one of our plug-ins.
 * @param fresh whether its module must not be shared with others: modules are never freed, and one takes 17 KB
 */
export async function importPlugIn(folder: string, id: string, fresh = false): Promise<unknown> {
  const { href } = new URL(`${id}${ENDING}`, urlOf(folder));
  return (await import(fresh ? `${href}?instance=${++serial}` : href)).default;
}

/** A user's module, loaded afresh: JavaScript or TypeScript, which may import the package's own entries. */
export function importUsersModule(path: string): Promise<object> {
  // not literals here because they are in later rooms
  const running = (file: string) => (): Promise<object> => import(new URL(file, CODE).href);
  return loadUsersModule(path, { bplab: running("src/index.js"), "bplab/models": running("src/models/index.js") });
}
