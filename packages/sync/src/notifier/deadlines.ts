import type { Clock } from "@croft/runtime";

/** Waiting ends at most this much late: thousands of waits share a timer. Milliseconds. */
const STEP_MS = 250;

/** Ends of many waits on one timer. */
export class Deadlines<Item extends object> {
  readonly #clock: Clock;
  readonly #onDue: (item: Item) => void;
  readonly #slots = new Map<number, Set<Item>>();
  #next = Number.POSITIVE_INFINITY;
  #cancel = () => {};

  constructor({ clock, onDue }: { readonly clock: Clock; readonly onDue: (item: Item) => void }) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** `at` is the clock's monotonic time. The answer is the slot that `delete` is told. */
  add(item: Item, at: number): number {
    const slot = Math.ceil(at / STEP_MS);
    const items = this.#slots.get(slot);
    if (items === undefined) this.#slots.set(slot, new Set([item]));
    else items.add(item);
    if (slot < this.#next) this.#arm(slot);
    return slot;
  }

  /** Deleting what is gone is harmless. */
  delete(item: Item, slot: number): void {
    const items = this.#slots.get(slot);
    items?.delete(item);
    // The timer stays: it finds nothing and goes on to the next slot.
    if (items?.size === 0) this.#slots.delete(slot);
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#slots.clear();
  }

  #arm(slot: number): void {
    this.#cancel();
    this.#next = slot;
    this.#cancel = this.#clock.after(Math.max(slot * STEP_MS - this.#clock.monotonic(), 0), () => this.#due());
  }

  #due(): void {
    const now = Math.floor(this.#clock.monotonic() / STEP_MS);
    const due = [...this.#slots].filter(([slot]) => slot <= now);
    this.#next = Number.POSITIVE_INFINITY;
    for (const [slot, items] of due) {
      this.#slots.delete(slot);
      for (const item of items) this.#onDue(item);
    }
    if (this.#slots.size === 0) return;
    const next = Math.min(...this.#slots.keys());
    if (next < this.#next) this.#arm(next);
  }
}
