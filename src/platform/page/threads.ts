// No threads: the page starts several workers, each of which has a lab of its own.
export const HAS_THREADS: boolean = false;

export const Worker: never = undefined as never;
