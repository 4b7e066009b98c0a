import { Filter } from "@croft/api";
import { compileSchema } from "@croft/http";
import { invalidParam, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { compileSyncFilter, type SyncFilter } from "./sync-filter.ts";

const NO_FILTER = compileSyncFilter({});

/** Longer inline filters are compiled each time: the cache should hold filters, not room lists. */
const MAX_CACHED_LENGTH = 10_000;
const MAX_CACHED = 1000;

const checkFilter: (value: unknown) => asserts value is Filter = compileSchema(Filter, "in the filter");

/**
 * The compiled filters of clients, found by their text: most clients of a kind send the same, and all requests that wait
 * share it.
 */
export class Filters {
  readonly #storage: Storage<"filters">;
  /** In order of use. */
  readonly #byText = new Map<string, SyncFilter>();
  readonly #byId = new Map<string, SyncFilter>();

  constructor({ storage }: { readonly storage: Storage<"filters"> }) {
    this.#storage = storage;
  }

  /** As the query has it: an id, or JSON text. Throws `M_INVALID_PARAM` for what is neither. */
  async read(userId: UserId, filter: string | undefined): Promise<SyncFilter> {
    if (filter === undefined || filter === "") return NO_FILTER;
    if (filter.startsWith("{")) return this.#compiled(filter);
    const key = `${userId} ${filter}`;
    const known = this.#byId.get(key);
    if (known !== undefined) return remember(this.#byId, key, known);
    const text = await this.#storage.read.filters.get(userId, filter);
    if (text === undefined) throw invalidParam("There is no such filter");
    return remember(this.#byId, key, this.#compiled(text));
  }

  #compiled(text: string): SyncFilter {
    const known = this.#byText.get(text);
    if (known === undefined) {
      const compiled = compileSyncFilter(parseFilter(text));
      return text.length > MAX_CACHED_LENGTH ? compiled : remember(this.#byText, text, compiled);
    }
    return remember(this.#byText, text, known);
  }
}

function parseFilter(text: string): Filter {
  let filter: unknown;
  try {
    filter = JSON.parse(text);
  } catch {
    throw invalidParam("filter is neither an id nor JSON");
  }
  checkFilter(filter);
  return filter;
}

function remember(cache: Map<string, SyncFilter>, key: string, filter: SyncFilter): SyncFilter {
  cache.delete(key);
  cache.set(key, filter);
  if (cache.size > MAX_CACHED) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  return filter;
}
