import type { Interned } from "../sql.ts";
import { IdCache } from "./id-cache.ts";

export type Kind = Interned["intern"];

/** Where each kind's numbers stand. Events are numbered by the row of the event itself. */
export const ID_TABLES: { readonly [K in Kind]: { table: string; number: string; id: string } } = {
  user: { table: "users", number: "user_num", id: "user_id" },
  room: { table: "room_ids", number: "room_num", id: "room_id" },
  event: { table: "events", number: "event_num", id: "event_id" },
  type: { table: "event_types", number: "type_num", id: "type" },
  stateKey: { table: "state_keys", number: "state_key_num", id: "state_key" },
};

/** Finds the numbers of stored ids. Ids that are not stored are missing from the answer. */
export type LookUp = (kind: Kind, ids: readonly string[]) => Promise<ReadonlyMap<string, number>>;

export type LoadedIds = ReadonlyMap<Kind, ReadonlyMap<string, number>>;

/** An id given a number by writes that are not yet on disk: each of them brings the row, since any may fail. */
type Pending = { readonly number: number; writes: number };

const CACHE_BYTES: { readonly [K in Kind]: number } = {
  user: 4 << 20,
  room: 1 << 20,
  event: 16 << 20,
  type: 1 << 18,
  stateKey: 8 << 20,
};

/** Which number stands for which id, by what is committed and by what is on its way. */
export class Interner {
  readonly #lookUp: LookUp;
  readonly #committed: { readonly [K in Kind]: IdCache };
  readonly #pending: { readonly [K in Kind]: Map<string, Pending> };

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
    this.#committed = eachKind((kind) => new IdCache(CACHE_BYTES[kind]));
    this.#pending = eachKind(() => new Map());
  }

  /** The number of a committed id, as far as memory knows. */
  committed(kind: Kind, id: string): number | undefined {
    return this.#committed[kind].get(id);
  }

  /** The number of an id that a write on its way brings. */
  pending(kind: Kind, id: string): number | undefined {
    return this.#pending[kind].get(id)?.number;
  }

  /** Whether the number of an id, stored or on its way, is known without asking the database. */
  knows({ intern: kind, id }: Interned): boolean {
    return this.committed(kind, id) !== undefined || this.pending(kind, id) !== undefined;
  }

  /** Reads committed ids into memory and answers those that are stored. */
  async load(kind: Kind, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const cache = this.#committed[kind];
    for (;;) {
      const { generation } = cache;
      const found = await this.#lookUp(kind, ids);
      // An id committed while the query ran is in the cache, unless that was emptied meanwhile.
      const overtaken = cache.generation !== generation && found.size < ids.length;
      for (const [id, number] of found) cache.set(id, number);
      if (!overtaken) return found;
    }
  }

  /** Like `load`, for ids of several kinds. */
  async loadAll(interned: readonly Interned[]): Promise<LoadedIds> {
    const missing = new Map<Kind, Set<string>>();
    for (const { intern: kind, id } of interned) {
      const ids = missing.get(kind);
      if (ids) ids.add(id);
      else missing.set(kind, new Set([id]));
    }
    const loaded = new Map<Kind, ReadonlyMap<string, number>>();
    for (const [kind, ids] of missing) loaded.set(kind, await this.load(kind, [...ids]));
    return loaded;
  }

  /** A write on its way brings this id. */
  announce(kind: Kind, id: string, number: number): void {
    const pending = this.#pending[kind].get(id);
    if (pending) pending.writes++;
    else this.#pending[kind].set(id, { number, writes: 1 });
  }

  /** A write that brought this id has ended. */
  settle(kind: Kind, id: string, number: number, committed: boolean): void {
    if (committed) this.#committed[kind].set(id, number);
    const pending = this.#pending[kind].get(id);
    if (pending && --pending.writes === 0) this.#pending[kind].delete(id);
  }
}

function eachKind<T>(make: (kind: Kind) => T): { readonly [K in Kind]: T } {
  return {
    user: make("user"),
    room: make("room"),
    event: make("event"),
    type: make("type"),
    stateKey: make("stateKey"),
  };
}
