import { createHmac } from "node:crypto";
import {
  checkUsernameAvailability,
  getSharedSecretNonce,
  getTokenOwner,
  register,
  registerWithSharedSecret,
  registrationTokenValidity,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { type CallArgs, call, ok } from "../../packages/testkit/src/call.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";

const password = "correct horse";
const dummy = { type: "m.login.dummy" };
const SECRET = "between administrators";

describe("where registration is open", () => {
  onBothEngines((here) => {
    const signUp = (body: CallArgs<typeof register>["body"]) => call(here.server.url, register, { body });

    test("the server says what to complete, and makes the account when that is done", async () => {
      const challenge = await signUp({ username: "carol", password });
      expect(challenge).toMatchObject({
        status: 401,
        body: { flows: [{ stages: ["m.login.dummy"] }], params: {}, session: expect.any(String) },
      });
      const { session } = challenge.body as unknown as { session: string };
      const { status, body } = await signUp({ username: "carol", password, auth: { ...dummy, session } });
      expect({ status, body }).toMatchObject({ status: 200, body: { user_id: "@carol:localhost" } });
      const owner = await ok(here.server.url, getTokenOwner, { token: body.access_token });
      expect(owner).toMatchObject({ user_id: "@carol:localhost", device_id: body.device_id });
    });

    test("a device gets the id that its client wished for", async () => {
      const reply = await signUp({ username: "dora", password, device_id: "PHONE", auth: dummy });
      expect(reply.body.device_id).toBe("PHONE");
    });

    test("an account can be made without a device", async () => {
      const reply = await signUp({ username: "emil", password, inhibit_login: true, auth: dummy });
      expect(reply.body).toMatchObject({ user_id: "@emil:localhost" });
      expect(reply.body).not.toHaveProperty("access_token");
      expect(reply.body).not.toHaveProperty("device_id");
    });

    test("who names no user name gets one", async () => {
      const reply = await signUp({ password, auth: dummy });
      expect(reply.body.user_id).toMatch(/^@.+:localhost$/);
    });

    test("a name that is taken or cannot be a name is refused, before and when registering", async () => {
      const [alice] = await here.people("alice");
      const available = (username: string) => call(here.server.url, checkUsernameAvailability, { query: { username } });
      expect(await available("free")).toMatchObject({ status: 200, body: { available: true } });
      expect(await available(alice.name)).toMatchObject(refusal(400, "M_USER_IN_USE"));
      expect(await available("no name")).toMatchObject(refusal(400, "M_INVALID_USERNAME"));
      expect(await signUp({ username: alice.name, password })).toMatchObject(refusal(400, "M_USER_IN_USE"));
      expect(await signUp({ username: "No Name", password })).toMatchObject(refusal(400, "M_INVALID_USERNAME"));
    });

    test("of several who want one name at once, one gets it", async () => {
      const all = await Promise.all([1, 2, 3].map(() => signUp({ username: "wanted", password, auth: dummy })));
      expect(all.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    });

    test("guests are not admitted", async () => {
      const reply = await call(here.server.url, register, { query: { kind: "guest" }, body: {} });
      expect(reply).toMatchObject(refusal(403, "M_GUEST_ACCESS_FORBIDDEN"));
    });

    test("without a shared secret nothing answers to one", async () => {
      const reply = await call(here.server.url, getSharedSecretNonce, {});
      expect(reply).toMatchObject(refusal(404, "M_UNRECOGNIZED"));
    });
  });
});

describe("where registration takes a token", () => {
  onBothEngines(
    (here) => {
      test("a token makes as many accounts as it allows", async () => {
        const token = "INVITED";
        await here.server.storage.write(async ({ registrationTokens }) =>
          registrationTokens.create({ token, usesAllowed: 1, expiresTs: undefined }),
        );
        const valid = async (of: string) =>
          (await ok(here.server.url, registrationTokenValidity, { query: { token: of } })).valid;
        const signUp = (username: string, of: string) => {
          const auth = { type: "m.login.registration_token", token: of };
          return call(here.server.url, register, { body: { username, password, auth } });
        };
        expect([await valid(token), await valid("OTHER")]).toEqual([true, false]);
        expect(await signUp("carol", "OTHER")).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
        expect(await signUp("carol", token)).toMatchObject({ status: 200, body: { user_id: "@carol:localhost" } });
        expect(await valid(token)).toBe(false);
        expect(await signUp("dora", token)).toMatchObject({ status: 401 });
      });
    },
    { settings: { registration: { mode: "token", sharedSecret: undefined } } },
  );
});

describe("where registration is closed", () => {
  onBothEngines(
    (here) => {
      const macOf = (nonce: string, username: string, admin = false) =>
        createHmac("sha1", SECRET)
          .update([nonce, username, password, admin ? "admin" : "notadmin"].join("\0"))
          .digest("hex");
      const nonce = async () => (await ok(here.server.url, getSharedSecretNonce, {})).nonce;

      test("nobody makes an account", async () => {
        const reply = await call(here.server.url, register, { body: { username: "carol", password, auth: dummy } });
        expect(reply).toMatchObject(refusal(403, "M_FORBIDDEN"));
        const asked = await call(here.server.url, registrationTokenValidity, { query: { token: "T" } });
        expect(asked).toMatchObject(refusal(403, "M_FORBIDDEN"));
      });

      test("who knows the shared secret does, with a nonce that works once", async () => {
        const fresh = await nonce();
        const body = { nonce: fresh, username: "carol", password, admin: true, mac: macOf(fresh, "carol", true) };
        const made = await call(here.server.url, registerWithSharedSecret, { body });
        expect(made).toMatchObject({ status: 200, body: { user_id: "@carol:localhost" } });
        const owner = await ok(here.server.url, getTokenOwner, { token: made.body.access_token });
        expect(owner.user_id).toBe("@carol:localhost");
        const again = { ...body, username: "dora", mac: macOf(fresh, "dora", true) };
        expect(await call(here.server.url, registerWithSharedSecret, { body: again })).toMatchObject({ status: 400 });
      });

      test("who does not know it cannot, nor make themselves an administrator", async () => {
        const wrong = await nonce();
        const body = { nonce: wrong, username: "erna", password, mac: "0".repeat(40) };
        const refused = await call(here.server.url, registerWithSharedSecret, { body });
        expect(refused).toMatchObject(refusal(403, "M_FORBIDDEN"));
        const fresh = await nonce();
        const raised = { nonce: fresh, username: "erna", password, admin: true, mac: macOf(fresh, "erna") };
        const reply = await call(here.server.url, registerWithSharedSecret, { body: raised });
        expect(reply).toMatchObject(refusal(403, "M_FORBIDDEN"));
      });
    },
    { settings: { registration: { mode: "closed", sharedSecret: SECRET } } },
  );
});
