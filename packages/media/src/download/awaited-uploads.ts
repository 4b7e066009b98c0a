import type { Clock } from "@croft/runtime";
import type { Patience } from "../ports.ts";

/** Who waits for which upload. */
export class AwaitedUploads {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** How many wait. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Wakes who waits. Called once the upload can be read. */
  arrived(mediaId: string): void {
    for (const wake of this.#waiting.get(mediaId) ?? []) wake();
  }

  /** What `look` finds, now or when the upload has arrived; undefined if that is not in time. */
  async wait<Found>(
    mediaId: string,
    { timeoutMs, signal }: Patience,
    look: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const { promise: woken, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiting = this.#waiting.get(mediaId) ?? new Set();
    this.#waiting.set(mediaId, waiting.add(wake));
    const cancelTimeout = this.#clock.after(timeoutMs, wake);
    signal.addEventListener("abort", wake);
    try {
      if (signal.aborted) wake();
      // Looked only after listening: no arrival falls between.
      const found = await look();
      if (found !== undefined) return found;
      await woken;
      return await look();
    } finally {
      cancelTimeout();
      signal.removeEventListener("abort", wake);
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(mediaId) === waiting) this.#waiting.delete(mediaId);
    }
  }
}
