import type { EventId } from "@croft/protocol";
import { ByteCache } from "../sql/byte-cache.ts";
import type { StateGroup } from "../stores/room-state.ts";
import { NumberedTexts } from "./numbered-texts.ts";
import type { GroupNode } from "./place-group.ts";

const NODE_BUDGET = 16 << 20;
const MAP_BUDGET = 16 << 20;
const KEY_BUDGET = 16 << 20;
const EVENT_ID_BUDGET = 32 << 20;

/** An entry of a node: a key of four bytes and an event of eight. */
const NODE_ENTRY = 12;
/** An entry of a map: its slot; the strings are shared with other maps. */
const MAP_ENTRY = 48;
const OBJECT = 200;

/**
 * What storage remembers of stored states, shared by all that read and write them. Rows of groups never change, so
 * nothing in here grows stale. Groups of writes under way are kept apart until those end: later writes may build on
 * them before they can be read.
 */
export class StateMemory {
  readonly #nodes = new ByteCache<StateGroup, GroupNode>(
    NODE_BUDGET,
    ({ entries }) => OBJECT + NODE_ENTRY * entries.keys.length,
  );
  readonly #underWay = new Map<StateGroup, GroupNode>();
  readonly maps = new ByteCache<StateGroup, ReadonlyMap<string, EventId>>(
    MAP_BUDGET,
    ({ size }) => OBJECT + MAP_ENTRY * size,
  );
  readonly keys = new NumberedTexts<string>(KEY_BUDGET);
  readonly eventIds = new NumberedTexts<EventId>(EVENT_ID_BUDGET);

  node(group: StateGroup): GroupNode | undefined {
    return this.#nodes.get(group) ?? this.#underWay.get(group);
  }

  add(node: GroupNode): void {
    this.#nodes.set(node.group, node);
  }

  begin(node: GroupNode): void {
    this.#underWay.set(node.group, node);
  }

  end(node: GroupNode, committed: boolean): void {
    this.#underWay.delete(node.group);
    if (committed) this.add(node);
  }
}
