import type { Pdu } from "../events/pdu.ts";
import type { RoomVersion } from "../room-versions/room-version.ts";
import { authEventTypes } from "./auth-event-types.ts";
import { ALLOWED, type AuthVerdict, refuse } from "./verdict.ts";

/** An event that `auth_events` names, and whether it was itself rejected on receipt. */
export type AuthEvent = { readonly event: Pdu; readonly rejected: boolean };

/**
 * Rule 2 (3 in version 12): whether an event cites the right auth events, `authEvents` being all those it names. Apart
 * from `checkAuth`, as it is asked of an event once, on receipt, and does not depend on any state.
 */
export function checkAuthEventsSelection({
  version,
  event,
  authEvents,
}: {
  readonly version: RoomVersion;
  readonly event: Pdu;
  readonly authEvents: readonly AuthEvent[];
}): AuthVerdict {
  // Rule 1 alone judges a create event.
  if (event.type === "m.room.create") return ALLOWED;

  const expected = authEventTypes(event, version);
  const seen = new Set<number>();
  let hasCreate = false;
  for (const { event: authEvent, rejected } of authEvents) {
    const { type, state_key } = authEvent;
    // 2. If there are entries whose type and state_key don't match those specified by the auth events selection
    //    algorithm, reject.
    const index = expected.findIndex(([expectedType, stateKey]) => expectedType === type && stateKey === state_key);
    if (index === -1) return refuse(version, "authEvents.unexpected", `A ${type} event does not belong here`);
    // 1. If there are duplicate entries for a given type and state_key pair, reject.
    if (seen.has(index)) return refuse(version, "authEvents.duplicate", `Two ${type} events are cited`);
    seen.add(index);
    // 3. If there are entries which were themselves rejected, reject.
    if (rejected) return refuse(version, "authEvents.rejected", `The ${type} event was rejected`);
    // 5. If any event in auth_events has a room_id which does not match that of the event being authorised, reject.
    if (authEvent.room_id !== event.room_id) {
      return refuse(version, "authEvents.roomId", `The ${type} event is of another room`);
    }
    hasCreate ||= type === "m.room.create";
  }

  // 4. Until version 11: if there is no m.room.create event among the entries, reject.
  if (!version.roomIdIsCreateHash && !hasCreate) {
    return refuse(version, "authEvents.create", "The create event is not cited");
  }
  return ALLOWED;
}
