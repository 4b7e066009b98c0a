import { type ClientEventTextsArgs, clientEventTexts, type StateAtEvents } from "@croft/rooms";
import type { StoredEvent } from "@croft/storage";
import { keepFields } from "../filters/event-fields.ts";
import type { SyncFilter } from "../filters/sync-filter.ts";
import type { AssembleDeps } from "./sync-deps.ts";

/** Events of one room in the form that the filter asks for, in their order. */
export async function eventTexts(
  { storage, clock }: Pick<AssembleDeps, "storage" | "clock">,
  {
    events,
    reader,
    filter,
    stateAt,
  }: {
    readonly events: readonly StoredEvent[];
    readonly reader: ClientEventTextsArgs["reader"];
    readonly filter: SyncFilter;
    readonly stateAt: StateAtEvents;
  },
): Promise<string[]> {
  const { eventFields, federationFormat } = filter;
  const texts = federationFormat
    ? events.map(({ json }) => json)
    : await clientEventTexts(
        { read: storage.read, stateAt },
        { events, reader, withRoomId: false, now: clock.now() },
      );
  return eventFields === undefined ? texts : texts.map((text) => keepFields(text, eventFields));
}

/** `"timeline":…,"state":…` of a room, in the words the client asked for. */
export const eventListText = (name: string, texts: readonly string[]): string => `"${name}":{"events":[${texts.join(",")}]}`;
