// What the operating system refuses, in C's words.
import type { Runtime } from "../value.ts";
import { fromHost } from "./text.ts";

/** As C's strerror says them, by their names. */
const MESSAGES: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EAGAIN: "Resource temporarily unavailable",
  EBADF: "Bad file descriptor",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENODEV: "No such device",
  ENOENT: "No such file or directory",
  ENOMEM: "Cannot allocate memory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  ENXIO: "No such device or address",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  ESPIPE: "Illegal seek",
  ETXTBSY: "Text file busy",
  EXDEV: "Invalid cross-device link",
};

/** An error of the operating system that we make ourselves. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** Does something with the operating system; what that refuses is raised as Sys_error. @param name of the file, if there is one */
export function attempt<T>(runtime: Runtime, name: Uint8Array | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === undefined) throw error;
    // The host refuses names with NUL itself.
    const message = fromHost(MESSAGES[code === "ERR_INVALID_ARG_VALUE" ? "ENOENT" : code] ?? code);
    return runtime.raiseWith("Sys_error", name === undefined ? message : Uint8Array.from([...name, 58, 32, ...message]));
  }
}
