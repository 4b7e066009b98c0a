import { claimKeys, postReceipt, sendMessage, sendToDevice, setAccountData, sync, uploadKeys } from "@croft/api";
import { call } from "../../packages/testkit/src/call.ts";
import type { Ledger, Room, World } from "./ledger.ts";

/** The server went away under a request: what it asked for may have happened or not. */
class Gone extends Error {}

type Answer<Body> = { readonly status: number; readonly body: Body };

/**
 * The body of a request that was granted. A server without its database refuses with 503, which may mean that the
 * database died between commit and answer; no other refusal is right.
 */
async function granted<Body>(answer: Promise<Answer<Body>>): Promise<Body> {
  const { status, body } = await answer.catch((error: unknown) => {
    throw new Gone("unanswered", { cause: error });
  });
  if (status === 503) throw new Gone("refused");
  if (status !== 200) throw new Error(`the load was answered ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Repeats each kind of request until the server is gone, and keeps the ledger. */
export async function loadUntilGone(url: string, world: World, ledger: Ledger): Promise<void> {
  const steps = [
    ...world.rooms.flatMap((room) => [() => send(url, room, ledger), () => sendInLine(url, room, ledger)]),
    ...world.rooms.map((room) => () => read(url, room, world, ledger)),
    () => message(url, world, ledger),
    () => receive(url, world, ledger),
    () => setData(url, world, ledger),
    () => upload(url, world, ledger),
    () => claim(url, world, ledger),
  ];
  let gone = false;
  const repeat = async (step: () => Promise<unknown>) => {
    try {
      while (!gone) await step();
    } catch (error) {
      gone = true;
      if (!(error instanceof Gone)) throw error;
    }
  };
  await Promise.all(steps.map(repeat));
}

async function send(url: string, room: Room, ledger: Ledger): Promise<string> {
  const txnId = ledger.next("event");
  ledger.events.set(txnId, { room, eventId: undefined });
  return sendAgain(url, txnId, ledger);
}

/** One after the other: each is later in the room than the one before. */
async function sendInLine(url: string, room: Room, ledger: Ledger): Promise<void> {
  ledger.latest.set(room.roomId, await send(url, room, ledger));
}

/** Sends, or sends what was not answered again, as clients do: with its transaction id. */
export async function sendAgain(url: string, txnId: string, ledger: Ledger): Promise<string> {
  const event = ledger.events.get(txnId)!;
  const { roomId, sender } = event.room;
  const params = { roomId: roomId as `!${string}`, eventType: "m.room.message", txnId };
  const body = { msgtype: "m.text", body: txnId };
  const { event_id } = await granted(call(url, sendMessage, { token: sender.token, params, body }));
  event.eventId = event_id;
  return event_id;
}

async function message(url: string, world: World, ledger: Ledger): Promise<void> {
  const txnId = ledger.next("message");
  ledger.messages.set(txnId, "unanswered");
  await messageAgain(url, txnId, world, ledger);
}

export async function messageAgain(url: string, txnId: string, world: World, ledger: Ledger): Promise<void> {
  const { userId, deviceId } = world.carol;
  const params = { eventType: "org.croft.test", txnId };
  const body = { messages: { [userId]: { [deviceId]: { txnId } } } };
  await granted(call(url, sendToDevice, { token: world.bob.token, params, body }));
  ledger.messages.set(txnId, "acknowledged");
}

type ToDevice = {
  readonly to_device?: { readonly events: readonly { readonly content: { readonly txnId: string } }[] };
};

/** One step of carol's sync. A reply that did not arrive whole has not happened: she asks again from where she was. */
export async function receive(url: string, world: World, ledger: Ledger): Promise<number> {
  const filter = JSON.stringify({ room: { rooms: [] }, presence: { types: [] } });
  const { since } = ledger;
  const query = { filter, timeout: 0, ...(since === undefined ? {} : { since }) };
  const body: { next_batch: string } & ToDevice = await granted(call(url, sync, { token: world.carol.token, query }));
  const events = body.to_device?.events ?? [];
  ledger.received.push(...events.map(({ content }) => content.txnId));
  ledger.since = body.next_batch;
  return events.length;
}

async function read(url: string, room: Room, world: World, ledger: Ledger): Promise<void> {
  const eventId = ledger.latest.get(room.roomId);
  const receipt = ledger.receipt(room.roomId);
  if (eventId === undefined || eventId === receipt.acknowledged) return new Promise((resolve) => setImmediate(resolve));
  receipt.asked(eventId);
  const params = {
    roomId: room.roomId as `!${string}`,
    receiptType: "m.read",
    eventId: eventId as `$${string}`,
  } as const;
  await granted(call(url, postReceipt, { token: world.alice.token, params, body: {} }));
  receipt.answered(eventId);
}

async function setData(url: string, { alice }: World, ledger: Ledger): Promise<void> {
  const value = ledger.next("value");
  ledger.accountData.asked(value);
  const params = { userId: alice.userId as `@${string}:${string}`, type: "org.croft.test" };
  await granted(call(url, setAccountData, { token: alice.token, params, body: { value } }));
  ledger.accountData.answered(value);
}

/** As many as a device keeps ready at the most, well below what the server takes. */
const KEYS_READY = 500;

async function upload(url: string, { carol }: World, ledger: Ledger): Promise<void> {
  const ready = ledger.uploadedKeys.size - ledger.claimedKeys.length;
  if (ready > KEYS_READY) return new Promise((resolve) => setImmediate(resolve));
  const ids = [ledger.next("key"), ledger.next("key"), ledger.next("key")];
  for (const id of ids) ledger.uploadedKeys.set(id, "unanswered");
  const one_time_keys = Object.fromEntries(ids.map((id) => [`org.croft.test:${id}`, `public part of ${id}`]));
  await granted(call(url, uploadKeys, { token: carol.token, body: { one_time_keys } }));
  for (const id of ids) ledger.uploadedKeys.set(id, "acknowledged");
}

async function claim(url: string, { bob, carol }: World, ledger: Ledger): Promise<void> {
  ledger.unansweredClaims++;
  const one_time_keys = { [carol.userId]: { [carol.deviceId]: "org.croft.test" } };
  const body = await granted(call(url, claimKeys, { token: bob.token, body: { one_time_keys } }));
  ledger.unansweredClaims--;
  const given = body.one_time_keys[carol.userId]?.[carol.deviceId] as object | undefined;
  ledger.claimedKeys.push(...Object.keys(given ?? {}).map((id) => id.slice("org.croft.test:".length)));
}
