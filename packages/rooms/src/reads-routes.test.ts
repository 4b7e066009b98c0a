import type { Requester } from "@croft/http";
import { TestClock } from "@croft/runtime";
import { openTestStorage, type ServedRoutes, StoredRoom, serveRoutes, type TestStorage } from "@croft/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roomReadsRoutes } from "./reads-routes.ts";
import { TypingUsers } from "./typing/typing-users.ts";

const ALICE = "@alice:test";
const requester: Requester = { userId: ALICE, deviceId: "D", isAdmin: false, isGuest: false, tokenId: 1 };

let opened: TestStorage;
let served: ServedRoutes;
let roomPath: string;
let eventId: string;
const typing = new TypingUsers({ clock: new TestClock() });

beforeAll(async () => {
  opened = await openTestStorage();
  const room = await StoredRoom.create(opened.storage, { creator: ALICE, name: "routes" });
  eventId = encodeURIComponent((await room.message(ALICE, "hello")).eventId);
  roomPath = `rooms/${encodeURIComponent(room.roomId)}`;
  const routes = roomReadsRoutes({ storage: opened.storage, clock: new TestClock(), typing });
  served = await serveRoutes(routes, { authenticate: () => Promise.resolve(requester) });
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await opened.close();
});

const send = (method: string, path: string, body?: object) =>
  served.send(method, `/_matrix/client/${path}`, { token: "t", ...(body && { body }) });

describe("reading over HTTP", () => {
  test("messages, context, event and relations answer JSON", async () => {
    const shown = { content: { body: "hello" } };
    const messages = await send("GET", `v3/${roomPath}/messages?dir=b&limit=1`);
    expect(messages).toMatchObject({ status: 200, json: { chunk: [shown] } });
    const context = await send("GET", `v3/${roomPath}/context/${eventId}?limit=0`);
    expect(context).toMatchObject({ status: 200, json: { event: shown, events_before: [] } });
    expect(await send("GET", `v3/${roomPath}/event/${eventId}`)).toMatchObject({ status: 200, json: shown });
    for (const kind of ["", "/m.thread", "/m.thread/m.room.message"]) {
      const relations = await send("GET", `v1/${roomPath}/relations/${eventId}${kind}?recurse=true`);
      expect(relations).toMatchObject({ status: 200, json: { chunk: [], recursion_depth: 3 } });
    }
  });

  test("receipts, markers and typing answer {}", async () => {
    for (const type of ["m.read", "m.read.private", "m.fully_read"]) {
      const receipt = await send("POST", `v3/${roomPath}/receipt/${type}/${eventId}`, {});
      expect(receipt, type).toMatchObject({ status: 200, text: "{}" });
    }
    const marked = { "m.fully_read": decodeURIComponent(eventId) };
    expect(await send("POST", `v3/${roomPath}/read_markers`, marked)).toMatchObject({ status: 200, text: "{}" });
    const path = `v3/${roomPath}/typing/${encodeURIComponent(ALICE)}`;
    expect(await send("PUT", path, { typing: true, timeout: 1000 })).toMatchObject({ status: 200, text: "{}" });
    expect(await send("PUT", path, { typing: false })).toMatchObject({ status: 200, text: "{}" });
  });

  test.each([
    ["GET", "messages", undefined, "M_MISSING_PARAM"],
    ["GET", "messages?dir=up", undefined, "M_INVALID_PARAM"],
    ["GET", "messages?dir=b&limit=-1", undefined, "M_INVALID_PARAM"],
    ["GET", "messages?dir=b&from=x", undefined, "M_INVALID_PARAM"],
    ["GET", "messages?dir=b&filter=%7B", undefined, "M_INVALID_PARAM"],
    ["GET", "context/$event?limit=x", undefined, "M_INVALID_PARAM"],
    ["POST", "receipt/m.liked/$event", {}, "M_INVALID_PARAM"],
    ["POST", "receipt/m.fully_read/$event", { thread_id: "main" }, "M_INVALID_PARAM"],
    ["POST", "receipt/m.read/$event", { thread_id: 7 }, "M_NOT_FOUND"],
    ["POST", "read_markers", { "m.read": "no event id" }, "M_BAD_JSON"],
    ["PUT", "typing/@alice:test", {}, "M_MISSING_PARAM"],
    ["PUT", "typing/@bob:test", { typing: true }, "M_FORBIDDEN"],
  ])("%s %s with %o is refused with %s", async (method, path, body, errcode) => {
    const { status, json } = await send(method, `v3/${roomPath}/${path}`, body);
    expect(json).toMatchObject({ errcode });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});
