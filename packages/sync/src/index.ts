export { type SyncArgs, type SyncDeps, sync } from "./classic-sync/sync.ts";
export { type CreateSyncDeps, createSync, type Sync } from "./create-sync.ts";
export type { NotifierDeps } from "./notifier/notifier.ts";
export { syncRoutes } from "./routes.ts";
