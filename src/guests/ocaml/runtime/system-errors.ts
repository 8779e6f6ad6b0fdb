// What the operating system refuses, in C's words.
import type { Runtime } from "../value.ts";
import { fromHost } from "./text.ts";

/** As C's strerror says them, by their names. */
const MESSAGES: Readonly<Record<string, string>> = {
  E2BIG: "Argument list too long",
  EACCES: "Permission denied",
  EAGAIN: "Resource temporarily unavailable",
  EBADF: "Bad file descriptor",
  EBUSY: "Device or resource busy",
  ECHILD: "No child processes",
  EDEADLK: "Resource deadlock avoided",
  EDOM: "Numerical argument out of domain",
  EEXIST: "File exists",
  EFAULT: "Bad address",
  EFBIG: "File too large",
  EINTR: "Interrupted system call",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  EMLINK: "Too many links",
  ENAMETOOLONG: "File name too long",
  ENFILE: "Too many open files in system",
  ENODEV: "No such device",
  ENOENT: "No such file or directory",
  ENOEXEC: "Exec format error",
  ENOLCK: "No locks available",
  ENOMEM: "Cannot allocate memory",
  ENOSPC: "No space left on device",
  ENOSYS: "Function not implemented",
  ENOTDIR: "Not a directory",
  ENOTEMPTY: "Directory not empty",
  ENOTTY: "Inappropriate ioctl for device",
  ENXIO: "No such device or address",
  EPERM: "Operation not permitted",
  EPIPE: "Broken pipe",
  ERANGE: "Numerical result out of range",
  EROFS: "Read-only file system",
  ESPIPE: "Illegal seek",
  ESRCH: "No such process",
  ETXTBSY: "Text file busy",
  EXDEV: "Invalid cross-device link",
};

/** An error of the operating system that we make ourselves. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** What the operating system calls an error; undefined where it is none of its errors. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  // The host refuses names with NUL itself.
  return code === "ERR_INVALID_ARG_VALUE" ? "ENOENT" : code;
}

/** As C's strerror says it. */
export const messageOfCode = (code: string): Uint8Array => fromHost(MESSAGES[code] ?? code);

/** Does something with the operating system; what that refuses is raised as Sys_error. @param name of the file, if there is one */
export function attempt<T>(runtime: Runtime, name: Uint8Array | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const message = messageOfCode(code);
    return runtime.raiseWith("Sys_error", name === undefined ? message : Uint8Array.from([...name, 58, 32, ...message]));
  }
}
