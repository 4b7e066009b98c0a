import type { EventId } from "../identifiers/types.ts";

/** A room's state: the event in force for each key that {@link stateMapKey} makes of a type and a state key. */
export type StateMap = ReadonlyMap<string, EventId>;

/**
 * A type and a state key as one string. Both may hold any character, so no separator would do: the length of the type
 * stands in front, as one character (types are at most 255 bytes long).
 */
export const stateMapKey = (type: string, stateKey: string): string =>
  String.fromCharCode(type.length) + type + stateKey;

/** The type and the state key that {@link stateMapKey} was given. */
export function parseStateMapKey(key: string): readonly [type: string, stateKey: string] {
  const end = 1 + key.charCodeAt(0);
  return [key.slice(1, end), key.slice(end)];
}
