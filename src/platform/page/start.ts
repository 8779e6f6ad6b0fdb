// The beginning of a worker of the page: its files and plug-ins, as the build packed them.
import { inflateSync } from "fflate";
import { installOwnFiles } from "./own-files.ts";
import { installPlugIns, type PlugInTables } from "./plug-ins.ts";

/** @param packed the lab's own files: their names and lengths as a line of JSON, then their bytes; deflated, base64 */
export function startInPage(packed: string, tables: PlugInTables): void {
  const bytes = inflateSync(Buffer.from(packed, "base64"));
  let at = bytes.indexOf("\n".charCodeAt(0)) + 1;
  const files = (JSON.parse(new TextDecoder().decode(bytes.subarray(0, at))) as [string, number][]).map(([path, length]) => {
    at += length;
    return [path, bytes.subarray(at - length, at)] as const;
  });
  installOwnFiles(Object.fromEntries(files));
  installPlugIns(tables);
}
