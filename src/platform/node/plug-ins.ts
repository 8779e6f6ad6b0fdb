// Plug-ins as files: our own in folders of the package, users' anywhere.
import { readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

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
export async function importUsersModule(path: string): Promise<object> {
  const { createJiti } = await import("jiti");
  // jiti's interop would put a proxy around every import: ITTAGE as a user's file took 3.0 times as long
  const jiti = createJiti(pathToFileURL(path).href, {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    virtualModules: await packageModules(),
  });
  return jiti.import<object>(path);
}

/**
 * Modules that users' files may import from the package: the running modules themselves, so that errors and functions are
 * shared. Their names are not literals here because they are in later rooms.
 */
async function packageModules(): Promise<Record<string, unknown>> {
  const entries = Object.entries({ bplab: "src/index.js", "bplab/models": "src/models/index.js" });
  return Object.fromEntries(await Promise.all(entries.map(async ([name, file]) => [name, await import(new URL(file, CODE).href)])));
}
