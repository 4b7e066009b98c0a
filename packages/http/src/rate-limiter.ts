import type { RateLimitBucket } from "@croft/api";
import { MatrixError } from "@croft/protocol";
import type { Clock } from "@croft/runtime";

/** `burst` calls at once, refilled at `perSecond`. */
export type Rate = { readonly perSecond: number; readonly burst: number };
export type Rates = { readonly [Bucket in RateLimitBucket]: Rate };

/** What people and their apps never notice, and scripts do. */
export const defaultRates: Rates = {
  message: { perSecond: 10, burst: 60 },
  login: { perSecond: 0.2, burst: 10 },
  registration: { perSecond: 0.1, burst: 10 },
  join: { perSecond: 1, burst: 30 },
  invite: { perSecond: 1, burst: 50 },
  roomCreation: { perSecond: 0.5, burst: 20 },
  media: { perSecond: 20, burst: 200 },
  general: { perSecond: 50, burst: 500 },
};

const MAX_CALLERS = 50_000;

/**
 * A token bucket per caller and kind of call, kept as the one moment at which it is full again. A caller whose bucket
 * is full needs no entry; past 50 000 entries the ones longest untouched are forgotten, in their favour.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #rates: Rates;
  readonly #maxCallers: number;
  readonly #fullAt = new Map<string, number>();

  constructor({ clock, rates, maxCallers = MAX_CALLERS }: { clock: Clock; rates: Rates; maxCallers?: number }) {
    this.#clock = clock;
    this.#rates = rates;
    this.#maxCallers = maxCallers;
  }

  /** Takes one call from the allowance or throws M_LIMIT_EXCEEDED, which takes nothing. */
  take(bucket: RateLimitBucket, caller: string): void {
    const { perSecond, burst } = this.#rates[bucket];
    const now = this.#clock.monotonic();
    const cost = 1000 / perSecond;
    const key = `${bucket} ${caller}`;
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? now) + cost;
    const wait = fullAt - now - burst * cost;
    if (wait > 0) {
      throw new MatrixError("M_LIMIT_EXCEEDED", "Too many requests", { retry_after_ms: Math.ceil(wait) });
    }
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size > this.#maxCallers) this.#forget(now);
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#fullAt.size;
  }

  #forget(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key);
    let surplus = this.#fullAt.size - Math.floor(this.#maxCallers / 2);
    if (this.#fullAt.size <= this.#maxCallers) return;
    for (const key of this.#fullAt.keys()) {
      if (surplus-- <= 0) return;
      this.#fullAt.delete(key);
    }
  }
}
