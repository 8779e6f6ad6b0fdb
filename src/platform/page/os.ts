// The worker as a machine: one core. How much memory it may use is not known in all browsers: V8's usual limit is assumed.
export const availableParallelism = (): number => 1;
export const homedir = (): string => "/home";
export const hostname = (): string => "page";
export const tmpdir = (): string => "/tmp";

const HEAP_BYTES = 2 ** 31;

export const getHeapStatistics = () => ({ heap_size_limit: HEAP_BYTES, used_heap_size: 0 });

/** The engine of a browser decides by itself when it optimises. */
export const optimisingLater = <T>(action: () => Promise<T>): Promise<T> => action();
