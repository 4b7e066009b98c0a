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
export type * from "./stores/events.ts";
export type * from "./stores/memberships.ts";
export type * from "./stores/room-state.ts";
export type * from "./stores/rooms.ts";
export type { Readers, Stores } from "./stores/stores.ts";
