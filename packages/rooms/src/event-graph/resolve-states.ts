import {
  type EventId,
  type Pdu,
  type RoomVersion,
  resolveState,
  type SignatureChecks,
  type StateMap,
} from "@croft/protocol";
import type { StateChange, Storage } from "@croft/storage";
import { parsePdu } from "./parse-pdu.ts";

export type ResolveStatesDeps = {
  readonly storage: Pick<Storage<"events">, "read">;
  readonly signatures: SignatureChecks;
};

/** The one state that several make, loading what the resolution turns out to need. `given` are events not stored yet. */
export async function resolveStates(
  { storage, signatures }: ResolveStatesDeps,
  {
    version,
    stateSets,
    given = [],
  }: {
    version: RoomVersion;
    stateSets: readonly StateMap[];
    given?: readonly { readonly eventId: EventId; readonly pdu: Pdu }[];
  },
): Promise<StateMap> {
  const pdus = new Map(given.map(({ eventId, pdu }) => [eventId, pdu]));
  const rejected = new Set<EventId>();
  for (;;) {
    const resolution = resolveState({
      version,
      stateSets,
      events: (eventId) => pdus.get(eventId),
      rejected: (eventId) => rejected.has(eventId),
      signedByKey: signatures.signedByKey,
    });
    if (resolution.resolved) return resolution.state;
    const loaded = await storage.read.events.byIds(resolution.missing);
    if (loaded.length === 0) throw new Error(`state resolution lacks ${resolution.missing.join(", ")}`);
    for (const { eventId, json, status } of loaded) {
      pdus.set(eventId, parsePdu(json, version));
      if (status === "rejected") rejected.add(eventId);
    }
  }
}

/** What turns one state into another. */
export function differences(from: StateMap, to: StateMap): StateChange[] {
  const changes: StateChange[] = [];
  if (from === to) return changes;
  for (const [key, eventId] of to) if (from.get(key) !== eventId) changes.push({ key, eventId });
  for (const key of from.keys()) if (!to.has(key)) changes.push({ key, eventId: undefined });
  return changes;
}
