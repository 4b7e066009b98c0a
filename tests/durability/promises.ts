import { getAccountData, getOneRoomEvent, getRoomEvents, sync, uploadKeys } from "@croft/api";
import { expect } from "vitest";
import { ok } from "../../packages/testkit/src/call.ts";
import type { Ledger, Room, World } from "./ledger.ts";
import { messageAgain, receive, sendAgain } from "./load.ts";

/** How many requests of a check are under way at once. */
const AT_ONCE = 16;

async function forEach<Item>(items: Iterable<Item>, step: (item: Item) => Promise<void>): Promise<void> {
  const queue = Iterator.from(items);
  const work = async () => {
    for (const item of queue) await step(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Every event acknowledged since the last check is there as it was sent. */
export async function expectEvents(url: string, ledger: Ledger, checked: Set<string>): Promise<void> {
  const fresh = [...ledger.events].filter(([txnId, { eventId }]) => eventId !== undefined && !checked.has(txnId));
  await forEach(fresh, async ([txnId, { room, eventId }]) => {
    const params = { roomId: room.roomId as `!${string}`, eventId: eventId as `$${string}` };
    const event = await ok(url, getOneRoomEvent, { token: room.sender.token, params });
    expect(event, `acknowledged as ${eventId}`).toMatchObject({ content: { body: txnId } });
    checked.add(txnId);
  });
}

/**
 * What was not answered is sent once more, and is then there once: `expectRooms` and `expectMessages` see to that.
 * Answers how many that were.
 */
export async function repeatUnanswered(url: string, world: World, ledger: Ledger): Promise<number> {
  const events = [...ledger.events].filter(([, { eventId }]) => eventId === undefined);
  const messages = [...ledger.messages].filter(([, state]) => state === "unanswered");
  await forEach(events, async ([txnId]) => void (await sendAgain(url, txnId, ledger)));
  await forEach(messages, ([txnId]) => messageAgain(url, txnId, world, ledger));
  return events.length + messages.length;
}

/** Carol's device gets every message there was, and each once. */
export async function expectMessages(url: string, world: World, ledger: Ledger): Promise<void> {
  while ((await receive(url, world, ledger)) > 0);
  const received = new Set(ledger.received);
  expect(ledger.received.length, "a to-device message came twice").toBe(received.size);
  const acknowledged = [...ledger.messages].filter(([, state]) => state === "acknowledged").map(([txnId]) => txnId);
  expect(acknowledged.filter((txnId) => !received.has(txnId))).toEqual([]);
}

type Synced = { readonly rooms?: { readonly join?: { readonly [roomId: string]: JoinedRoom } } };
type JoinedRoom = { readonly ephemeral?: { readonly events: readonly Ephemeral[] } };
type Ephemeral = { readonly type: string; readonly content: { readonly [eventId: string]: { "m.read"?: object } } };

export async function expectReceipts(url: string, { alice, bob }: World, ledger: Ledger): Promise<void> {
  const filter = JSON.stringify({ room: { timeline: { limit: 1 }, state: { types: [] } } });
  const body: { next_batch: string } & Synced = await ok(url, sync, { token: bob.token, query: { filter } });
  for (const [roomId, receipt] of ledger.receipts) {
    const contents = body.rooms?.join?.[roomId]?.ephemeral?.events.filter(({ type }) => type === "m.receipt") ?? [];
    const entries = contents.flatMap(({ content }) => Object.entries(content));
    const readAt = entries.find(([, by]) => alice.userId in (by["m.read"] ?? {}))?.[0];
    expect(receipt.allows(readAt), `alice has read ${receipt.acknowledged}, bob is told ${readAt}`).toBe(true);
  }
}

export async function expectAccountData(url: string, { alice }: World, ledger: Ledger): Promise<void> {
  if (ledger.accountData.acknowledged === undefined) return;
  const params = { userId: alice.userId as `@${string}:${string}`, type: "org.croft.test" };
  const { value } = await ok(url, getAccountData, { token: alice.token, params });
  const { acknowledged } = ledger.accountData;
  expect(ledger.accountData.allows(String(value)), `${acknowledged} was acknowledged, ${value} is there`).toBe(true);
}

/** No key is lost, and none handed out twice. */
export async function expectKeys(url: string, { carol }: World, ledger: Ledger): Promise<void> {
  const { claimedKeys, uploadedKeys, unansweredClaims } = ledger;
  expect(new Set(claimedKeys).size, "a one-time key was handed out twice").toBe(claimedKeys.length);
  const { one_time_key_counts } = await ok(url, uploadKeys, { token: carol.token, body: {} });
  const count = one_time_key_counts["org.croft.test"] ?? 0;
  const acknowledged = [...uploadedKeys.values()].filter((state) => state === "acknowledged").length;
  expect(count).toBeLessThanOrEqual(uploadedKeys.size - claimedKeys.length);
  expect(count).toBeGreaterThanOrEqual(acknowledged - claimedKeys.length - unansweredClaims);
}

/** The room's history, read from either end, has every acknowledged event once, and nothing that was never sent. */
export async function expectRooms(url: string, world: World, ledger: Ledger): Promise<void> {
  for (const room of world.rooms) {
    const backwards = await history(url, room, "b");
    expect(await history(url, room, "f")).toEqual(backwards.toReversed());
    const sent = [...ledger.events].filter(([, event]) => event.room === room);
    expect(backwards.toSorted()).toEqual(sent.map(([txnId]) => txnId).toSorted());
  }
}

async function history(url: string, { roomId, sender }: Room, dir: "b" | "f"): Promise<string[]> {
  const bodies: string[] = [];
  let from: string | undefined;
  do {
    const query = { dir, limit: 1000, ...(from === undefined ? {} : { from }) };
    const params = { roomId: roomId as `!${string}` };
    const { chunk, end } = await ok(url, getRoomEvents, { token: sender.token, params, query });
    const messages = chunk.filter((event) => event["type"] === "m.room.message");
    bodies.push(...messages.map(({ content }) => (content as { body: string }).body));
    from = end;
  } while (from !== undefined);
  return bodies;
}
