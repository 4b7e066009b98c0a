import * as api from "@croft/api";
import type { JsonObject } from "@croft/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deviceListChanges } from "../device-lists/device-list-changes.ts";
import { unreachableKeys } from "../no-federation.ts";
import {
  crossSigningKeysOf,
  deviceKeysOf,
  overtaken,
  signedBy,
  type TestDevice,
  type TestE2ee,
  testE2ee,
  testKey,
} from "../test-e2ee.ts";
import { uploadSignatures } from "./upload-signatures.ts";

let e2ee: TestE2ee;
let alice: TestDevice;
let bob: TestDevice;
let carol: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
  bob = await e2ee.login("bob", "LAPTOP");
  carol = await e2ee.login("carol", "DESK");
  for (const user of [alice, bob, carol]) {
    await user.call(api.uploadCrossSigningKeys, { body: crossSigningKeysOf(user.userId).body });
    await user.call(api.uploadKeys, { body: { device_keys: deviceKeysOf(user).signed } });
  }
});
afterEach(() => e2ee[Symbol.asyncDispose]());

const upload = async (device: TestDevice, body: { [userId: string]: { [keyId: string]: JsonObject } }) =>
  (await device.call(api.uploadCrossSigningSignatures, { body })).body.failures;
const seenBy = async (viewer: TestDevice, { userId }: TestDevice) =>
  (await viewer.call(api.queryKeys, { body: { device_keys: { [userId]: [] } } })).body;
const signaturesOn = (key: { [field: string]: unknown } | undefined) =>
  (key?.["signatures"] ?? {}) as { [userId: string]: { [keyId: string]: string } };

test("a device signed by the self-signing key is shown so to everybody, beside its own signature", async () => {
  const { selfSigning } = crossSigningKeysOf(alice.userId);
  const { signed } = deviceKeysOf(alice);
  const { signatures, ...bare } = signed;
  expect(
    await upload(alice, {
      [alice.userId]: { PHONE: signedBy(bare, alice.userId, selfSigning.publicKey, selfSigning) },
    }),
  ).toEqual({});
  const seen = (await seenBy(bob, alice)).device_keys[alice.userId]?.["PHONE"];
  expect(Object.keys(signaturesOn(seen)[alice.userId] ?? {}).sort()).toEqual(
    ["ed25519:PHONE", `ed25519:${selfSigning.publicKey}`].sort(),
  );
});

test("a user's own master key is signed by their devices", async () => {
  const { body, master } = crossSigningKeysOf(alice.userId);
  const { key } = deviceKeysOf(alice);
  const signed = signedBy(body.master_key, alice.userId, "PHONE", key);
  expect(await upload(alice, { [alice.userId]: { [master.publicKey]: signed } })).toEqual({});
  const seen = (await seenBy(bob, alice)).master_keys[alice.userId];
  expect(signaturesOn(seen)).toEqual(signed.signatures);
});

test("whom a user has verified, only they see, and their other devices are told", async () => {
  const { userSigning } = crossSigningKeysOf(alice.userId);
  const { body, master } = crossSigningKeysOf(bob.userId);
  const signed = signedBy(body.master_key, alice.userId, userSigning.publicKey, userSigning);
  const { storage } = e2ee.rooms;
  const since = storage.position();
  expect(await upload(alice, { [bob.userId]: { [master.publicKey]: signed } })).toEqual({});
  expect(signaturesOn((await seenBy(alice, bob)).master_keys[bob.userId])).toEqual(signed.signatures);
  for (const other of [bob, carol]) {
    expect(signaturesOn((await seenBy(other, bob)).master_keys[bob.userId])).toEqual({});
  }
  const changesFor = async ({ userId }: TestDevice) =>
    (await deviceListChanges({ storage }, { userId, since, now: storage.position() })).changed;
  expect(await changesFor(alice)).toEqual([bob.userId]);
  expect(await changesFor(bob)).toEqual([]);
});

test("a signature that does not hold, or is by a key that may not sign, fails by itself", async () => {
  const { selfSigning, userSigning } = crossSigningKeysOf(alice.userId);
  const bobs = crossSigningKeysOf(bob.userId);
  const { signed } = deviceKeysOf(alice);
  const good = signedBy(signed, alice.userId, selfSigning.publicKey, selfSigning);
  const forged = signedBy(bobs.body.master_key, alice.userId, userSigning.publicKey, testKey("forger"));
  const byWrongKey = signedBy(bobs.body.self_signing_key, alice.userId, userSigning.publicKey, userSigning);
  const failures = await upload(alice, {
    [alice.userId]: { PHONE: good, UNKNOWN: good },
    [bob.userId]: { [bobs.master.publicKey]: forged, [bobs.selfSigning.publicKey]: byWrongKey },
  });
  expect(failures).toEqual({
    [alice.userId]: { UNKNOWN: expect.objectContaining({ errcode: "M_NOT_FOUND" }) },
    [bob.userId]: {
      [bobs.master.publicKey]: expect.objectContaining({ errcode: "M_INVALID_SIGNATURE" }),
      [bobs.selfSigning.publicKey]: expect.objectContaining({ errcode: "M_NOT_FOUND" }),
    },
  });
  const seen = (await seenBy(bob, alice)).device_keys[alice.userId]?.["PHONE"];
  expect(signaturesOn(seen)[alice.userId]).toHaveProperty([`ed25519:${selfSigning.publicKey}`]);
});

test("a signature on something else than the key that is known fails", async () => {
  const { selfSigning } = crossSigningKeysOf(alice.userId);
  const other = { ...deviceKeysOf(alice).signed, algorithms: ["m.other"] };
  const failures = await upload(alice, {
    [alice.userId]: { PHONE: signedBy(other, alice.userId, selfSigning.publicKey, selfSigning) },
  });
  expect(failures).toMatchObject({ [alice.userId]: { PHONE: { errcode: "M_INVALID_SIGNATURE" } } });
});

test("a device signed by another user is not taken", async () => {
  const { userSigning } = crossSigningKeysOf(alice.userId);
  const { signed } = deviceKeysOf(bob);
  const failures = await upload(alice, {
    [bob.userId]: { LAPTOP: signedBy(signed, alice.userId, userSigning.publicKey, userSigning) },
  });
  expect(failures).toMatchObject({ [bob.userId]: { LAPTOP: { errcode: "M_NOT_FOUND" } } });
});

test("a signature that comes in while its key or its signer's is replaced is judged by the new ones", async () => {
  const { storage, serverName, verify } = e2ee.rooms;
  const { userId } = alice;
  const { selfSigning } = crossSigningKeysOf(userId);
  const { signed } = deviceKeysOf(alice);
  const onPhone = { [userId]: { PHONE: signedBy(signed, userId, selfSigning.publicKey, selfSigning) } };
  const requester = { userId, deviceId: "PHONE", tokenId: 1, isAdmin: false, isGuest: false };
  const uploadWhile = (meanwhile: () => Promise<void>) =>
    uploadSignatures(
      { storage: overtaken(storage, meanwhile), serverName, verify, remoteKeys: unreachableKeys },
      { requester, signed: onPhone },
    );
  const invalid = { [userId]: { PHONE: { errcode: "M_INVALID_SIGNATURE" } } };
  const renewed = deviceKeysOf(alice, "2").signed;
  const renewDevice = (keys: JsonObject) => async () =>
    void (await alice.call(api.uploadKeys, { body: { device_keys: keys } }));
  expect(await uploadWhile(renewDevice(renewed))).toMatchObject(invalid);
  await renewDevice(signed)();
  const renewSigner = async () => {
    await storage.write(async (tx) => {
      const keys = await tx.crossSigningKeys.ofUsers([userId]);
      const own = keys.find(({ usage }) => usage === "self_signing");
      const publicKey = crossSigningKeysOf(userId, "2").selfSigning.publicKey;
      if (own)
        tx.crossSigningKeys.set(
          { ...own, publicKey, key: own.key.replaceAll(own.publicKey, publicKey) },
          own.publicKey,
        );
    });
  };
  expect(await uploadWhile(renewSigner)).toMatchObject(invalid);
  const seen = (await seenBy(bob, alice)).device_keys[userId]?.["PHONE"];
  expect(Object.keys(signaturesOn(seen)[userId] ?? {})).toEqual(["ed25519:PHONE"]);
});

test("new identity keys of a device lose the signatures on the old ones", async () => {
  const { selfSigning } = crossSigningKeysOf(alice.userId);
  const { signed } = deviceKeysOf(alice);
  await upload(alice, {
    [alice.userId]: { PHONE: signedBy(signed, alice.userId, selfSigning.publicKey, selfSigning) },
  });
  const renewed = deviceKeysOf(alice, "2").signed;
  await alice.call(api.uploadKeys, { body: { device_keys: renewed } });
  const seen = (await seenBy(bob, alice)).device_keys[alice.userId]?.["PHONE"];
  expect(signaturesOn(seen)).toEqual(renewed.signatures);
});
