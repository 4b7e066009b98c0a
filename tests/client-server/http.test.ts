import { createRoom, getTokenOwner, getVersions, login, sendMessage, sync } from "@croft/api";
import { describe, expect, test } from "vitest";
import { call } from "../../packages/testkit/src/call.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";

const MAX_BODY_BYTES = 2 * 1024 * 1024;

onBothEngines((here) => {
  /** Sends what no typed client would. */
  const raw = async (method: string, path: string, options: { token?: string; body?: string } = {}) => {
    const { token, body = null } = options;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(here.server.url + path, { method, headers, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  };

  describe("paths and methods", () => {
    test.each([
      "/_matrix",
      "/_matrix/client/v3/nothing",
      "/_matrix/client/v99/sync",
      "/_matrix/client/v3/rooms/!room:localhost",
      "/_matrix/nobody/v1/send",
    ])("%s is unrecognized", async (path) => {
      expect(await raw("GET", path)).toMatchObject(refusal(404, "M_UNRECOGNIZED"));
    });

    test("an endpoint asked with another method names those it has", async () => {
      const reply = await raw("DELETE", getVersions.path);
      expect(reply).toMatchObject(refusal(405, "M_UNRECOGNIZED"));
      expect(reply.headers.get("allow")).toBe("GET");
    });

    test("old clients find everything below r0", async () => {
      const [alice] = await here.people("alice");
      const whoami = await raw("GET", "/_matrix/client/r0/account/whoami", alice);
      expect(whoami).toMatchObject({ status: 200, body: { user_id: alice.userId } });
      expect(await raw("GET", "/_matrix/client/r0/login")).toMatchObject({ status: 200 });
      expect(await raw("GET", "/_matrix/client/r0/nothing")).toMatchObject(refusal(404, "M_UNRECOGNIZED"));
    });
  });

  describe("browsers", () => {
    test("any page may ask before it sends, without an account", async () => {
      const reply = await raw("OPTIONS", sync.path);
      expect(reply.status).toBe(204);
      expect(reply.headers.get("access-control-allow-origin")).toBe("*");
      expect(reply.headers.get("access-control-allow-methods")).toMatch(/GET.*POST.*PUT.*DELETE.*OPTIONS/);
      expect(reply.headers.get("access-control-allow-headers")).toMatch(/Content-Type.*Authorization/);
    });

    test("any page may read replies and refusals", async () => {
      for (const path of [getVersions.path, sync.path, "/_matrix/client/v3/nothing"]) {
        const { headers } = await raw("GET", path);
        expect(headers.get("access-control-allow-origin"), path).toBe("*");
        expect(headers.get("content-type"), path).toBe("application/json");
      }
    });
  });

  describe("access tokens", () => {
    test("a request without a token is told so", async () => {
      expect(await call(here.server.url, getTokenOwner, {})).toMatchObject(refusal(401, "M_MISSING_TOKEN"));
    });

    test("a token that nobody was given is unknown", async () => {
      const reply = await call(here.server.url, getTokenOwner, { token: "nobodys" });
      expect(reply).toMatchObject(refusal(401, "M_UNKNOWN_TOKEN"));
      expect(reply.body).not.toHaveProperty("soft_logout");
    });

    test("a token may still come in the query", async () => {
      const [alice] = await here.people("alice");
      const reply = await raw("GET", `${getTokenOwner.path}?access_token=${alice.token}`);
      expect(reply).toMatchObject({ status: 200, body: { user_id: alice.userId } });
    });
  });

  describe("bodies", () => {
    test("what is no JSON is told from JSON that is not what the endpoint takes", async () => {
      const [alice] = await here.people("alice");
      const post = (body: string) => raw("POST", createRoom.path, { ...alice, body });
      expect(await post("{")).toMatchObject(refusal(400, "M_NOT_JSON"));
      expect(await post("no json")).toMatchObject(refusal(400, "M_NOT_JSON"));
      expect(await post("[]")).toMatchObject(refusal(400, "M_BAD_JSON"));
      expect(await post('{"invite": "@bob:localhost"}')).toMatchObject(refusal(400, "M_BAD_JSON"));
      expect(await raw("POST", login.path, { body: '{"type": 7}' })).toMatchObject(refusal(400, "M_BAD_JSON"));
      expect(await raw("POST", login.path, { body: "{}" })).toMatchObject(refusal(400, "M_MISSING_PARAM"));
    });

    test("what needs nothing said needs no body, and what does is told so", async () => {
      const [alice] = await here.people("alice");
      expect(await raw("POST", createRoom.path, alice)).toMatchObject({ status: 200 });
      const path = `/_matrix/client/v3/profile/${alice.userId}/displayname`;
      expect(await raw("PUT", path, alice)).toMatchObject(refusal(400, "M_NOT_JSON"));
      expect(await raw("GET", `${sync.path}?timeout=long`, alice)).toMatchObject(refusal(400, "M_INVALID_PARAM"));
    });

    test("a body larger than any client's is refused", async () => {
      const [alice] = await here.people("alice");
      const body = JSON.stringify({ topic: "x".repeat(MAX_BODY_BYTES) });
      expect(await raw("POST", createRoom.path, { ...alice, body })).toMatchObject(refusal(413, "M_TOO_LARGE"));
    });

    test("an event larger than rooms take is refused", async () => {
      const [alice] = await here.people("alice");
      const { room_id: roomId } = await alice.ok(createRoom, { body: {} });
      const params = { roomId, eventType: "m.room.message", txnId: "1" };
      const reply = await alice.call(sendMessage, { params, body: { msgtype: "m.text", body: "x".repeat(65_536) } });
      expect(reply).toMatchObject(refusal(413, "M_TOO_LARGE"));
    });
  });
});
