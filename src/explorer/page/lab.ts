// The lab as the page sees it: questions and answers, worked on by several workers. A worker whose question is withdrawn while
// it works on it is ended, and another takes its place: so endless programs and predictors are ended, too.
import type { LabAnswer, LabError, LabRequest, RequestKind, Requests } from "../protocol.ts";

/** A request failed; the message is the command's line. */
export class LabFailure extends Error {
  readonly exitCode: number;
  constructor({ message, exitCode, stack }: LabError) {
    super(message);
    this.exitCode = exitCode;
    if (stack !== undefined) this.stack = stack;
  }
}

export interface AskOptions {
  /** Withdraws the question: its promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the virtual blocks that ran so far. */
  readonly onProgress?: (blocks: number) => void;
}

export interface Lab {
  /** Questions are answered in the order in which they were asked, as workers become free. @throws LabFailure */
  ask<K extends RequestKind>(kind: K, asks: Requests[K]["asks"], options?: AskOptions): Promise<Requests[K]["gives"]>;
  /** Ends all workers. */
  close(): void;
}

interface Question {
  readonly request: LabRequest;
  readonly onProgress: ((blocks: number) => void) | undefined;
  readonly answer: (given: unknown) => void;
  readonly fail: (error: unknown) => void;
}

interface Slot {
  worker: Worker;
  question: Question | undefined;
}

/**
 * @param startWorker starts a worker that has loaded the lab
 * @param most workers at most, each of which takes some 30 MB
 */
export function openLab(startWorker: () => Worker, most: number): Lab {
  const waiting: Question[] = [];
  const slots: Slot[] = [];
  let serial = 0;

  function open(): Slot {
    const slot: Slot = { worker: startWorker(), question: undefined };
    slots.push(slot);
    slot.worker.onmessage = ({ data }: MessageEvent<LabAnswer>) => {
      const { question } = slot;
      if (question === undefined || question.request.id !== data.id) return;
      if ("progress" in data) return question.onProgress?.(data.progress.blocks);
      slot.question = undefined;
      if ("error" in data) question.fail(new LabFailure(data.error));
      else question.answer(data.given);
      next();
    };
    slot.worker.onerror = (event) => {
      event.preventDefault();
      const { question } = slot;
      discard(slot);
      question?.fail(new LabFailure({ message: `the worker ended: ${event.message}`, exitCode: 70 }));
      next();
    };
    return slot;
  }

  function discard(slot: Slot): void {
    slot.worker.terminate();
    slots.splice(slots.indexOf(slot), 1);
    slot.question = undefined;
  }

  function next(): void {
    while (waiting.length > 0) {
      const slot = slots.find(({ question }) => question === undefined) ?? (slots.length < most ? open() : undefined);
      const question = slot === undefined ? undefined : waiting.shift();
      if (slot === undefined || question === undefined) return;
      slot.question = question;
      slot.worker.postMessage(question.request);
    }
  }

  function withdraw(question: Question, reason: unknown): void {
    const at = waiting.indexOf(question);
    if (at >= 0) waiting.splice(at, 1);
    const busy = slots.find((slot) => slot.question === question);
    if (busy !== undefined) discard(busy);
    question.fail(reason);
    next();
  }

  return {
    ask: (kind, asks, { signal, onProgress } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = (): void => withdraw(question, signal?.reason);
        const settle = (): void => signal?.removeEventListener("abort", onAbort);
        const question: Question = {
          request: { id: ++serial, kind, asks } as LabRequest,
          onProgress,
          answer(given) {
            settle();
            resolve(given as never);
          },
          fail(error) {
            settle();
            reject(error);
          },
        };
        signal?.addEventListener("abort", onAbort);
        waiting.push(question);
        next();
      }),
    close() {
      for (const slot of [...slots]) discard(slot);
      waiting.length = 0;
    },
  };
}
