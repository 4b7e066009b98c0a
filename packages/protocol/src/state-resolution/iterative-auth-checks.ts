import type { AuthQuestion } from "../auth-rules/auth-question.ts";
import { checkAuth } from "../auth-rules/check-auth.ts";
import type { EventId } from "../identifiers/types.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { createEventIdOf } from "./create-event-id.ts";
import type { EventSource } from "./event-source.ts";
import { stateMapKey } from "./state-map.ts";

export type AuthChecks = {
  readonly version: RoomVersion;
  readonly source: EventSource;
  readonly rejected: (eventId: EventId) => boolean;
  readonly signatures: AuthQuestion["signatures"];
};

const CREATE = stateMapKey("m.room.create", "");

/**
 * Applies sorted state events to a state, each if the authorisation rules allow it there.
 * https://spec.matrix.org/v1.19/rooms/v2/#definitions
 */
export function iterativeAuthChecks(
  { version, source, rejected, signatures }: AuthChecks,
  state: Map<string, EventId>,
  eventIds: readonly EventId[],
): void {
  for (const eventId of eventIds) {
    const event = source.event(eventId);
    if (event.state_key === undefined) continue;

    // Where the state lacks a key, the event's own auth event is used, unless that was rejected.
    const cited = new Map<string, EventId>();
    for (const authEventId of source.authEvents(eventId)) {
      const { type, state_key } = source.event(authEventId);
      if (state_key !== undefined && !rejected(authEventId)) cited.set(stateMapKey(type, state_key), authEventId);
    }
    // From version 12 the create event is nobody's auth event; the room id stands for it.
    if (version.roomIdIsCreateHash) {
      const createId = createEventIdOf(version, source, eventId, event);
      if (createId !== undefined && !rejected(createId)) cited.set(CREATE, createId);
    }
    const find = (key: string): EventId | undefined => state.get(key) ?? cited.get(key);

    const verdict = checkAuth({
      version,
      event,
      authState: (type, stateKey) => {
        const found = find(stateMapKey(type, stateKey));
        return found === undefined ? undefined : source.event(found);
      },
      createEventId: find(CREATE),
      signatures,
    });
    if (verdict.allowed) state.set(stateMapKey(event.type, event.state_key), eventId);
  }
}
