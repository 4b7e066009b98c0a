import { KnownMembers } from "./classic-sync/known-members.ts";
import type { SyncDeps } from "./classic-sync/sync.ts";
import { Filters } from "./filters/read-filter.ts";
import { Notifier } from "./notifier/notifier.ts";

/** What sync is built from. */
export type CreateSyncDeps = Omit<SyncDeps, "notifier" | "knownMembers" | "filters"> & {
  readonly storage: ConstructorParameters<typeof Filters>[0]["storage"];
};

/** Sync with what it keeps in memory; disposing ends all waiting. */
export type Sync = SyncDeps & Disposable;

export function createSync(deps: CreateSyncDeps): Sync {
  const notifier = new Notifier(deps);
  return {
    ...deps,
    notifier,
    knownMembers: new KnownMembers(),
    filters: new Filters(deps),
    [Symbol.dispose]: () => notifier[Symbol.dispose](),
  };
}
