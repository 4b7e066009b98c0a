/** `@localpart:server` https://spec.matrix.org/v1.19/appendices/#user-identifiers */
export type UserId = `@${string}:${string}`;
/** `!opaque:server`, or `!hash` from room version 12. */
export type RoomId = `!${string}`;
/** `#alias:server` */
export type RoomAlias = `#${string}:${string}`;
/** `$opaque:server` in room versions 1 and 2, `$hash` since. */
export type EventId = `$${string}`;
/** A host name or address with an optional port, as compared byte for byte. */
export type ServerName = string;
/** A device of a user; any string without structure. */
export type DeviceId = string;
