// The C primitives of the library Unix that behave the same everywhere: clocks, dates, folders, names of files, the environment, and
// constant user and process ids. Processes, sockets, signals and terminals do not exist.

import { mkdirSync, renameSync, rmdirSync, unlinkSync } from "#platform/fs";
import { isIPv4, isIPv6 } from "#platform/net";
import { process } from "#platform/process";
import { type Clock, START_SECONDS } from "../runtime/clock.ts";
import { codeOf, messageOfCode } from "../runtime/system-errors.ts";
import { fromHost, toHost } from "../runtime/text.ts";
import { Float, fieldOf, type HeapBlock, makeHeapBlock, type Primitives, Raised, type Runtime, type Value } from "../value.ts";

/** The constructors of Unix.error without an argument, in their order, as far as files raise them. */
const ERRORS =
  "E2BIG EACCES EAGAIN EBADF EBUSY ECHILD EDEADLK EDOM EEXIST EFAULT EFBIG EINTR EINVAL EIO EISDIR EMFILE EMLINK ENAMETOOLONG ENFILE ENODEV ENOENT ENOEXEC ENOLCK ENOMEM ENOSPC ENOSYS ENOTDIR ENOTEMPTY ENOTTY ENXIO EPERM EPIPE ERANGE EROFS ESPIPE ESRCH EXDEV".split(
    " ",
  );
/** What the library registers its exception as. */
const EXCEPTION = "Unix.Unix_error";
const DAY_MS = 86_400_000;

/** Runs an action of the operating system; its errors are raised as Unix_error, with the function and the file. */
function attempt<T>(runtime: Runtime, what: string, name: Uint8Array, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = codeOf(error);
    const number = code === undefined ? -1 : ERRORS.indexOf(code);
    const exception = runtime.named.get(EXCEPTION);
    if (number < 0 || exception === undefined) throw error;
    throw new Raised(makeHeapBlock(0, exception, number, fromHost(what), name));
  }
}

/** A record Unix.tm. */
function dateOf(seconds: number): HeapBlock {
  // as C turns a double into a time_t
  const date = new Date(Math.trunc(seconds) * 1000);
  const year = date.getUTCFullYear();
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / DAY_MS);
  const [s, m, h] = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours()];
  return makeHeapBlock(0, s, m, h, date.getUTCDate(), date.getUTCMonth(), year - 1900, date.getUTCDay(), dayOfYear, 0);
}

/** Seconds since 1970 and the same date with every field in its range. */
function secondsOf(date: HeapBlock): HeapBlock {
  const [s, m, h, day, month, year] = Array.from({ length: 6 }, (_, i) => fieldOf(date, i) as number);
  const seconds = Date.UTC(year + 1900, month, day, h, m, s) / 1000;
  return makeHeapBlock(0, new Float(seconds), dateOf(seconds));
}

function clocks(clock: Clock): Primitives {
  const now = (): number => START_SECONDS + clock.look();
  const date = ({ value }: Float): HeapBlock => dateOf(value);
  return {
    unix_gettimeofday: () => new Float(now()),
    unix_gettimeofday_unboxed: () => new Float(now()),
    unix_time: () => new Float(Math.floor(now())),
    unix_time_unboxed: () => new Float(Math.floor(now())),
    // a record of floats: this process alone, all of it its own time
    unix_times: () => Float64Array.of(clock.look(), 0, 0, 0),
    unix_gmtime: date,
    // the time zone is UTC
    unix_localtime: date,
    unix_mktime: secondsOf,
    unix_sleep({ value }: Float) {
      clock.sleep(value);
      return 0;
    },
  };
}

/** Bytes of the address that a text says; undefined where it says none. */
function addressOf(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes(".") || text.includes("%")) return undefined;
  const [before, after] = text.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = after === undefined ? [] : Array<string>(8 - before.length - after.length).fill("0");
  const groups = [...before, ...zeros, ...(after ?? [])].map((group) => Number.parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The longest run of two or more zeros becomes "::", the first of several, as C's inet_ntop writes it. */
function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);
  let best = { from: 0, count: 1 };
  for (let from = 0; from < 8; from++) {
    let count = 0;
    while (groups[from + count] === 0) count++;
    if (count > best.count) best = { from, count };
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(":");
  return best.count === 1 ? hex(groups) : `${hex(groups.slice(0, best.from))}::${hex(groups.slice(best.from + best.count))}`;
}

function files(runtime: Runtime): Primitives {
  const { surroundings } = runtime.host;
  const changing = (what: string, name: Uint8Array, action: () => void): Value => {
    surroundings?.changes(toHost(name));
    attempt(runtime, what, name, action);
    return 0;
  };
  return {
    unix_unlink: (name: Uint8Array) => changing("unlink", name, () => unlinkSync(Buffer.from(name))),
    unix_mkdir: (name: Uint8Array, permissions: number) => changing("mkdir", name, () => mkdirSync(Buffer.from(name), permissions)),
    unix_rmdir: (name: Uint8Array) => changing("rmdir", name, () => rmdirSync(Buffer.from(name))),
    unix_rename(from: Uint8Array, to: Uint8Array) {
      surroundings?.changes(toHost(to));
      return changing("rename", from, () => renameSync(Buffer.from(from), Buffer.from(to)));
    },
    unix_getcwd() {
      surroundings?.located();
      return fromHost(process.cwd());
    },
  };
}

export function unix(runtime: Runtime, clock: Clock): Primitives {
  const { environment } = runtime.host;
  const variables = (): Value =>
    makeHeapBlock(0, ...Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : fromHost(`${name}=${value}`))));
  return {
    ...clocks(clock),
    ...files(runtime),
    // the library asks for four addresses where it starts
    unix_inet_addr_of_string: (text: Uint8Array) => addressOf(toHost(text)) ?? runtime.raiseWith("Failure", "inet_addr_of_string"),
    unix_string_of_inet_addr: (address: Uint8Array) => fromHost(addressText(address)),
    unix_error_message: (error: Value) =>
      typeof error === "number" ? messageOfCode(ERRORS[error] ?? "") : fromHost(`Unknown error ${fieldOf(error as HeapBlock, 0)}`),
    unix_environment: variables,
    unix_environment_unsafe: variables,
    // Programs are never told that this is a terminal, even if it is one.
    unix_isatty: () => 0,
    unix_getpid: () => 1,
    unix_getppid: () => 0,
    unix_getuid: () => 0,
    unix_geteuid: () => 0,
    unix_getgid: () => 0,
    unix_getegid: () => 0,
    unix_gethostname: () => fromHost("localhost"),
    unix_exit: (code: number) => runtime.exit(code & 0xff),
    unix_has_symlink: () => 1,
  };
}
