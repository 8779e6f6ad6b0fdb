// A user's module, for Node.js.
import { pathToFileURL } from "node:url";

/**
 * A user's module, loaded afresh: JavaScript or TypeScript.
 * @param packageModules what it may import from the package, by name: the running modules themselves, so that errors and
 * functions are shared
 */
export async function loadUsersModule(path: string, packageModules: Record<string, unknown>): Promise<object> {
  const { createJiti } = await import("jiti");
  // jiti's interop would put a proxy around every import: ITTAGE as a user's file took 3.0 times as long
  const jiti = createJiti(pathToFileURL(path).href, {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    virtualModules: packageModules,
  });
  return jiti.import<object>(path);
}
