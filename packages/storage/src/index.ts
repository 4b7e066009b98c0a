export { type EngineChoice, type OpenStorage, type OpenStorageDeps, openStorage } from "./open-storage.ts";
export { ByteCache } from "./sql/byte-cache.ts";
export type * from "./sql.ts";
export {
  type Committed,
  GuardFailed,
  type Storage,
  StorageUnavailable,
  type StoreName,
  type WriteOptions,
  type WriteTools,
} from "./storage.ts";
export type * from "./stores/account-data.ts";
export type * from "./stores/accounts.ts";
export type * from "./stores/cross-signing-keys.ts";
export type * from "./stores/device-keys.ts";
export type * from "./stores/device-lists.ts";
export type * from "./stores/devices.ts";
export type * from "./stores/events.ts";
export type * from "./stores/filters.ts";
export type * from "./stores/interactive-auth.ts";
export type * from "./stores/key-backups.ts";
export type * from "./stores/media.ts";
export type * from "./stores/memberships.ts";
export type * from "./stores/meta.ts";
export type * from "./stores/notification-counts.ts";
export type * from "./stores/one-time-keys.ts";
export type * from "./stores/pending-profiles.ts";
export type * from "./stores/profiles.ts";
export type * from "./stores/receipts.ts";
export type * from "./stores/registration-tokens.ts";
export type * from "./stores/relations.ts";
export type * from "./stores/room-aliases.ts";
export type * from "./stores/room-directory.ts";
export type * from "./stores/room-state.ts";
export type * from "./stores/rooms.ts";
export type * from "./stores/sessions.ts";
export type { Readers, Stores } from "./stores/stores.ts";
export type * from "./stores/to-device.ts";
