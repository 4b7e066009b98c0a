import type { StateGroup } from "../stores/room-state.ts";
import { eventAt, noEntries, overlay, type StateEntries, select } from "./state-entries.ts";

/** One stored row: a snapshot (base 0), or what differs from its base. */
export type GroupNode = { readonly group: StateGroup; readonly base: StateGroup; readonly entries: StateEntries };

/**
 * A group with everything under it, the snapshot first. Never longer than three: a snapshot, what has gathered since
 * the snapshot, and what has gathered since that.
 */
export type GroupChain = readonly GroupNode[];

/** The event of a key in the state that a chain stands for. */
export function eventInChain(chain: GroupChain, key: number, height = chain.length): number | undefined {
  for (let level = height - 1; level >= 0; level--) {
    const event = eventAt(chain[level]!.entries, key);
    if (event !== undefined) return event === 0 ? undefined : event;
  }
  return undefined;
}

/** The whole state that a chain stands for. */
export function entriesOfChain(chain: GroupChain): StateEntries {
  return withoutRemovals(chain.reduce((lower, { entries }) => overlay(lower, entries), noEntries));
}

const withoutRemovals = (entries: StateEntries) => select(entries, (_key, event) => event !== 0);

/**
 * How much may gather on a level before the level below takes it. With `a` entries at most on the second level and `b`
 * on the first, a change to a room of n entries costs about a/2 + b/2a + n/b entries: a half of each second level, and
 * its share of the first levels and snapshots. That is least where a³ = 2n and b = a².
 */
function mayGather(level: number, snapshot: StateEntries): number {
  const edge = Math.max(8, Math.ceil(Math.cbrt(2 * snapshot.keys.length)));
  return level === 1 ? edge * edge : edge;
}

/**
 * Where the state goes that differs from the end of `chain` by `changes`: the group that holds it already, or the row
 * to write.
 */
export function placeGroup(chain: GroupChain, changes: StateEntries): StateGroup | Omit<GroupNode, "group"> {
  const differs = (height: number) => (key: number, event: number) => (eventInChain(chain, key, height) ?? 0) !== event;

  let entries = select(changes, differs(chain.length));
  if (entries.keys.length === 0) return chain.at(-1)?.group ?? 0;

  for (let level = Math.min(chain.length, 2); level > 0; level--) {
    const rival = chain[level];
    if (rival !== undefined) entries = overlay(rival.entries, entries);
    entries = select(entries, differs(level));
    const base = chain[level - 1]!;
    if (entries.keys.length === 0) return base.group;
    if (entries.keys.length <= mayGather(level, chain[0]!.entries)) return { base: base.group, entries };
  }

  const snapshot = withoutRemovals(overlay(chain[0]?.entries ?? noEntries, entries));
  return snapshot.keys.length === 0 ? 0 : { base: 0, entries: snapshot };
}
