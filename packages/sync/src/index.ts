export type { SyncDeps } from "./classic-sync/sync.ts";
export { type CreateSyncDeps, createSync, type Sync } from "./create-sync.ts";
export type { NotifierDeps } from "./notifier/notifier.ts";
export type { RoomUnread, Unread, UnreadCounts } from "./ports.ts";
export { syncRoutes } from "./routes.ts";
