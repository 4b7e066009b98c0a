/** A map's slot and a string's header, about. */
const OVERHEAD = 72;

/** How many are read with one query. */
const CHUNK = 5_000;

/**
 * The texts behind numbers, which never change. Bounded by bytes: what is asked for moves to the young generation, and
 * when that is full the old one is dropped whole, so that one look at a big room costs no more than its lookups.
 */
export class NumberedTexts<Text extends string> {
  readonly #budget: number;
  #young = new Map<number, Text>();
  #old = new Map<number, Text>();
  #youngBytes = 0;
  /** Those of writes that are under way, which no query would find. */
  readonly #pinned = new Map<number, { readonly text: Text; count: number }>();
  readonly #pinnedNumbers = new Map<Text, number>();

  constructor(budget: number) {
    this.#budget = budget / 2;
  }

  /** In the order of `numbers`, all of which must be stored or pinned. `load` reads those that are not in memory. */
  async of(
    numbers: ArrayLike<number>,
    load: (missing: readonly number[]) => Promise<Iterable<readonly [number, Text]>>,
  ): Promise<Text[]> {
    const texts: Text[] = new Array(numbers.length);
    const missing = new Map<number, number>();
    for (let i = 0; i < numbers.length; i++) {
      const text = this.#known(numbers[i]!);
      if (text === undefined) missing.set(numbers[i]!, i);
      else texts[i] = text;
    }
    const wanted = [...missing.keys()];
    for (let start = 0; start < wanted.length; start += CHUNK) {
      for (const [number, text] of await load(wanted.slice(start, start + CHUNK))) {
        this.#remember(number, text);
        texts[missing.get(number)!] = text;
        missing.delete(number);
      }
    }
    if (missing.size > 0) throw new Error(`${missing.size} numbers in a stored state stand for nothing`);
    return texts;
  }

  /** Keeps what a write under way brings, until the function that comes back is told how the write ended. */
  pin(number: number, text: Text): (committed: boolean) => void {
    const pin = this.#pinned.get(number) ?? { text, count: 0 };
    pin.count++;
    this.#pinned.set(number, pin);
    this.#pinnedNumbers.set(text, number);
    return (committed) => {
      if (committed) this.#remember(number, text);
      if (--pin.count > 0) return;
      this.#pinned.delete(number);
      this.#pinnedNumbers.delete(text);
    };
  }

  /** The number of a text that a write under way uses. */
  pinned(text: Text): number | undefined {
    return this.#pinnedNumbers.get(text);
  }

  #known(number: number): Text | undefined {
    const young = this.#young.get(number);
    if (young !== undefined) return young;
    const old = this.#old.get(number);
    if (old !== undefined) this.#remember(number, old);
    return old ?? this.#pinned.get(number)?.text;
  }

  #remember(number: number, text: Text): void {
    if (this.#young.has(number)) return;
    this.#young.set(number, text);
    this.#youngBytes += OVERHEAD + text.length;
    if (this.#youngBytes <= this.#budget) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
