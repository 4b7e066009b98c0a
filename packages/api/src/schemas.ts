import type { EventId, RoomAlias, RoomId, UserId } from "@croft/protocol";
import { Type } from "typebox";

/**
 * Identifiers at the door: the sigil and the length are checked here, the grammar by whoever needs it, since
 * historical ids must keep working. https://spec.matrix.org/v1.19/appendices/#common-identifier-format
 */
export const UserIdSchema = Type.Unsafe<UserId>(Type.String({ pattern: "^@[^:]*:.+$", maxLength: 255 }));
export const RoomIdSchema = Type.Unsafe<RoomId>(Type.String({ pattern: "^!.+$", maxLength: 255 }));
export const RoomAliasSchema = Type.Unsafe<RoomAlias>(Type.String({ pattern: "^#[^:]*:.+$", maxLength: 255 }));
export const RoomIdOrAliasSchema = Type.Unsafe<RoomId | RoomAlias>(
  Type.String({ pattern: "^[!#].+$", maxLength: 255 }),
);
export const EventIdSchema = Type.Unsafe<EventId>(Type.String({ pattern: "^\\$.+$", maxLength: 255 }));

/** Opaque, and kept for a while. https://spec.matrix.org/v1.19/appendices/#opaque-identifiers */
export const TransactionIdSchema = Type.String({ maxLength: 255 });

/** `{}` */
export const Empty = Type.Object({});

/** Any JSON object; what is inside is nobody's business here. */
export const AnyObject = Type.Record(Type.String(), Type.Unknown());
