import type { EventFilter, RoomEventFilter } from "@croft/api";
import type { JsonObject, RoomId } from "@croft/protocol";
import type { StoredEvent } from "@croft/storage";
import { contentText } from "../client-event/event-content.ts";

export type CompiledEventFilter = {
  readonly limit: number | undefined;
  /** `sender` is undefined for what has none (account data): a filter by senders does not concern it. */
  matches(event: { readonly type: string; readonly sender?: string | undefined }): boolean;
};

export type CompiledRoomEventFilter = {
  readonly limit: number | undefined;
  readonly lazyLoadMembers: boolean;
  readonly includeRedundantMembers: boolean;
  readonly unreadThreadNotifications: boolean;
  allowsRoom(roomId: RoomId): boolean;
  /** Type, sender and content; the room is asked of `allowsRoom`, once. */
  matches(event: StoredEvent): boolean;
  /** The same filter for what is not stored as an event: `m.typing`, `m.receipt`, account data. */
  matchesType(type: string, sender?: string): boolean;
};

type TypePattern = (type: string) => boolean;

/** Compiled once, then asked for each event. */
export function compileEventFilter(filter: EventFilter): CompiledEventFilter {
  const types = filter.types && anyType(filter.types);
  const notTypes = filter.not_types && anyType(filter.not_types);
  const senders = filter.senders && new Set<string>(filter.senders);
  const notSenders = filter.not_senders && new Set<string>(filter.not_senders);
  return {
    limit: filter.limit,
    matches: ({ type, sender }) =>
      !(types && !types(type)) &&
      !notTypes?.(type) &&
      (sender === undefined || (!(senders && !senders.has(sender)) && !notSenders?.has(sender))),
  };
}

export function compileRoomEventFilter(filter: RoomEventFilter): CompiledRoomEventFilter {
  const { limit, matches } = compileEventFilter(filter);
  const rooms = filter.rooms && new Set<string>(filter.rooms);
  const notRooms = filter.not_rooms && new Set<string>(filter.not_rooms);
  const containsUrl = filter.contains_url;
  return {
    limit,
    lazyLoadMembers: filter.lazy_load_members === true,
    includeRedundantMembers: filter.include_redundant_members === true,
    unreadThreadNotifications: filter.unread_thread_notifications === true,
    allowsRoom: (roomId) => !(rooms && !rooms.has(roomId)) && !notRooms?.has(roomId),
    matches: (event) => matches(event) && (containsUrl === undefined || hasUrl(event) === containsUrl),
    matchesType: (type, sender) => matches({ type, sender }),
  };
}

function anyType(patterns: readonly string[]): TypePattern {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const globs = patterns.filter((pattern) => pattern.includes("*")).map((pattern) => pattern.split("*"));
  return (type) => exact.has(type) || globs.some((parts) => matchesParts(parts, type));
}

/** Whether the parts stand in the text in order, the first at its start and the last at its end; linear, unlike a RegExp. */
function matchesParts(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index] ?? "";
    const found = text.indexOf(part, from);
    if (found === -1 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

/** Parses only what can have one. */
function hasUrl(event: StoredEvent): boolean {
  const content = contentText(event);
  return content.includes('"url"') && typeof (JSON.parse(content) as JsonObject)["url"] === "string";
}
