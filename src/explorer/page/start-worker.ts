// Starts workers: the page contains the lab's program as text, so that it works as one file, without a network, and a frame that
// may start them (scripts/explorer.ts says why).

/** Waits until workers can be started, and returns what starts one. */
export async function workerStarter(): Promise<() => Worker> {
  const frame = document.getElementById("workers") as HTMLIFrameElement;
  const starter = (): unknown => (frame.contentWindow as { startWorker?: unknown } | null)?.startWorker;
  if (starter() === undefined) await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  const start = starter() as (text: string) => Worker;
  const text = document.getElementById("lab")?.textContent ?? "";
  return () => start(text);
}
