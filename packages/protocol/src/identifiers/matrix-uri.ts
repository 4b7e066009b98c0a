import { isEventId, isRoomAlias, isRoomId, isUserId } from "./identifiers.ts";
import { isServerName } from "./server-name.ts";
import type { EventId, RoomAlias, RoomId, ServerName, UserId } from "./types.ts";

/** What a link points at, and how to get there. `action` is what the link proposes to do: join a room, chat with a user. */
export type MatrixLink = {
  readonly id: UserId | RoomId | RoomAlias;
  readonly eventId?: EventId;
  readonly via?: readonly ServerName[];
  readonly action?: "join" | "chat";
};

const MATRIX_TO = /^https?:\/\/matrix\.to\/#\//i;
/** The event is found by its sigil: its own id may hold slashes (room version 3), as may the alias before it. */
const MATRIX_TO_EVENT = /\/(?=\$|%24)/i;
const MATRIX_SCHEME = /^matrix:(?:\/\/[^/]*\/)?/i;

/** The `matrix:` types, and those of its drafts, which are still read but never written. */
const SIGILS: { readonly [type: string]: string } = {
  u: "@",
  user: "@",
  r: "#",
  room: "#",
  roomid: "!",
  e: "$",
  event: "$",
};

/**
 * Reads a `matrix:` or `https://matrix.to/` link; undefined when it is neither or names nothing valid. Servers in `via`
 * that are none are left out, as is an action that does not fit.
 * https://spec.matrix.org/v1.19/appendices/#uris
 */
export function parseMatrixUri(uri: string): MatrixLink | undefined {
  if (MATRIX_TO.test(uri)) {
    const [path, query] = cut(uri.replace(MATRIX_TO, ""), "?");
    const [id, ...event] = path.replace(/\/$/, "").split(MATRIX_TO_EVENT);
    return linkOf(decode(id), event.length === 0 ? undefined : decode(event.join("/")), query);
  }
  if (MATRIX_SCHEME.test(uri)) {
    const [path, query] = cut(cut(uri.replace(MATRIX_SCHEME, ""), "#")[0], "?");
    const parts = path.replace(/\/$/, "").split("/");
    if (parts.length !== 2 && parts.length !== 4) return undefined;
    return linkOf(withSigil(parts[0], parts[1]), parts.length === 4 ? withSigil(parts[2], parts[3]) : undefined, query);
  }
  return undefined;
}

/** https://spec.matrix.org/v1.19/appendices/#matrix-uri-scheme */
export function matrixUri(link: MatrixLink): string {
  const type = link.id.startsWith("@") ? "u" : link.id.startsWith("#") ? "r" : "roomid";
  const event = link.eventId === undefined ? "" : `/e/${encode(link.eventId.slice(1))}`;
  return `matrix:${type}/${encode(link.id.slice(1))}${event}${queryOf(link)}`;
}

/** https://spec.matrix.org/v1.19/appendices/#matrixto-navigation (it has no word for an action). */
export function matrixToUri({ id, eventId, via = [] }: MatrixLink): string {
  const event = eventId === undefined ? "" : `/${encode(eventId)}`;
  return `https://matrix.to/#/${encode(id)}${event}${queryOf({ id, via })}`;
}

function linkOf(id: string | undefined, eventId: string | undefined, query: string): MatrixLink | undefined {
  if (id === undefined || !(isUserId(id) || isRoomId(id) || isRoomAlias(id))) return undefined;
  if (eventId !== undefined && (isUserId(id) || !isEventId(eventId))) return undefined;
  const via: ServerName[] = [];
  let action: "join" | "chat" | undefined;
  for (const item of query.split("&")) {
    const [name, value] = cut(item, "=");
    const text = decode(value);
    if (name === "via" && text !== undefined && isServerName(text)) via.push(text);
    if (name === "action" && text === (isUserId(id) ? "chat" : "join")) action = text;
  }
  return { id, via, ...(eventId === undefined ? {} : { eventId }), ...(action === undefined ? {} : { action }) };
}

function queryOf({ via = [], action }: MatrixLink): string {
  const items = via.map((server) => `via=${encode(server)}`);
  if (action !== undefined) items.unshift(`action=${action}`);
  return items.length === 0 ? "" : `?${items.join("&")}`;
}

function withSigil(type = "", id = ""): string | undefined {
  const sigil = Object.hasOwn(SIGILS, type) ? SIGILS[type] : undefined;
  const text = decode(id);
  return sigil === undefined || text === undefined ? undefined : sigil + text;
}

/** Percent-encodes all but the few characters that links leave readable by custom and the grammar of a path allows. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%40", "@").replaceAll("%24", "$");

/** Undefined when the percent-encoding is broken. */
function decode(text = ""): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What is before and after the first `separator`. */
function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
