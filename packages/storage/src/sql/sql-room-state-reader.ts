import { type EventId, stateMapKey } from "@croft/protocol";
import { anyOf, type ReadSql, room, stateKey } from "../sql.ts";
import { decodeEntries } from "../state-groups/entries-codec.ts";
import { entriesOfChain, eventInChain, type GroupChain, type GroupNode } from "../state-groups/place-group.ts";
import { type StateEntries, select } from "../state-groups/state-entries.ts";
import type { StateMemory } from "../state-groups/state-memory.ts";
import type { RoomStateReader, StateGroup } from "../stores/room-state.ts";

/** A group with everything under it: three rows at most, mostly from memory. */
export async function readChain(sql: ReadSql, memory: StateMemory, group: StateGroup): Promise<GroupChain> {
  return chainOf(await readNodes(sql, memory, [group]), group);
}

function chainOf(nodes: ReadonlyMap<StateGroup, GroupNode>, group: StateGroup): GroupChain {
  const chain: GroupNode[] = [];
  for (let next = group; next !== 0; ) {
    const node = nodes.get(next);
    if (node === undefined) throw new Error(`state group ${next} is not stored`);
    chain.unshift(node);
    next = node.base;
  }
  return chain;
}

/** Groups with everything under them, read level by level. */
async function readNodes(
  sql: ReadSql,
  memory: StateMemory,
  groups: Iterable<StateGroup>,
): Promise<ReadonlyMap<StateGroup, GroupNode>> {
  const nodes = new Map<StateGroup, GroupNode>();
  for (let level = new Set(groups); level.size > 0; ) {
    const missing: StateGroup[] = [];
    const found: GroupNode[] = [];
    for (const group of level) {
      if (group === 0 || nodes.has(group)) continue;
      const node = memory.node(group);
      if (node === undefined) missing.push(group);
      else found.push(node);
    }
    if (missing.length > 0) {
      const rows = await sql.all<{ state_group: number; base: number; entries: Uint8Array }>`
        SELECT state_group, base, entries FROM state_groups WHERE state_group ${anyOf(missing)}`;
      for (const { state_group: group, base, entries } of rows) {
        const node = { group, base, entries: decodeEntries(entries) };
        memory.add(node);
        found.push(node);
      }
    }
    level = new Set();
    for (const node of found) {
      nodes.set(node.group, node);
      level.add(node.base);
    }
  }
  return nodes;
}

/** Keys that are asked for again and again: those of the readers, and those that every room has. */
const MAX_KEY_NUMBERS = 10_000;

export function sqlRoomStateReader(sql: ReadSql, memory: StateMemory): RoomStateReader {
  const keyTexts = (numbers: ArrayLike<number>) =>
    memory.keys.of(numbers, async (missing) => {
      const rows = await sql.all<{ number: number; text: string }>`
        SELECT state_key_num AS number, state_key AS text FROM state_keys WHERE state_key_num ${anyOf(missing)}`;
      return rows.map(({ number, text }) => [number, text]);
    });

  const keyNumbers = new Map<string, number>();

  const numberOf = async (key: string): Promise<number | undefined> => {
    const known = memory.keys.pinned(key) ?? keyNumbers.get(key);
    if (known !== undefined) return known;
    const row = await sql.one<{ number: number }>`
      SELECT state_key_num AS number FROM state_keys WHERE state_key_num = ${stateKey(key)}`;
    if (row === undefined) return undefined;
    if (keyNumbers.size >= MAX_KEY_NUMBERS) keyNumbers.clear();
    keyNumbers.set(key, row.number);
    return row.number;
  };

  const eventIdsOf = (events: ArrayLike<number>) =>
    memory.eventIds.of(events, async (missing) => {
      const rows = await sql.all<{ number: number; text: EventId }>`
        SELECT event_num AS number, event_id AS text FROM events WHERE event_num ${anyOf(missing)}`;
      return rows.map(({ number, text }) => [number, text]);
    });

  const mapOf = async (entries: StateEntries): Promise<ReadonlyMap<string, EventId>> => {
    const keys = await keyTexts(entries.keys);
    const eventIds = await eventIdsOf(entries.events);
    const map = new Map<string, EventId>();
    for (let i = 0; i < keys.length; i++) map.set(keys[i]!, eventIds[i]!);
    return map;
  };

  const byNumber = async <Text extends string>(
    numbers: Iterable<number>,
    texts: (numbers: readonly number[]) => Promise<Text[]>,
  ): Promise<ReadonlyMap<number, Text>> => {
    const distinct = [...new Set(numbers)];
    const found = await texts(distinct);
    return new Map(distinct.map((number, index) => [number, found[index]!]));
  };

  const mapsOf = async (states: readonly StateEntries[]): Promise<ReadonlyMap<string, EventId>[]> => {
    const keys = await byNumber(
      states.flatMap((entries) => [...entries.keys]),
      keyTexts,
    );
    const eventIds = await byNumber(
      states.flatMap((entries) => [...entries.events]),
      eventIdsOf,
    );
    return states.map((entries) => {
      const map = new Map<string, EventId>();
      entries.keys.forEach((key, i) => void map.set(keys.get(key)!, eventIds.get(entries.events[i]!)!));
      return map;
    });
  };

  return {
    async map(group) {
      const known = memory.maps.get(group);
      if (known !== undefined) return known;
      const map = await mapOf(entriesOfChain(await readChain(sql, memory, group)));
      memory.maps.set(group, map);
      return map;
    },

    async maps(groups) {
      const maps = groups.map((group) => memory.maps.get(group));
      const missing = [...new Set(groups.filter((_, index) => maps[index] === undefined))];
      const nodes = await readNodes(sql, memory, missing);
      const read = await mapsOf(missing.map((group) => entriesOfChain(chainOf(nodes, group))));
      const byGroup = new Map(missing.map((group, index) => [group, read[index]!]));
      for (const [group, map] of byGroup) memory.maps.set(group, map);
      return groups.map((group, index) => maps[index] ?? byGroup.get(group)!);
    },

    async get(group, key) {
      const known = memory.maps.get(group);
      if (known !== undefined) return known.get(key);
      const number = await numberOf(key);
      if (number === undefined) return undefined;
      const event = eventInChain(await readChain(sql, memory, group), number);
      return event === undefined ? undefined : (await eventIdsOf([event]))[0];
    },

    async values(groups, key) {
      const number = await numberOf(key);
      if (number === undefined) return groups.map(() => undefined);
      const nodes = await readNodes(sql, memory, groups);
      const events = groups.map((group) => eventInChain(chainOf(nodes, group), number));
      const wanted = [...new Set(events)].filter((event) => event !== undefined);
      const ids = await eventIdsOf(wanted);
      const idByEvent = new Map(wanted.map((event, index) => [event, ids[index]]));
      return events.map((event) => (event === undefined ? undefined : idByEvent.get(event)));
    },

    async ofType(group, type) {
      const entries = entriesOfChain(await readChain(sql, memory, group));
      const keys = await keyTexts(entries.keys);
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
