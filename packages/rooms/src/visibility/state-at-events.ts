import type { EventReader, StateGroup, StateMapReader, StoredEvent } from "@croft/storage";

/**
 * State as it was at events, remembered while one request is answered: most events of a page share a state group, and
 * visibility and the client format ask for the same values. What a group holds never changes, so one of these may
 * serve several readers; it is not for keeping, as what it read is not seen to be redacted.
 */
export class StateAtEvents {
  readonly #reads: { readonly events: EventReader; readonly roomState: StateMapReader };
  readonly #known = new Map<string, Map<StateGroup, StoredEvent | undefined>>();

  constructor(reads: { readonly events: EventReader; readonly roomState: StateMapReader }) {
    this.#reads = reads;
  }

  /** The state event under `key` (a state map key) in each of `groups`; what was asked for before costs nothing. */
  async value(key: string, groups: Iterable<StateGroup>): Promise<ReadonlyMap<StateGroup, StoredEvent | undefined>> {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = new Map();
      this.#known.set(key, known);
    }
    const missing = new Set<StateGroup>();
    for (const group of groups) if (!known.has(group)) missing.add(group);
    if (missing.size > 0) await this.#load(key, [...missing], known);
    return known;
  }

  async #load(key: string, groups: readonly StateGroup[], known: Map<StateGroup, StoredEvent | undefined>) {
    const ids = await this.#reads.roomState.values(groups, key);
    const wanted = [...new Set(ids)].filter((id) => id !== undefined);
    const events = new Map((await this.#reads.events.byIds(wanted)).map((event) => [event.eventId, event]));
    groups.forEach((group, index) => {
      const id = ids[index];
      known.set(group, id === undefined ? undefined : events.get(id));
    });
  }
}
