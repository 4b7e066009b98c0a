/**
 * Numbers of ids that are committed, bounded by bytes. Two generations stand in for an order of use: what is asked
 * for moves to the young one, and when that is full the old one is dropped whole.
 */
export class IdCache {
  readonly #maxBytes: number;
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  #youngBytes = 0;
  #generation = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes / 2;
  }

  /** Grows whenever entries were dropped. */
  get generation(): number {
    return this.#generation;
  }

  get(id: string): number | undefined {
    const young = this.#young.get(id);
    if (young !== undefined) return young;
    const old = this.#old.get(id);
    if (old !== undefined) this.set(id, old);
    return old;
  }

  set(id: string, number: number): void {
    if (this.#young.has(id)) return;
    this.#young.set(id, number);
    this.#youngBytes += ENTRY_BYTES + id.length;
    if (this.#youngBytes <= this.#maxBytes) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
    this.#generation++;
  }
}

/** A map's slot and a string's header, about. */
const ENTRY_BYTES = 64;
