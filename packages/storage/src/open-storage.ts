import type { Clock, Logger } from "@croft/runtime";
import type { Engine, GroupListener } from "./engine.ts";
import { Counters } from "./interning/counters.ts";
import { Interner } from "./interning/interner.ts";
import { type Migration, migrations } from "./migrations/migrations.ts";
import { openPostgres } from "./postgres/open-postgres.ts";
import { allStores } from "./sql/all-stores.ts";
import { idLookUp } from "./sql-reader.ts";
import { SqlStorage, type StoreFactories } from "./sql-storage.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import type { Readers, Stores } from "./stores/stores.ts";

/** Where the data lives. */
export type EngineChoice =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string };

export type OpenStorageDeps = { readonly engine: EngineChoice; readonly clock: Clock; readonly logger: Logger };

/** A storage with every store there is. Hand parts of it on as `Storage<"noun" | …>`. */
export type OpenStorage = SqlStorage<Readers, Stores>;

/**
 * Opens the database, made if absent: locks it against a second Croft, brings its schema up to date and starts the
 * writer. What cannot be opened is a `StorageUnavailable` with one sentence that says why.
 */
export function openStorage(deps: OpenStorageDeps): Promise<OpenStorage> {
  return openSqlStorage({ ...deps, migrations, factories: allStores() });
}

/** The same over any nouns and schema. */
export async function openSqlStorage<R extends object, S extends { [N in keyof R]: object }>({
  engine: choice,
  factories,
  ...deps
}: OpenStorageDeps & {
  readonly migrations: readonly Migration[];
  readonly factories: StoreFactories<R, S>;
}): Promise<SqlStorage<R, S>> {
  let groupEnded: GroupListener = () => {};
  const engine = await openEngine(choice, { ...deps, onGroup: (outcomes) => groupEnded(outcomes) });
  const rows = await engine.query(engine.statements.ofText("SELECT name, reserved FROM counters"), []);
  const reserved = new Map(rows.map((row) => [String(row["name"]), Number(row["reserved"])]));
  const storage = new SqlStorage({
    engine,
    factories,
    counters: new Counters(reserved),
    interner: new Interner(idLookUp(engine)),
    position: reserved.get("position") ?? 0,
    logger: deps.logger,
  });
  groupEnded = (outcomes) => storage.groupEnded(outcomes);
  return storage;
}

type EngineDeps = {
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly onGroup: GroupListener;
};

function openEngine(choice: EngineChoice, deps: EngineDeps): Promise<Engine> {
  if (choice.kind === "sqlite") return openSqlite({ path: choice.path, ...deps });
  return openPostgres({ url: choice.url, ...deps });
}
