import * as api from "@croft/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  crossSigningKeysOf,
  deviceKeysOf,
  passwordAuth,
  signedBy,
  type TestDevice,
  type TestE2ee,
  testE2ee,
  testKey,
} from "../test-e2ee.ts";

let e2ee: TestE2ee;
let alice: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
});
afterEach(() => e2ee[Symbol.asyncDispose]());

type Body = api.BodyOf<typeof api.uploadCrossSigningKeys>;
const upload = (body: Body) => alice.call(api.uploadCrossSigningKeys, { body });
const stored = async () => (await alice.call(api.queryKeys, { body: { device_keys: { [alice.userId]: [] } } })).body;
const auth = passwordAuth("alice");

test("the first keys, and the same again, need no proof of the user; others do", async () => {
  const first = crossSigningKeysOf(alice.userId, "1");
  const second = crossSigningKeysOf(alice.userId, "2");
  expect((await upload(first.body)).status).toBe(200);
  expect((await upload(first.body)).status).toBe(200);
  expect((await upload({ master_key: first.body.master_key })).status).toBe(200);
  const asked = await upload(second.body);
  expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.password"] }] } });
  expect((await stored()).master_keys[alice.userId]).toMatchObject(first.body.master_key);
  expect(await upload({ ...second.body, auth: { ...auth, password: "wrong" } as never })).toMatchObject({
    status: 401,
    body: { errcode: "M_FORBIDDEN" },
  });
  expect((await upload({ ...second.body, auth })).status).toBe(200);
  expect((await stored()).master_keys[alice.userId]).toMatchObject(second.body.master_key);
});

test("a key that comes while its master key is replaced does not end up under the new one", async () => {
  const first = crossSigningKeysOf(alice.userId, "1");
  const second = crossSigningKeysOf(alice.userId, "2");
  const { master_key, self_signing_key } = first.body;
  await upload({ master_key });
  const replies = await Promise.all([upload({ ...second.body, auth }), upload({ self_signing_key, auth })]);
  expect(replies[0]?.status).toBe(200);
  const { master_keys, self_signing_keys } = await stored();
  expect(master_keys[alice.userId]).toMatchObject(second.body.master_key);
  expect(self_signing_keys[alice.userId]).toMatchObject(second.body.self_signing_key);
});

test("a key made under a master key that was replaced meanwhile is refused", async () => {
  const first = crossSigningKeysOf(alice.userId, "1");
  const second = crossSigningKeysOf(alice.userId, "2");
  const { master_key, self_signing_key } = first.body;
  await upload({ master_key });
  const [replaced, late] = await Promise.all([
    upload({ master_key: second.body.master_key, auth }),
    upload({ self_signing_key, auth }),
  ]);
  expect([replaced?.status, late?.status]).toSatisfy(([one, other]) => one === 200 && (other === 200 || other === 400));
  const { master_keys, self_signing_keys } = await stored();
  expect(master_keys[alice.userId]).toMatchObject(second.body.master_key);
  expect(self_signing_keys[alice.userId]).toBeUndefined();
});

test("a new master key takes over the self-signing key it has signed anew", async () => {
  const { body } = crossSigningKeysOf(alice.userId, "1");
  const second = crossSigningKeysOf(alice.userId, "2");
  await upload(body);
  const unsigned = { ...body.self_signing_key, signatures: {} };
  const self_signing_key = signedBy(unsigned, alice.userId, second.master.publicKey, second.master);
  expect((await upload({ master_key: second.body.master_key, self_signing_key, auth })).status).toBe(200);
  expect((await stored()).self_signing_keys[alice.userId]).toEqual(self_signing_key);
});

test("another self-signing key under the same master key needs a proof too", async () => {
  const { body, master } = crossSigningKeysOf(alice.userId);
  await upload(body);
  const other = testKey("other");
  const self_signing_key = signedBy(
    { ...body.self_signing_key, keys: { [`ed25519:${other.publicKey}`]: other.publicKey }, signatures: {} },
    alice.userId,
    master.publicKey,
    master,
  );
  expect((await upload({ self_signing_key })).status).toBe(401);
  expect((await upload({ self_signing_key, auth })).status).toBe(200);
  expect((await stored()).self_signing_keys[alice.userId]).toEqual(self_signing_key);
  expect((await stored()).master_keys[alice.userId]).toMatchObject(body.master_key);
});

test("of two first uploads at once one is stored, and the other has to prove itself", async () => {
  const bodies = [crossSigningKeysOf(alice.userId, "1").body, crossSigningKeysOf(alice.userId, "2").body];
  const replies = await Promise.all(bodies.map(upload));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test("keys not signed by the master key are refused", async () => {
  const { body } = crossSigningKeysOf(alice.userId, "1");
  const stranger = crossSigningKeysOf(alice.userId, "2");
  for (const wrong of [
    { ...body, self_signing_key: stranger.body.self_signing_key },
    { ...body, user_signing_key: { ...body.user_signing_key, signatures: {} } },
  ]) {
    expect(await upload(wrong)).toMatchObject({ status: 400, body: { errcode: "M_INVALID_SIGNATURE" } });
  }
  expect((await stored()).master_keys).toEqual({});
});

test("without any master key other keys are refused", async () => {
  const { body } = crossSigningKeysOf(alice.userId);
  for (const wrong of [{}, { self_signing_key: body.self_signing_key }]) {
    expect(await upload(wrong)).toMatchObject({ status: 400, body: { errcode: "M_MISSING_PARAM" } });
  }
});

test("keys of another user, for another usage, or under a name not their own are refused", async () => {
  const { master_key } = crossSigningKeysOf(alice.userId).body;
  const [keyId = "", publicKey = ""] = Object.entries(master_key.keys)[0] ?? [];
  for (const wrong of [
    { ...master_key, user_id: "@bob:here" },
    { ...master_key, usage: ["self_signing"] },
    { ...master_key, keys: { "ed25519:other": publicKey } },
    { ...master_key, keys: { [`${keyId}=`]: `${publicKey}=` } },
  ]) {
    expect(await upload({ master_key: wrong })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  }
});

test("a key cannot have the id of a device, nor a device that of a key", async () => {
  const { body, master } = crossSigningKeysOf(alice.userId);
  await e2ee.login("alice", master.publicKey);
  expect(await upload(body)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  const other = crossSigningKeysOf(alice.userId, "2");
  await upload(other.body);
  const login = await alice.call(api.login, { body: { ...auth, device_id: other.master.publicKey } });
  expect(login).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
});

test("a new master key takes with it what it has not signed: other keys, and signatures by those", async () => {
  const first = crossSigningKeysOf(alice.userId, "1");
  const second = crossSigningKeysOf(alice.userId, "2");
  await upload(first.body);
  const { signed } = deviceKeysOf(alice);
  await alice.call(api.uploadKeys, { body: { device_keys: signed } });
  const { failures } = (
    await alice.call(api.uploadCrossSigningSignatures, {
      body: {
        [alice.userId]: { PHONE: signedBy(signed, alice.userId, first.selfSigning.publicKey, first.selfSigning) },
      },
    })
  ).body;
  expect(failures).toEqual({});
  await upload({ master_key: second.body.master_key, auth });
  const keys = await stored();
  expect(keys.self_signing_keys).toEqual({});
  expect(keys.user_signing_keys).toEqual({});
  expect(keys.device_keys[alice.userId]?.["PHONE"]?.["signatures"]).toEqual(signed.signatures);
});

test("signatures of others that come with a key are not shown to anybody", async () => {
  const { body } = crossSigningKeysOf(alice.userId);
  const bob = testKey("bob");
  await upload({ master_key: signedBy(body.master_key, "@bob:here", "BOB", bob) });
  expect((await stored()).master_keys[alice.userId]?.["signatures"]).toEqual({});
});
