import { type EventId, stateMapKey } from "@croft/protocol";
import { anyOf, type ReadSql, room, stateKey } from "../sql.ts";
import { decodeEntries } from "../state-groups/entries-codec.ts";
import { entriesOfChain, eventInChain, type GroupChain, type GroupNode } from "../state-groups/place-group.ts";
import { type StateEntries, select } from "../state-groups/state-entries.ts";
import type { StateMemory } from "../state-groups/state-memory.ts";
import type { RoomStateReader, StateGroup } from "../stores/room-state.ts";

/** A group with everything under it: three rows at most, mostly from memory. */
export async function readChain(sql: ReadSql, memory: StateMemory, group: StateGroup): Promise<GroupChain> {
  const chain: GroupNode[] = [];
  for (let next = group; next !== 0; ) {
    const node = memory.node(next) ?? (await readNode(sql, memory, next));
    chain.unshift(node);
    next = node.base;
  }
  return chain;
}

async function readNode(sql: ReadSql, memory: StateMemory, group: StateGroup): Promise<GroupNode> {
  const row = await sql.one<{ base: number; entries: Uint8Array }>`
    SELECT base, entries FROM state_groups WHERE state_group = ${group}`;
  if (row === undefined) throw new Error(`state group ${group} is not stored`);
  const node = { group, base: row.base, entries: decodeEntries(row.entries) };
  memory.add(node);
  return node;
}

export function sqlRoomStateReader(sql: ReadSql, memory: StateMemory): RoomStateReader {
  const keysOf = ({ keys }: StateEntries) =>
    memory.keys.of(keys, async (missing) => {
      const rows = await sql.all<{ number: number; text: string }>`
        SELECT state_key_num AS number, state_key AS text FROM state_keys WHERE state_key_num ${anyOf(missing)}`;
      return rows.map(({ number, text }) => [number, text]);
    });

  const storedNumber = async (key: string) => {
    const row = await sql.one<{ number: number }>`
      SELECT state_key_num AS number FROM state_keys WHERE state_key_num = ${stateKey(key)}`;
    return row?.number;
  };

  const eventIdsOf = (events: ArrayLike<number>) =>
    memory.eventIds.of(events, async (missing) => {
      const rows = await sql.all<{ number: number; text: EventId }>`
        SELECT event_num AS number, event_id AS text FROM events WHERE event_num ${anyOf(missing)}`;
      return rows.map(({ number, text }) => [number, text]);
    });

  const mapOf = async (entries: StateEntries): Promise<ReadonlyMap<string, EventId>> => {
    const keys = await keysOf(entries);
    const eventIds = await eventIdsOf(entries.events);
    const map = new Map<string, EventId>();
    for (let i = 0; i < keys.length; i++) map.set(keys[i]!, eventIds[i]!);
    return map;
  };

  return {
    async map(group) {
      const known = memory.maps.get(group);
      if (known !== undefined) return known;
      const map = await mapOf(entriesOfChain(await readChain(sql, memory, group)));
      memory.maps.set(group, map);
      return map;
    },

    async get(group, key) {
      const known = memory.maps.get(group);
      if (known !== undefined) return known.get(key);
      const number = memory.keys.pinned(key) ?? (await storedNumber(key));
      if (number === undefined) return undefined;
      const event = eventInChain(await readChain(sql, memory, group), number);
      return event === undefined ? undefined : (await eventIdsOf([event]))[0];
    },

    async ofType(group, type) {
      const entries = entriesOfChain(await readChain(sql, memory, group));
      const keys = await keysOf(entries);
      const prefix = stateMapKey(type, "");
      const wanted = new Set<number>();
      keys.forEach((key, i) => {
        if (key.startsWith(prefix)) wanted.add(entries.keys[i]!);
      });
      return mapOf(select(entries, (key) => wanted.has(key)));
    },

    async deltas(roomId, after, upTo) {
      const rows = await sql.all<{
        position: number;
        key: string;
        event_id: EventId | null;
        previous: EventId | null;
      }>`
        SELECT d.position, k.state_key AS key, e.event_id, p.event_id AS previous
        FROM state_deltas d
        JOIN state_keys k ON k.state_key_num = d.state_key_num
        LEFT JOIN events e ON e.event_num = d.event_num
        LEFT JOIN events p ON p.event_num = d.previous_num
        WHERE d.room_num = ${room(roomId)} AND d.position > ${after} AND d.position <= ${upTo}
        ORDER BY d.position, d.state_key_num`;
      return rows.map(({ position, key, event_id, previous }) => ({
        position,
        key,
        eventId: event_id ?? undefined,
        previous: previous ?? undefined,
      }));
    },
  };
}
