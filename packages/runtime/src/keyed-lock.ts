/** One holder per key at a time, waiters in order of arrival; keys nobody holds cost nothing. */
export class KeyedLock<Key> {
  readonly #tails = new Map<Key, Promise<void>>();

  /** Runs `critical` when every earlier holder of `key` has finished; its failure does not stop the next. */
  async run<Result>(key: Key, critical: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key);
    let release!: () => void;
    const tail = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#tails.set(key, tail);
    try {
      if (before) await before;
      return await critical();
    } finally {
      release();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** How many keys are held or waited for. */
  get size(): number {
    return this.#tails.size;
  }
}
