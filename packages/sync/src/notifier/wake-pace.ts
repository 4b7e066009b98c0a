import type { Clock } from "@croft/runtime";

/** How long wakes are gathered while the server is busy. */
const WINDOW_MS = 25;
/** So many in a window are woken at once; more mean that there is much to do. */
const CALM_WAKES = 25;
/** A timer so late means the same. */
const BUSY_LAG_MS = 8;
/** So many in one turn of the event loop: each of them reads and replies. */
const SLICE = 50;
/** Between two such turns, others are served. */
const PAUSE_MS = 1;

/**
 * Wakes at once while little happens, and gathers wakes for some milliseconds while the server is busy: answering a
 * waiting request costs more than the write that woke it, and what comes in meanwhile goes into the same answer.
 */
export class WakePace<Item> {
  readonly #clock: Clock;
  readonly #wake: (item: Item) => void;
  readonly #pending = new Set<Item>();
  #cancel: (() => void) | undefined;
  #due = 0;
  #woken = 0;
  #busy = false;

  constructor({ clock, wake }: { readonly clock: Clock; readonly wake: (item: Item) => void }) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** To be woken with the next flush that has room for it; once, however often it is added. */
  add(item: Item): void {
    this.#pending.add(item);
  }

  delete(item: Item): void {
    this.#pending.delete(item);
  }

  /** Call after adding: wakes what may be woken now. */
  flush(): void {
    if (this.#pending.size === 0) return;
    if (this.#cancel === undefined) this.#open(WINDOW_MS);
    if (!this.#busy) this.#wakeSome(CALM_WAKES - this.#woken);
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    this.#pending.clear();
  }

  #open(ms: number): void {
    this.#due = this.#clock.monotonic() + ms;
    this.#cancel = this.#clock.after(ms, () => this.#close());
  }

  #close(): void {
    this.#cancel = undefined;
    const isQuiet = this.#woken === 0 && this.#pending.size === 0;
    this.#busy = !isQuiet && this.#clock.monotonic() - this.#due > BUSY_LAG_MS;
    this.#woken = 0;
    if (isQuiet) return;
    this.#wakeSome(SLICE);
    this.#open(this.#pending.size > 0 ? PAUSE_MS : WINDOW_MS);
  }

  #wakeSome(most: number): void {
    let left = most;
    for (const item of this.#pending) {
      if (left-- <= 0) return;
      this.#pending.delete(item);
      this.#woken++;
      this.#wake(item);
    }
  }
}
