// WASI preview 1 (wasi_snapshot_preview1), as far as programs of one thread without a network need it: arguments, environment,
// clocks, chance, standard input and output, files below folders that were named, exit codes. Everything is the same every time:
// there are no times of files, and folders are listed in order. Calls that are missing answer ENOSYS, and are named once.
import { lstatSync, mkdirSync, readlinkSync, renameSync, rmdirSync, symlinkSync, unlinkSync } from "#platform/fs";
import type { Memory } from "../engine.ts";
import { ALL_RIGHTS, ERRNO, errnoOf, FILE_TYPE, RIGHT, WasiError } from "./codes.ts";
import { Descriptors, type FileStatus } from "./descriptors.ts";
import { GuestMemory } from "./memory.ts";
import { type Clock, createRandom, type World } from "./world.ts";

export const PREVIEW1 = "wasi_snapshot_preview1";

/** A call of WASI: numbers in, an error number out. */
type Call = (...values: readonly (number | bigint)[]) => number;

export interface Wasi {
  /** By name. */
  readonly calls: Readonly<Record<string, Call>>;
  /** Set when the program asked to end. */
  exitCode(): number | undefined;
  /** The memory that calls write to; before there is one they answer EFAULT. */
  useMemory(memory: Memory): void;
  /** The run is over. */
  close(): void;
}

const MISSING = [
  "fd_advise",
  "fd_allocate",
  "fd_filestat_set_times",
  "path_filestat_set_times",
  "path_link",
  "proc_raise",
  "sock_accept",
  "sock_recv",
  "sock_send",
  "sock_shutdown",
];
/** The seed of what random_get gives. */
const SEED = 1;
const CLOCKS = 4;
const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const ABSOLUTE = 1;
const FOLLOW = 1;

/**
 * @param stop ends the program for good: it does not return
 * @param say  takes messages for the user who runs the program
 */
export function createWasi(world: World, clock: Clock, stop: () => void, say: (what: string) => void): Wasi {
  const files = new Descriptors(world);
  const random = createRandom(SEED);
  let memory = new GuestMemory({ buffer: new ArrayBuffer(0) });
  let exitCode: number | undefined;
  const words = world.words.map((word) => Buffer.from(`${word}\0`));
  const environment = Object.entries(world.environment).map(([name, value]) => Buffer.from(`${name}=${value}\0`));

  /** Texts one after the other, and where each begins. */
  function list(texts: readonly Buffer[], addresses: number, at: number): void {
    let to = at;
    texts.forEach((text, i) => {
      memory.u32(addresses + 4 * i, to);
      memory.bytes(to, text.length).set(text);
      to += text.length;
    });
  }
  function sizes(texts: readonly Buffer[], count: number, bytes: number): void {
    memory.u32(count, texts.length);
    memory.u32(
      bytes,
      texts.reduce((sum, { length }) => sum + length, 0),
    );
  }
  function writeStatus(at: number, { type, size, inode, links }: FileStatus): void {
    memory.bytes(at, 64).fill(0);
    memory.u64(at + 8, inode);
    memory.u8(at + 16, type);
    memory.u64(at + 24, links);
    memory.u64(at + 32, size);
  }
  const changes = (path: string): string => {
    world.surroundings?.changes(path);
    return path;
  };
  function time(id: number): bigint {
    if (id >>> 0 >= CLOCKS) throw new WasiError("EINVAL");
    return id === 0 ? clock.realtime() : clock.now();
  }
  /** Text in as many bytes as fit; says how many. */
  function put(text: Buffer, at: number, room: number, used: number): void {
    const count = Math.min(text.length, room >>> 0);
    memory.bytes(at, count).set(text.subarray(0, count));
    memory.u32(used, count);
  }
  const named = (number: number): Buffer => {
    const { named: name } = files.folder(number);
    if (name === undefined) throw new WasiError("EBADF");
    return Buffer.from(name);
  };

  const small: Readonly<Record<string, (...values: number[]) => void>> = {
    args_get: (addresses, at) => list(words, addresses, at),
    args_sizes_get: (count, bytes) => sizes(words, count, bytes),
    environ_get: (addresses, at) => list(environment, addresses, at),
    environ_sizes_get: (count, bytes) => sizes(environment, count, bytes),
    clock_res_get(id, at) {
      time(id);
      memory.u64(at, 1n);
    },
    random_get: (at, length) => random(memory.bytes(at, length)),
    sched_yield() {},
    fd_close: (number) => files.close(number),
    fd_datasync: (number) => void files.get(number),
    fd_sync: (number) => void files.get(number),
    fd_renumber: (number, to) => files.renumber(number, to),
    fd_read(number, vector, count, at) {
      memory.u32(at, files.read(number, memory.pieces(vector, count)));
    },
    fd_write(number, vector, count, at) {
      memory.u32(at, files.write(number, memory.pieces(vector, count)));
    },
    fd_tell(number, at) {
      memory.u64(at, BigInt(files.file(number).position));
    },
    fd_fdstat_get(number, at) {
      const descriptor = files.get(number);
      const type = files.typeOf(number);
      const rights = type === FILE_TYPE.character || type === FILE_TYPE.unknown ? ALL_RIGHTS & ~(RIGHT.seek | RIGHT.tell) : ALL_RIGHTS;
      memory.bytes(at, 24).fill(0);
      memory.u8(at, type);
      memory.u16(at + 2, descriptor.kind === "file" ? descriptor.flags : 0);
      memory.u64(at + 8, rights);
      memory.u64(at + 16, ALL_RIGHTS);
    },
    fd_fdstat_set_flags(number, flags) {
      const descriptor = files.get(number);
      if (descriptor.kind === "file") descriptor.flags = flags;
    },
    fd_filestat_get: (number, at) => writeStatus(at, files.status(number)),
    fd_prestat_get(number, at) {
      memory.u32(at, 0);
      memory.u32(at + 4, named(number).length);
    },
    fd_prestat_dir_name(number, at, room) {
      const name = named(number);
      if (name.length > room >>> 0) throw new WasiError("ENAMETOOLONG");
      memory.bytes(at, name.length).set(name);
    },
    path_filestat_get(number, flags, path, length, at) {
      const follow = (flags & FOLLOW) !== 0;
      writeStatus(at, files.statusOf(files.path(number, memory.text(path, length), follow), follow));
    },
    path_create_directory: (number, path, length) => mkdirSync(changes(files.path(number, memory.text(path, length), false))),
    path_remove_directory: (number, path, length) => rmdirSync(changes(files.path(number, memory.text(path, length), false))),
    path_unlink_file(number, path, length) {
      const host = files.path(number, memory.text(path, length), false);
      if (lstatSync(host).isDirectory()) throw new WasiError("EISDIR");
      unlinkSync(changes(host));
    },
    path_rename(number, path, length, toNumber, toPath, toLength) {
      const from = files.path(number, memory.text(path, length), false);
      renameSync(changes(from), changes(files.path(toNumber, memory.text(toPath, toLength), false)));
    },
    path_symlink(target, targetLength, number, path, length) {
      symlinkSync(memory.text(target, targetLength), changes(files.path(number, memory.text(path, length), false)));
    },
    path_readlink(number, path, length, at, room, used) {
      const host = files.path(number, memory.text(path, length), false);
      world.surroundings?.reads(host);
      put(Buffer.from(readlinkSync(host)), at, room, used);
    },
    proc_exit(code) {
      exitCode = code >>> 0;
      stop();
    },
    poll_oneoff: (subscriptions, events, count, at) => memory.u32(at, poll(subscriptions, events, count)),
  };

  /** Waits for the first of some things: input and output are always ready, and sleeping takes no time but the program's. */
  function poll(subscriptions: number, events: number, count: number): number {
    if (count === 0) throw new WasiError("EINVAL");
    const waiting = Array.from({ length: count }, (_, i) => {
      const at = subscriptions + SUBSCRIPTION_BYTES * i;
      const type = memory.bytes(at + 8, 1)[0];
      let wait = 0n;
      if (type === 0) {
        const timeout = memory.readU64(at + 24);
        const id = memory.readU32(at + 16);
        wait = (memory.readU32(at + 40) & ABSOLUTE) === 0 ? timeout : timeout - time(id);
      }
      return { user: memory.readU64(at), type, wait: wait < 0n ? 0n : wait };
    });
    const least = waiting.reduce((first, { wait }) => (wait < first ? wait : first), waiting[0].wait);
    clock.sleep(least);
    const ready = waiting.filter(({ wait }) => wait <= least);
    ready.forEach(({ user, type }, i) => {
      const at = events + EVENT_BYTES * i;
      memory.bytes(at, EVENT_BYTES).fill(0);
      memory.u64(at, user);
      memory.u8(at + 10, type);
    });
    return ready.length;
  }

  function readFolder(number: number, at: number, room: number, cookie: bigint, used: number): void {
    const parts: Buffer[] = [];
    let length = 0;
    const entries = files.entries(number);
    for (let i = Number(cookie); i < entries.length && length < room; i++) {
      const { name, type, inode } = entries[i];
      const text = Buffer.from(name);
      const head = Buffer.alloc(24);
      head.writeBigUInt64LE(BigInt(i + 1), 0);
      head.writeBigUInt64LE(inode, 8);
      head.writeUInt32LE(text.length, 16);
      head.writeUInt8(type, 20);
      parts.push(head, text);
      length += head.length + text.length;
    }
    put(Buffer.concat(parts), at, room, used);
  }

  // what takes numbers of 64 bits
  const large: Readonly<Record<string, (...values: (number | bigint)[]) => void>> = {
    clock_time_get: (id, _precision, at) => memory.u64(Number(at), time(Number(id))),
    fd_seek: (number, offset, whence, at) => memory.u64(Number(at), files.seek(Number(number), BigInt(offset), Number(whence))),
    fd_fdstat_set_rights: (number) => void files.get(Number(number)),
    fd_filestat_set_size(number, size) {
      changes(files.file(Number(number)).host);
      files.resize(Number(number), BigInt.asUintN(64, BigInt(size)));
    },
    fd_pread(number, vector, count, offset, at) {
      const position = Number(BigInt.asUintN(64, BigInt(offset)));
      files.file(Number(number));
      memory.u32(Number(at), files.read(Number(number), memory.pieces(Number(vector), Number(count)), position));
    },
    fd_pwrite(number, vector, count, offset, at) {
      const position = Number(BigInt.asUintN(64, BigInt(offset)));
      files.file(Number(number));
      memory.u32(Number(at), files.write(Number(number), memory.pieces(Number(vector), Number(count)), position));
    },
    fd_readdir: (number, at, room, cookie, used) =>
      readFolder(Number(number), Number(at), Number(room) >>> 0, BigInt.asUintN(64, BigInt(cookie)), Number(used)),
    path_open(number, follow, path, length, openFlags, rights, _inheriting, flags, at) {
      const name = memory.text(Number(path), Number(length));
      const follows = (Number(follow) & FOLLOW) !== 0;
      const asked = BigInt.asUintN(64, BigInt(rights));
      memory.u32(Number(at), files.open(Number(number), name, follows, Number(openFlags), asked, Number(flags)));
    },
  };

  const answered = (call: (...values: never[]) => void): Call =>
    ((...values: never[]) => {
      try {
        call(...values);
        return ERRNO.success;
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === undefined) throw error;
        return errno;
      }
    }) as Call;
  const named1 = new Set<string>();
  const missing = (name: string): Call => {
    return () => {
      if (!named1.has(name)) say(`the program calls ${name}, which is not there: it gets ENOSYS`);
      named1.add(name);
      return ERRNO.ENOSYS;
    };
  };
  return {
    calls: {
      ...Object.fromEntries([...Object.entries(small), ...Object.entries(large)].map(([name, call]) => [name, answered(call)])),
      ...Object.fromEntries(MISSING.map((name) => [name, missing(name)])),
    },
    exitCode: () => exitCode,
    useMemory(used) {
      memory = new GuestMemory(used);
    },
    close: () => files.closeAll(),
  };
}
