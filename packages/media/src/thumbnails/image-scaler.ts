import { Worker } from "node:worker_threads";
import { MatrixError } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Scaled, ScaleJob } from "./scale-image.ts";

/** Longer than the decoder's own limit: this one is for a decoder that does not even keep to that. */
const TIMEOUT_MS = 30_000;
const IDLE_MS = 60_000;
const MAX_WAITING = 100;

type Waiting = {
  readonly job: ScaleJob;
  readonly resolve: (scaled: Scaled) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Scales images, one after the other, in a thread that exists only while there are some: nothing of the decoder is
 * loaded before the first, and the thread ends after a minute without any.
 */
export class ImageScaler {
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #cancelTimer = () => {};
  #closed = false;

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** Whether the thread exists. */
  get running(): boolean {
    return this.#worker !== undefined;
  }

  /** M_LIMIT_EXCEEDED while too many wait. */
  scale(job: ScaleJob): Promise<Scaled> {
    if (this.#closed) return Promise.reject(new Error("the image scaler is closed"));
    if (this.#queue.length >= MAX_WAITING) {
      const busy = new MatrixError("M_LIMIT_EXCEEDED", "Too many thumbnails are being made", { retry_after_ms: 5000 });
      return Promise.reject(busy);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Scaled>();
    this.#queue.push({ job, resolve, reject });
    this.#advance();
    return promise;
  }

  /** Refuses what waits and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    const error = new Error("the image scaler was closed");
    for (const waiting of this.#queue.splice(0)) waiting.reject(error);
    this.#current?.reject(error);
    await this.#end();
  }

  #advance(): void {
    if (this.#current) return;
    this.#cancelTimer();
    this.#current = this.#queue.shift();
    if (this.#current) {
      this.#worker ??= this.#start();
      this.#worker.postMessage(this.#current.job);
      this.#cancelTimer = this.#clock.after(TIMEOUT_MS, () => this.#drop({ kind: "tooLarge" }));
    } else if (this.#worker) this.#cancelTimer = this.#clock.after(IDLE_MS, () => void this.#end());
  }

  #start(): Worker {
    const worker = new Worker(new URL("./scaler-thread.ts", import.meta.url));
    worker.unref();
    worker.on("message", (scaled: Scaled) => {
      if (worker === this.#worker) this.#answer(scaled);
    });
    // Without a listener an error of the thread would be one of the process. What it was doing cannot be done.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (worker === this.#worker) this.#drop({ kind: "undecodable" });
    });
    return worker;
  }

  #answer(scaled: Scaled): void {
    this.#current?.resolve(scaled);
    this.#current = undefined;
    this.#advance();
  }

  /** Gives up on the thread; the next job gets a new one. */
  #drop(scaled: Scaled): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#answer(scaled);
  }

  async #end(): Promise<void> {
    this.#cancelTimer();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
