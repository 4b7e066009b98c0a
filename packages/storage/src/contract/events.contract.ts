import type { EventId, RoomId } from "@croft/protocol";
import { expect, test } from "vitest";
import { GuardFailed } from "../storage.ts";
import type { NewEvent } from "../stores/events.ts";
import type { ContractStorage } from "./describe-contract.ts";
import { sampleEvent } from "./sample-event.ts";

const roomId: RoomId = "!room:example.org";

export function eventsContract(storage: () => ContractStorage): void {
  const append = (...events: (Partial<NewEvent> & { eventId: EventId })[]) =>
    storage().write(async (tx) => {
      for (const event of events) tx.events.append(sampleEvent({ position: tx.nextPosition(), ...event }));
    });
  const events = () => storage().read.events;
  const ids = (found: readonly { eventId: EventId }[]) => found.map(({ eventId }) => eventId);
  /** The same without anything in memory. */
  const inBoth = async (check: () => Promise<void>) => {
    await check();
    await storage().reopen();
    await check();
  };

  test("an event is read as it was appended, also after a restart", async () => {
    const given = {
      eventId: "$full",
      type: "m.room.topic",
      stateKey: "",
      depth: 5,
      stateBefore: 3,
      stateAfter: 4,
      sentBy: { deviceId: "DEVICE", txnId: "txn" },
      threadRoot: "$somewhere",
      status: "softFailed",
      json: '{"content":{"topic":"Größe 😀"},"prev_events":[]}',
    } as const;
    await append(given);
    const {
      notifies: _notifies,
      highlights: _highlights,
      ...expected
    } = sampleEvent({
      ...given,
      position: { value: 1 },
    });
    await inBoth(async () => {
      expect(await events().byId("$full")).toEqual({ ...expected, position: 1, redactedBy: undefined });
    });
  });

  test("events come in the order asked, unknown ones left out", async () => {
    await append({ eventId: "$a" }, { eventId: "$b" }, { eventId: "$c" });
    await inBoth(async () => {
      expect(ids(await events().byIds(["$c", "$nowhere", "$a"]))).toEqual(["$c", "$a"]);
      expect(await events().byId("$nowhere")).toBeUndefined();
    });
  });

  test("an event that is stored already fails the write", async () => {
    await append({ eventId: "$a" });
    await expect(append({ eventId: "$b" }, { eventId: "$a" })).rejects.toThrow();
    expect(await events().byId("$b")).toBeUndefined();
  });

  test("the newest accepted events of a room are listed, oldest first", async () => {
    await append(
      { eventId: "$1" },
      { eventId: "$2" },
      { eventId: "$elsewhere", roomId: "!other:example.org" },
      { eventId: "$rejected", status: "rejected" },
      { eventId: "$outlier", status: "outlier" },
      { eventId: "$6" },
      { eventId: "$7" },
    );
    expect(ids(await events().latest({ roomId, after: 0, upTo: 6, limit: 2 }))).toEqual(["$2", "$6"]);
    expect(ids(await events().latest({ roomId, after: 1, upTo: 7, limit: 9 }))).toEqual(["$2", "$6", "$7"]);
    expect(await events().latest({ roomId: "!nowhere:example.org", after: 0, upTo: 7, limit: 9 })).toEqual([]);
    const many = { roomIds: [roomId, "!nowhere:example.org"], after: 1, upTo: 7, limit: 2 } as const;
    const [here, nowhere] = await events().latestOf(many);
    expect([here?.[0], ids(here?.[1] ?? [])]).toEqual([roomId, ["$6", "$7"]]);
    expect(nowhere).toEqual(["!nowhere:example.org", []]);
  });

  test("history pages by depth, then stream, beside an exclusive bound", async () => {
    await append(
      { eventId: "$1", depth: 1 },
      { eventId: "$2", depth: 3 },
      { eventId: "$3", depth: 2 },
      { eventId: "$4", depth: 3 },
      { eventId: "$5", depth: 4, status: "softFailed" },
      { eventId: "$6", depth: 5 },
    );
    const page = async (args: Partial<Parameters<ReturnType<typeof events>["page"]>[0]>) =>
      ids(await events().page({ roomId, direction: "b", from: undefined, upTo: 6, limit: 10, ...args }));
    expect(await page({})).toEqual(["$6", "$4", "$2", "$3", "$1"]);
    expect(await page({ direction: "f" })).toEqual(["$1", "$3", "$2", "$4", "$6"]);
    expect(await page({ upTo: 4, limit: 2 })).toEqual(["$4", "$2"]);
    expect(await page({ from: { depth: 3, position: 4 } })).toEqual(["$2", "$3", "$1"]);
    expect(await page({ from: { depth: 3, position: 2 }, direction: "f" })).toEqual(["$4", "$6"]);
    expect(await page({ from: { depth: 5, position: 6 }, to: { depth: 2, position: 3 } })).toEqual(["$4", "$2"]);
  });

  test("a room counts as changed by accepted events alone", async () => {
    await append(
      { eventId: "$1", roomId: "!a:example.org" },
      { eventId: "$2", roomId: "!b:example.org", status: "rejected" },
      { eventId: "$3", roomId: "!c:example.org" },
      { eventId: "$4", roomId: "!d:example.org" },
    );
    const asked: RoomId[] = ["!a:example.org", "!b:example.org", "!c:example.org", "!unknown:example.org"];
    expect((await events().roomsChangedSince(asked, 0)).sort()).toEqual(["!a:example.org", "!c:example.org"]);
    expect(await events().roomsChangedSince(asked, 1)).toEqual(["!c:example.org"]);
    expect(await events().roomsChangedSince([], 0)).toEqual([]);
  });

  test("the parents of an event are known by id, stored or not, in either form", async () => {
    await append(
      { eventId: "$new", json: '{"content":{},"prev_events":["$stored","$missing"]}' },
      { eventId: "$old", json: '{"content":{},"prev_events":[["$stored",{"sha256":"hash"}]]}' },
    );
    expect(await events().prevEvents("$new")).toEqual(["$stored", "$missing"]);
    expect(await events().prevEvents("$old")).toEqual(["$stored"]);
    expect(await events().prevEvents("$nowhere")).toEqual([]);
  });

  test("a redacted event is read with its redacted text from then on", async () => {
    await append({ eventId: "$a", notifies: true }, { eventId: "$redaction", type: "m.room.redaction" });
    expect(await events().byId("$a")).toMatchObject({ redactedBy: undefined });
    await storage().write(async (tx) => {
      tx.events.redact({ eventId: "$a", by: "$redaction", json: '{"content":{}}', contentStart: 11, contentEnd: 13 });
    });
    await inBoth(async () => {
      expect(await events().byId("$a")).toMatchObject({
        redactedBy: "$redaction",
        json: '{"content":{}}',
        contentStart: 11,
        contentEnd: 13,
      });
    });
  });

  test("a write that fails leaves no event behind, in memory neither", async () => {
    const failing = storage().write(
      async (tx) => {
        tx.events.append(sampleEvent({ eventId: "$a", position: tx.nextPosition() }));
        tx.rooms.moveHead({ roomId, consumed: ["$a"], added: [], stateGroup: 0 });
      },
      { reruns: 0 },
    );
    await expect(failing).rejects.toThrow(GuardFailed);
    expect(await events().byId("$a")).toBeUndefined();
    await append({ eventId: "$a" });
    expect(await events().byId("$a")).toBeDefined();
  });

  test("an event may relate to one that is not stored", async () => {
    await append({ eventId: "$a", relatesTo: { eventId: "$missing", relType: "m.annotation" } });
    expect(await events().byId("$a")).toBeDefined();
  });

  test("a transaction id is answered with its event, and belongs to one user, device and path", async () => {
    const sent = { userId: "@alice:example.org", deviceId: "DEVICE", path: "send/1" } as const;
    await storage().write(async (tx) => {
      tx.events.append(sampleEvent({ eventId: "$a", position: tx.nextPosition() }));
      tx.events.rememberTransaction({ ...sent, eventId: "$a" }, 1_000);
    });
    expect(await events().byTransaction(sent)).toBe("$a");
    expect(await events().byTransaction({ ...sent, userId: "@bob:example.org" })).toBeUndefined();
    expect(await events().byTransaction({ ...sent, deviceId: "OTHER" })).toBeUndefined();
    expect(await events().byTransaction({ ...sent, path: "send/2" })).toBeUndefined();
    await storage().write(async (tx) => tx.events.forgetTransactions(sent.userId, ["OTHER"]));
    expect(await events().byTransaction(sent)).toBe("$a");
    await storage().write(async (tx) => tx.events.forgetTransactions(sent.userId, ["OTHER", "DEVICE"]));
    expect(await events().byTransaction(sent)).toBeUndefined();
  });

  test("transactions are forgotten once they are old, and their events stay", async () => {
    const sent = (path: string) => ({ userId: "@alice:example.org", deviceId: "DEVICE", path }) as const;
    await storage().write(async (tx) => {
      tx.events.append(sampleEvent({ eventId: "$a", position: tx.nextPosition() }));
      tx.events.rememberTransaction({ ...sent("send/1"), eventId: "$a" }, 1_000);
      tx.events.rememberTransaction({ ...sent("send/2"), eventId: "$a" }, 1_001);
    });
    await storage().write(async (tx) => tx.events.forgetTransactionsBefore(1_001));
    expect(await events().byTransaction(sent("send/1"))).toBeUndefined();
    expect(await events().byTransaction(sent("send/2"))).toBe("$a");
    expect(await events().byId("$a")).toBeDefined();
  });

  test("of two events sent at once with one transaction id only the first is kept", async () => {
    const send = (eventId: EventId) =>
      storage().write(
        async (tx) => {
          tx.events.append(sampleEvent({ eventId, position: tx.nextPosition() }));
          tx.events.rememberTransaction({ userId: "@alice:example.org", deviceId: "D", path: "send/1", eventId }, 0);
        },
        { reruns: 0 },
      );
    const [first, second] = await Promise.allSettled([send("$a"), send("$b")]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: expect.any(GuardFailed) });
    expect(await events().byId("$b")).toBeUndefined();
  });
}
