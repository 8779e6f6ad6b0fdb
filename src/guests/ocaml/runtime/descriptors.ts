// File descriptors: standard input and output are the console's, the others files of the operating system.
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "#platform/fs";
import type { Host } from "../host.ts";
import { systemError } from "./system-errors.ts";
import { toHost } from "./text.ts";

interface Device {
  /** 0 at the end. */
  read(into: Uint8Array): number;
  write(bytes: Uint8Array): void;
  /** Bytes from the beginning, or undefined where there is no such thing. */
  position: number | undefined;
  size(): number;
  close(): void;
}

const refuse = (): never => {
  throw systemError("EBADF");
};

const unsized = (): never => {
  throw systemError("ESPIPE");
};

/** A stream without positions. */
function stream(device: Partial<Device>): Device {
  return { read: refuse, write: refuse, position: undefined, size: unsized, close: () => {}, ...device };
}

function fileDevice(descriptor: number): Device {
  const status = fstatSync(descriptor);
  const close = (): void => closeSync(descriptor);
  function writeAll(bytes: Uint8Array, position: number | undefined): void {
    for (let done = 0; done < bytes.length; ) {
      const at = position === undefined ? null : position + done;
      done += writeSync(descriptor, bytes, done, bytes.length - done, at);
    }
  }
  if (!status.isFile()) {
    return stream({
      read: (into) => readSync(descriptor, into, 0, into.length, null),
      write: (bytes) => writeAll(bytes, undefined),
      close,
    });
  }
  return {
    position: 0,
    read(into) {
      const count = readSync(descriptor, into, 0, into.length, this.position as number);
      this.position = (this.position as number) + count;
      return count;
    },
    write(bytes) {
      writeAll(bytes, this.position);
      this.position = (this.position as number) + bytes.length;
    },
    size: () => fstatSync(descriptor).size,
    close,
  };
}

/** What a file is opened for, by OCaml's numbers of the constructors of open_flag. */
const FLAGS: readonly number[] = [
  constants.O_RDONLY,
  constants.O_WRONLY,
  constants.O_WRONLY | constants.O_APPEND,
  constants.O_CREAT,
  constants.O_TRUNC,
  constants.O_EXCL,
  0,
  0,
  constants.O_NONBLOCK,
];

/** The open files of a program. All methods throw the operating system's errors. */
export class Descriptors {
  readonly #host: Host;
  readonly #devices = new Map<number, Device>();

  constructor(host: Host) {
    this.#host = host;
    const { console } = host;
    this.#devices.set(0, stream({ read: (into) => console.read(into), size: () => console.inputBytes?.() ?? unsized() }));
    this.#devices.set(1, stream({ write: (bytes) => console.write(bytes) }));
    this.#devices.set(2, stream({ write: (bytes) => console.writeError(bytes) }));
  }

  device(descriptor: number): Device {
    return this.#devices.get(descriptor) ?? refuse();
  }

  /** @param flags by OCaml's numbers of them */
  open(name: Uint8Array, flags: readonly number[], permissions: number): number {
    const mode = flags.reduce((all, flag) => all | (FLAGS[flag] as number), 0);
    const changing = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
    if ((mode & changing) === 0) this.#host.surroundings?.reads(toHost(name));
    else this.#host.surroundings?.changes(toHost(name));
    const device = fileDevice(openSync(Buffer.from(name), mode, permissions));
    let descriptor = 3;
    while (this.#devices.has(descriptor)) descriptor++;
    this.#devices.set(descriptor, device);
    return descriptor;
  }

  close(descriptor: number): void {
    this.device(descriptor).close();
    this.#devices.delete(descriptor);
  }
}
