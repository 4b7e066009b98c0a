import type { BoundStatement, Engine } from "../engine.ts";
import type { Interned } from "../sql.ts";
import type { Counters } from "./counters.ts";
import { ID_TABLES, type Interner, type Kind, type LoadedIds } from "./interner.ts";

export type BroughtId = { readonly kind: Kind; readonly id: string; readonly number: number };

/** The ids a write uses that are not on disk: it brings their rows. Each is announced, so that other writes agree. */
export class BroughtIds {
  readonly #ids = new Map<string, BroughtId>();
  readonly #interner: Interner;
  readonly #counters: Counters;

  constructor({ interner, counters }: { interner: Interner; counters: Counters }) {
    this.#interner = interner;
    this.#counters = counters;
  }

  [Symbol.iterator](): Iterator<BroughtId> {
    return this.#ids.values();
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The number of an id, brought if need be; `loaded` holds what the database said of ids that were not known. */
  numberOf(interned: Interned, loaded: LoadedIds | undefined): number {
    const number = this.#known(interned, loaded);
    if (number !== undefined) return number;
    if (interned.intern === "event") throw new Error(`event ${interned.id} is neither stored nor announced`);
    return this.bring(interned.intern, interned.id);
  }

  /** Like `numberOf`, but an unknown event is numbered too. */
  numberOrNew(interned: Interned, loaded: LoadedIds | undefined): number {
    return this.#known(interned, loaded) ?? this.bring(interned.intern, interned.id);
  }

  /** Gives an id a number, or the one that it has in this or another write on its way. */
  bring(kind: Kind, id: string): number {
    const key = kind + id;
    let brought = this.#ids.get(key);
    if (!brought) {
      const number =
        this.#interner.pending(kind, id) ?? this.#interner.committed(kind, id) ?? this.#counters.take(kind);
      brought = { kind, id, number };
      this.#ids.set(key, brought);
      this.#interner.announce(kind, id, number);
    }
    return brought.number;
  }

  /** The rows that give the ids their numbers; the row of an event is the event's own. */
  *statements({ spelling, statements }: Engine): Generator<BoundStatement> {
    for (const { kind, id, number } of this.#ids.values()) {
      if (kind === "event") continue;
      const names = ID_TABLES[kind];
      const places = `${spelling.placeholder(1)}, ${spelling.placeholder(2)}`;
      // An earlier write on its way may bring the same row; another number for the same id would be an error.
      const text = `INSERT INTO ${names.table} (${names.number}, ${names.id}) VALUES (${places}) ON CONFLICT (${names.number}) DO NOTHING`;
      yield { statement: statements.ofText(text), values: [number, id], rows: -1 };
    }
  }

  /** The write has ended. */
  settle(committed: boolean): void {
    for (const { kind, id, number } of this.#ids.values()) this.#interner.settle(kind, id, number, committed);
  }

  #known({ intern: kind, id }: Interned, loaded: LoadedIds | undefined): number | undefined {
    const number = this.#interner.committed(kind, id) ?? loaded?.get(kind)?.get(id);
    if (number !== undefined) return number;
    // What this write brings is pending too.
    const pending = this.#interner.pending(kind, id);
    return pending === undefined || kind === "event" ? pending : this.bring(kind, id);
  }
}
