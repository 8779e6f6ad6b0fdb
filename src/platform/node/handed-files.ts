// Files that come with a request of the explorer: Node.js has a file system, and requests name the files in it.

export interface HandedFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

export function takeHandedFiles(files: readonly HandedFile[]): void {
  if (files.length > 0) throw new Error("files are handed over only in a page: write them to the folder of this process, and name them");
}
