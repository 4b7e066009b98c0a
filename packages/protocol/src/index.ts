export * from "./errors.ts";
export type * from "./events/pdu.ts";
export type * from "./identifiers/types.ts";
export type * from "./json.ts";
export type { RoomVersion } from "./room-versions/room-version.ts";
export * from "./room-versions/room-versions.ts";
export type * from "./signing/crypto.ts";
