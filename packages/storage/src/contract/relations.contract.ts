import type { EventId, RoomId } from "@croft/protocol";
import { expect, test } from "vitest";
import type { NewEvent } from "../stores/events.ts";
import type { RelationReader } from "../stores/relations.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";

const room: RoomId = "!room:example.org";

export function relationsContract(storage: () => ContractStorage): void {
  let depth = 0;
  const append = async (eventId: EventId, given: Partial<NewEvent> = {}): Promise<void> => {
    await storage().write(async (tx) => {
      tx.events.append(sampleEvent({ eventId, depth: ++depth, position: tx.nextPosition(), ...given }));
    });
  };
  const relate = (eventId: EventId, to: EventId, relType: string, given: Partial<NewEvent> = {}) =>
    append(eventId, { relatesTo: { eventId: to, relType }, ...given });
  const page = (given: Partial<Parameters<RelationReader["page"]>[0]> = {}) =>
    storage().read.relations.page({
      roomId: room,
      eventId: "$root",
      levels: 1,
      relType: undefined,
      eventType: undefined,
      direction: "b",
      from: undefined,
      to: undefined,
      upTo: storage().position(),
      limit: 100,
      ...given,
    });

  test("those of one sender are found by themselves", async () => {
    await append("$root");
    await relate("$1", "$root", "m.annotation", { sender: "@bob:example.org" });
    await relate("$2", "$root", "m.annotation", { sender: "@carol:example.org" });
    expect(await page({ sender: "@bob:example.org" })).toEqual(["$1"]);
    expect(await page({ sender: "@nobody:example.org" })).toEqual([]);
  });

  test("events that relate to one are found, newest first or oldest first", async () => {
    await append("$root");
    await relate("$1", "$root", "m.thread");
    await relate("$2", "$root", "m.annotation");
    await relate("$other", "$elsewhere", "m.thread");
    expect(await page()).toEqual(["$2", "$1"]);
    expect(await page({ direction: "f" })).toEqual(["$1", "$2"]);
    expect(await page({ limit: 1 })).toEqual(["$2"]);
  });

  test("they are told apart by relation and by event type", async () => {
    await relate("$1", "$root", "m.thread");
    await relate("$2", "$root", "m.thread", { type: "m.sticker" });
    await relate("$3", "$root", "m.annotation");
    expect(await page({ relType: "m.thread" })).toEqual(["$2", "$1"]);
    expect(await page({ relType: "m.thread", eventType: "m.sticker" })).toEqual(["$2"]);
    expect(await page({ relType: "m.never.seen" })).toEqual([]);
    expect(await page({ eventType: "m.never.seen" })).toEqual([]);
  });

  test("relations of relations are followed as far as asked, and no relation in circles", async () => {
    await relate("$1", "$root", "m.thread");
    await relate("$2", "$1", "m.annotation");
    await relate("$3", "$2", "m.reference");
    await relate("$root", "$3", "m.reference");
    expect(await page()).toEqual(["$1"]);
    expect(await page({ levels: 2 })).toEqual(["$2", "$1"]);
    expect(await page({ levels: 3 })).toEqual(["$3", "$2", "$1"]);
    expect(await page({ levels: 3, relType: "m.annotation" })).toEqual(["$2"]);
    expect(await page({ levels: 9 })).toEqual(["$root", "$3", "$2", "$1"]);
  });

  test("a page lies between its bounds", async () => {
    for (const eventId of ["$1", "$2", "$3", "$4"] as const) await relate(eventId, "$root", "m.thread");
    const [one, four] = await storage().read.events.byIds(["$1", "$4"]);
    expect(await page({ from: four, to: one })).toEqual(["$3", "$2"]);
    expect(await page({ direction: "f", from: one, to: four })).toEqual(["$2", "$3"]);
    expect(await page({ upTo: one!.position })).toEqual(["$1"]);
  });

  test("redacted events, soft-failed ones and those of other rooms are left out", async () => {
    await relate("$kept", "$root", "m.thread");
    await relate("$redacted", "$root", "m.thread");
    await relate("$failed", "$root", "m.thread", { status: "softFailed" });
    await relate("$elsewhere", "$root", "m.thread", { roomId: "!other:example.org" });
    await append("$redaction");
    await storage().write(async (tx) => {
      const text = { json: '{"content":{}}', contentStart: 11, contentEnd: 13 };
      tx.events.redact({ eventId: "$redacted", by: "$redaction", ...text });
    });
    expect(await page()).toEqual(["$kept"]);
  });
}
