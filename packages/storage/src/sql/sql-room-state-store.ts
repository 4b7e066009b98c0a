import { event, type Interned, room, stateKey, type WriteSql } from "../sql.ts";
import { encodeEntries } from "../state-groups/entries-codec.ts";
import { placeGroup } from "../state-groups/place-group.ts";
import { type StateEntries, stateEntries } from "../state-groups/state-entries.ts";
import type { StateMemory } from "../state-groups/state-memory.ts";
import type { RoomStateReader, RoomStateStore, StateChange } from "../stores/room-state.ts";
import { readChain } from "./sql-room-state-reader.ts";

export function sqlRoomStateStore(sql: WriteSql, reader: RoomStateReader, memory: StateMemory): RoomStateStore {
  return {
    ...reader,

    async derive(parent, changes) {
      const numbered = await numberChanges(sql, memory, changes);
      const place = placeGroup(await readChain(sql, memory, parent), numbered);
      if (typeof place === "number") return place;
      const group = sql.nextNumber("stateGroup");
      sql.run`
        INSERT INTO state_groups (state_group, base, entries)
        VALUES (${group}, ${place.base}, ${encodeEntries(place.entries)})`;
      const node = { group, ...place };
      memory.begin(node);
      sql.onSettled((committed) => memory.end(node, committed));
      return group;
    },

    changed(roomId, position, changes) {
      for (const { key, eventId, previous } of changes) {
        sql.run`
          INSERT INTO state_deltas (room_num, position, state_key_num, event_num, previous_num)
          VALUES (${room(roomId)}, ${position}, ${stateKey(key)}, ${eventId === undefined ? null : event(eventId)},
            ${previous === undefined ? null : event(previous)})`;
      }
    },
  };
}

/** Until the write has ended no query finds what it brings: its texts are kept at hand. */
async function numberChanges(
  sql: WriteSql,
  memory: StateMemory,
  changes: readonly StateChange[],
): Promise<StateEntries> {
  const ids: Interned[] = changes.map(({ key }) => stateKey(key));
  for (const { eventId } of changes) if (eventId !== undefined) ids.push(event(eventId));
  const numbers = await sql.numbersOf(ids);

  const releases: ((committed: boolean) => void)[] = [];
  let next = changes.length;
  const entries = changes.map(({ key, eventId }, i): [key: number, event: number] => {
    releases.push(memory.keys.pin(numbers[i]!, key));
    if (eventId === undefined) return [numbers[i]!, 0];
    const eventNumber = numbers[next++]!;
    releases.push(memory.eventIds.pin(eventNumber, eventId));
    return [numbers[i]!, eventNumber];
  });
  sql.onSettled((committed) => {
    for (const release of releases) release(committed);
  });
  return stateEntries(entries);
}
