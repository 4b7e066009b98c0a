/**
 * Keeps what was used last within a budget of bytes, as `bytesOf` estimates them. Two generations stand in for an order
 * of use, each of half the budget: what is asked for moves to the young one, and when that is full the old one is dropped
 * whole. A map that is kept in order by taking out and putting back is built anew every so often, which costs more.
 */
export class ByteCache<Key, Value> {
  readonly #half: number;
  readonly #bytesOf: (value: Value) => number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  #youngBytes = 0;
  #oldBytes = 0;

  constructor(budget: number, bytesOf: (value: Value) => number) {
    this.#half = budget / 2;
    this.#bytesOf = bytesOf;
  }

  get bytes(): number {
    return this.#youngBytes + this.#oldBytes;
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  /** What is larger than half the budget is not kept. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const bytes = this.#bytesOf(value);
    if (bytes > this.#half) return;
    if (this.#youngBytes + bytes > this.#half) {
      this.#old = this.#young;
      this.#oldBytes = this.#youngBytes;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(key, value);
    this.#youngBytes += bytes;
  }

  delete(key: Key): void {
    const young = this.#young.get(key);
    if (young !== undefined) {
      this.#young.delete(key);
      this.#youngBytes -= this.#bytesOf(young);
    }
    const old = this.#old.get(key);
    if (old !== undefined) {
      this.#old.delete(key);
      this.#oldBytes -= this.#bytesOf(old);
    }
  }
}
