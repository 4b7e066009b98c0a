import { KeyedLock } from "@croft/runtime";

/**
 * Which one-time keys are being handed out by writes under way: the last commit still shows them. Keys go in the order
 * of their numbers, so the highest one says it all. The guard on the row is what no two claims get past; this keeps
 * claims that come together from running into it.
 */
export class KeysOnTheirWay {
  readonly #lock = new KeyedLock<string>();
  readonly #pools = new Map<string, { last: number; claims: number }>();

  /** Takes the next key of a pool: `next` reads the first one after a number. */
  take<Key extends { readonly key_num: number }>(
    pool: string,
    next: (after: number) => Promise<Key | undefined>,
  ): Promise<Key | undefined> {
    return this.#lock.run(pool, async () => {
      const key = await next(this.#pools.get(pool)?.last ?? 0);
      if (key === undefined) return undefined;
      const taken = this.#pools.get(pool) ?? { last: 0, claims: 0 };
      taken.last = key.key_num;
      taken.claims++;
      this.#pools.set(pool, taken);
      return key;
    });
  }

  /** A claim from the pool has ended. */
  settle(pool: string): void {
    const taken = this.#pools.get(pool);
    if (taken && --taken.claims === 0) this.#pools.delete(pool);
  }
}
