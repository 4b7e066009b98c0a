import type { StateEntries } from "./state-entries.ts";

/*
 * Each entry is two varints: how far its key is from the previous one, and the same of its event, zigzag since events
 * are in no order; numbers of events stay below 2^52 for its sake. Neighbours are close (members who joined together), so two to six bytes hold an entry. No two keys
 * share an event, which leaves an event distance of 0 to say "removed".
 */

/** Seven bits a byte hold 2^53 in eight bytes. */
const longestVarint = 8;

export function encodeEntries({ keys, events }: StateEntries): Uint8Array {
  const bytes = new Uint8Array(2 * longestVarint * keys.length);
  let at = 0;
  const put = (value: number) => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) + 128;
    bytes[at++] = rest;
  };
  let previousKey = 0;
  let previousEvent = 0;
  for (let i = 0; i < keys.length; i++) {
    put(keys[i]! - previousKey);
    previousKey = keys[i]!;
    if (events[i] === 0) {
      put(0);
      continue;
    }
    const distance = events[i]! - previousEvent;
    put(distance < 0 ? -2 * distance - 1 : 2 * distance);
    previousEvent = events[i]!;
  }
  return bytes.slice(0, at);
}

export function decodeEntries(bytes: Uint8Array): StateEntries {
  // An entry takes two bytes at least.
  const keys = new Uint32Array(bytes.length >>> 1);
  const events = new Float64Array(keys.length);
  let at = 0;
  const take = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++]!;
      if (byte < 128) return value + byte * unit;
      value += (byte - 128) * unit;
    }
  };
  let length = 0;
  let key = 0;
  let event = 0;
  while (at < bytes.length) {
    key += take();
    const distance = take();
    if (distance !== 0) event += distance % 2 === 0 ? distance / 2 : -(distance + 1) / 2;
    keys[length] = key;
    events[length++] = distance === 0 ? 0 : event;
  }
  return { keys: keys.slice(0, length), events: events.slice(0, length) };
}
