import { type ClientEventTextsArgs, clientEventTexts, type StateAtEvents, stateEventTexts } from "@croft/rooms";
import type { StoredEvent } from "@croft/storage";
import { keepFields } from "../filters/event-fields.ts";
import type { SyncFilter } from "../filters/sync-filter.ts";
import type { AssembleDeps } from "./sync-deps.ts";

export type EventTextsArgs = {
  /** Of one room. */
  readonly events: readonly StoredEvent[];
  readonly filter: SyncFilter;
  /** As whom they are read; undefined: as anyone, for the many of a whole room's state. */
  readonly reader: ClientEventTextsArgs["reader"] | undefined;
  readonly stateAt: StateAtEvents;
};

/** Events in the form that the filter asks for, in their order. */
export async function eventTexts(
  { storage, clock }: Pick<AssembleDeps, "storage" | "clock">,
  { events, reader, filter, stateAt }: EventTextsArgs,
): Promise<string[]> {
  const { eventFields, federationFormat } = filter;
  const { read } = storage;
  const form = { events, withRoomId: false, now: clock.now() };
  const texts = federationFormat
    ? events.map(({ json }) => json)
    : reader === undefined
      ? await stateEventTexts({ read }, form)
      : await clientEventTexts({ read, stateAt }, { ...form, reader });
  return eventFields === undefined ? texts : texts.map((text) => keepFields(text, eventFields));
}

/** `"timeline":…,"state":…` of a room, in the words the client asked for. */
export const eventListText = (name: string, texts: readonly string[]): string =>
  `"${name}":{"events":[${texts.join(",")}]}`;
