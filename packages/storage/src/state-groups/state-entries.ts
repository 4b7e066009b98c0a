/**
 * State as numbers: interned (type, state key) pairs in ascending order, each with the number of its event. In a
 * difference an event of 0 means that the key has no value any more. Never modified once made.
 */
export type StateEntries = { readonly keys: Uint32Array; readonly events: Float64Array };

export const noEntries: StateEntries = { keys: new Uint32Array(0), events: new Float64Array(0) };

/** Of two values for one key the later wins. */
export function stateEntries(values: Iterable<readonly [key: number, event: number]>): StateEntries {
  const sorted = [...new Map(values)].sort(([a], [b]) => a - b);
  return { keys: Uint32Array.from(sorted, ([key]) => key), events: Float64Array.from(sorted, ([, event]) => event) };
}

/** The event of a key; 0 where it was removed, undefined where nothing is said about it. */
export function eventAt({ keys, events }: StateEntries, key: number): number | undefined {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return keys[low] === key ? events[low] : undefined;
}

/** Both, where the upper one has the say. */
export function overlay(lower: StateEntries, upper: StateEntries): StateEntries {
  const keys = new Uint32Array(lower.keys.length + upper.keys.length);
  const events = new Float64Array(keys.length);
  let length = 0;
  let l = 0;
  for (let u = 0; u <= upper.keys.length; u++) {
    const next = upper.keys[u] ?? Number.POSITIVE_INFINITY;
    while (l < lower.keys.length && lower.keys[l]! < next) {
      keys[length] = lower.keys[l]!;
      events[length++] = lower.events[l++]!;
    }
    if (u === upper.keys.length) break;
    if (lower.keys[l] === next) l++;
    keys[length] = next;
    events[length++] = upper.events[u]!;
  }
  return { keys: keys.slice(0, length), events: events.slice(0, length) };
}

/** The entries that pass. */
export function select({ keys, events }: StateEntries, passes: (key: number, event: number) => boolean): StateEntries {
  const kept: number[] = [];
  for (let i = 0; i < keys.length; i++) if (passes(keys[i]!, events[i]!)) kept.push(i);
  if (kept.length === keys.length) return { keys, events };
  return { keys: Uint32Array.from(kept, (i) => keys[i]!), events: Float64Array.from(kept, (i) => events[i]!) };
}
