import { stateMapKey } from "@croft/protocol";
import type { EventReader, StateGroup, StateMapReader, StoredEvent } from "@croft/storage";

/**
 * The member events of those who sent `events`, as they were at `group`.
 * https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 */
export async function sendersMembers(
  { events: reader, roomState }: { readonly events: EventReader; readonly roomState: StateMapReader },
  { events, group }: { readonly events: readonly StoredEvent[]; readonly group: StateGroup },
): Promise<StoredEvent[]> {
  const senders = [...new Set(events.map((event) => event.sender))];
  const ids = await Promise.all(senders.map((sender) => roomState.get(group, stateMapKey("m.room.member", sender))));
  return await reader.byIds(ids.filter((id) => id !== undefined));
}
