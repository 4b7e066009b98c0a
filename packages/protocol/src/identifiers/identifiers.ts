import { MAX_IDENTIFIER_BYTES } from "../limits.ts";
import { isServerName } from "./server-name.ts";
import type { EventId, RoomAlias, RoomId, ServerName, UserId } from "./types.ts";
import { exceedsUtf8 } from "./utf8-length.ts";

/** A SHA-256 as unpadded base64 in either alphabet: the ids of events since room version 3. */
const HASH = /^[0-9A-Za-z+/_-]{43}$/;
const URL_SAFE_HASH = /^[0-9A-Za-z_-]{43}$/;
const LOCALPART = /^[a-z0-9._=/+-]+$/;
const COMPLIANT_LOCALPART = /^[!-~]+$/;

/**
 * Whether this may stand as a user id in an event: historical localparts (anything but `:`, NUL and lone surrogates,
 * even empty) included, since rooms hold them.
 * https://spec.matrix.org/v1.19/appendices/#historical-user-ids
 */
export const isUserId = (id: string): id is UserId => hasSigilAndDomain(id, "@", 1);

/**
 * Whether a user id may be shown outside events (device lists, directory): printable ASCII, not empty.
 * https://spec.matrix.org/v1.19/appendices/#historical-user-ids
 */
export const isCompliantUserId = (id: string): id is UserId =>
  isUserId(id) && COMPLIANT_LOCALPART.test(localpartOf(id));

/** Whether a new account may have this localpart. https://spec.matrix.org/v1.19/appendices/#user-identifiers */
export const isValidLocalpart = (localpart: string): boolean => LOCALPART.test(localpart);

/** `!opaque:server`, or `!` and the hash of a create event. https://spec.matrix.org/v1.19/appendices/#room-ids */
export const isRoomId = (id: string): id is RoomId =>
  hasSigilAndDomain(id, "!", 2) || (id.startsWith("!") && URL_SAFE_HASH.test(id.slice(1)));

/** https://spec.matrix.org/v1.19/appendices/#room-aliases */
export const isRoomAlias = (id: string): id is RoomAlias => hasSigilAndDomain(id, "#", 2);

/** `$opaque:server`, or `$` and a hash in either base64 alphabet. https://spec.matrix.org/v1.19/appendices/#event-ids */
export const isEventId = (id: string): id is EventId =>
  hasSigilAndDomain(id, "$", 2) || (id.startsWith("$") && HASH.test(id.slice(1)));

/** The server an identifier was made on; undefined for the ids that are hashes. Checks nothing: the id is one. */
export function serverNameOf(id: UserId | RoomAlias): ServerName;
export function serverNameOf(id: RoomId | EventId): ServerName | undefined;
export function serverNameOf(id: string): ServerName | undefined {
  const colon = id.indexOf(":");
  return colon === -1 ? undefined : id.slice(colon + 1);
}

/** What stands between sigil and server. Checks nothing: the id is one. */
export const localpartOf = (id: UserId | RoomAlias): string => id.slice(1, id.indexOf(":"));

/** A localpart cannot hold a colon, so the first one ends it; `minColon` 2 asks for a localpart that is not empty. */
function hasSigilAndDomain(id: string, sigil: string, minColon: 1 | 2): boolean {
  if (!id.startsWith(sigil)) return false;
  const colon = id.indexOf(":");
  if (colon < minColon || exceedsUtf8(id, MAX_IDENTIFIER_BYTES)) return false;
  return isServerName(id.slice(colon + 1)) && !id.includes("\0") && id.isWellFormed();
}
