// Numbers of WASI preview 1 (wasi_snapshot_preview1): what calls return, kinds of files, flags.
export const ERRNO = {
  success: 0,
  EACCES: 2,
  EAGAIN: 6,
  EBADF: 8,
  EBUSY: 10,
  EEXIST: 20,
  EFAULT: 21,
  EFBIG: 22,
  EINVAL: 28,
  EIO: 29,
  EISDIR: 31,
  ELOOP: 32,
  EMFILE: 33,
  ENAMETOOLONG: 37,
  ENOENT: 44,
  ENOSPC: 51,
  ENOSYS: 52,
  ENOTDIR: 54,
  ENOTEMPTY: 55,
  ENOTSUP: 58,
  EPERM: 63,
  EPIPE: 64,
  EROFS: 69,
  ESPIPE: 70,
  EXDEV: 75,
  ENOTCAPABLE: 76,
} as const;
export type Errno = keyof typeof ERRNO;

export const FILE_TYPE = { unknown: 0, character: 2, directory: 3, regular: 4, link: 7 } as const;
export const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
export const DESCRIPTOR = { append: 1 } as const;
export const RIGHT = { read: 1n << 1n, seek: 1n << 2n, tell: 1n << 5n, write: 1n << 6n } as const;
export const ALL_RIGHTS = (1n << 30n) - 1n;
export const WHENCE = { set: 0, current: 1, end: 2 } as const;

/** What a call fails with. */
export class WasiError extends Error {
  readonly code: Errno;
  constructor(code: Errno) {
    super(code);
    this.code = code;
  }
}

/** The number for something that was thrown; undefined where it is none of ours or the system's. */
export function errnoOf(thrown: unknown): number | undefined {
  if (thrown instanceof WasiError) return ERRNO[thrown.code];
  // a pointer out of the memory
  if (thrown instanceof RangeError && !/call stack/.test(thrown.message)) return ERRNO.EFAULT;
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return undefined;
  return code in ERRNO ? ERRNO[code as Errno] : ERRNO.EIO;
}
