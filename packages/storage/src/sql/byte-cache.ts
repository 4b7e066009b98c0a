/** Keeps what was used last within a budget of bytes, as `bytesOf` estimates them. */
export class ByteCache<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #budget: number;
  readonly #bytesOf: (value: Value) => number;
  #bytes = 0;

  constructor(budget: number, bytesOf: (value: Value) => number) {
    this.#budget = budget;
    this.#bytesOf = bytesOf;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    this.#entries.set(key, value);
    this.#bytes += this.#bytesOf(value);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#budget) break;
      this.delete(oldest);
    }
  }

  delete(key: Key): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= this.#bytesOf(value);
  }
}
