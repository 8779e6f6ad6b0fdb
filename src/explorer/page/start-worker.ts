// Starts workers: the page contains the lab's program as text, so that it works as one file, without a network.

let url: string | undefined;

export function startWorker(): Worker {
  const text = document.getElementById("lab")?.textContent ?? "";
  url ??= URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(url);
}
