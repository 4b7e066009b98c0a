import type { EventId } from "@croft/protocol";
import type { Position } from "../sql.ts";
import type { NewEvent } from "../stores/events.ts";

/** An accepted message of Alice in `!room:example.org`, but for what is given. */
export function sampleEvent(given: Partial<NewEvent> & { eventId: EventId; position: Position }): NewEvent {
  const json = given.json ?? `{"content":{"body":"${given.eventId}"},"prev_events":[]}`;
  return {
    roomId: "!room:example.org",
    type: "m.room.message",
    sender: "@alice:example.org",
    stateKey: undefined,
    originServerTs: 1_700_000_000_000,
    depth: 1,
    json,
    contentStart: json.indexOf("{", 1),
    contentEnd: json.indexOf("}") + 1,
    status: "accepted",
    stateBefore: 0,
    stateAfter: 0,
    sentBy: undefined,
    notifies: false,
    highlights: false,
    ...given,
  };
}
