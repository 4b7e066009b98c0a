import {
  claimKeys,
  deleteDevice,
  getKeysChanges,
  leaveRoom,
  queryKeys,
  uploadCrossSigningKeys,
  uploadCrossSigningSignatures,
  uploadKeys,
} from "@croft/api";
import { describe, expect, test } from "vitest";
import { crossSigningKeysOf, deviceKeysOf, signedBy } from "../../packages/e2ee/src/test-e2ee.ts";
import type { TestUser } from "../../packages/testkit/src/test-homeserver.ts";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { join, proofOf, roomOf, syncOf } from "./talk.ts";

const ALGORITHM = "signed_curve25519";

const publishKeys = (user: TestUser) => user.ok(uploadKeys, { body: { device_keys: deviceKeysOf(user).signed } });
const keysOf = async (asker: TestUser, { userId }: TestUser) =>
  asker.ok(queryKeys, { body: { device_keys: { [userId]: [] } } });
const encrypted = {
  initial_state: [{ type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
};

onBothEngines((here) => {
  describe("device keys", () => {
    test("others get them as they were signed, with the device's name", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const phone = await here.server.login(alice.name, { initial_device_display_name: "A phone" });
      await publishKeys(phone);
      const { device_keys, failures } = await keysOf(bob, alice);
      expect(failures).toEqual({});
      expect(device_keys[alice.userId]).toEqual({
        [phone.deviceId]: {
          ...deviceKeysOf(phone).signed,
          unsigned: { device_display_name: "A phone" },
        },
      });
    });

    test("are a device's own to upload", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const body = { device_keys: deviceKeysOf(alice).signed };
      expect((await bob.call(uploadKeys, { body })).status).toBe(400);
    });

    test("go with their device", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const phone = await here.server.login(alice.name, { device_id: "PHONE" });
      await publishKeys(phone);
      await alice.ok(deleteDevice, { params: { deviceId: "PHONE" }, body: { auth: proofOf(alice) } });
      expect((await keysOf(bob, alice)).device_keys[alice.userId] ?? {}).toEqual({});
    });
  });

  describe("one-time keys", () => {
    const claim = async (asker: TestUser, { userId, deviceId }: TestUser) => {
      const { one_time_keys } = await asker.ok(claimKeys, {
        body: { one_time_keys: { [userId]: { [deviceId]: ALGORITHM } } },
      });
      return Object.keys(one_time_keys[userId]?.[deviceId] ?? {})[0];
    };

    test("each is handed out once, in the order of upload, then the fallback key again and again", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const one_time_keys = { [`${ALGORITHM}:B`]: { key: "b" }, [`${ALGORITHM}:A`]: { key: "a" } };
      const fallback_keys = { [`${ALGORITHM}:F`]: { key: "f", fallback: true } };
      const uploaded = await alice.ok(uploadKeys, { body: { one_time_keys, fallback_keys } });
      expect(uploaded).toEqual({ one_time_key_counts: { [ALGORITHM]: 2 } });
      const { next_batch: since, ...before } = await syncOf(alice);
      expect(before.device_one_time_keys_count).toEqual({ [ALGORITHM]: 2 });
      expect(before.device_unused_fallback_key_types).toEqual([ALGORITHM]);
      const claimed = [];
      for (let claims = 0; claims < 4; claims++) claimed.push(await claim(bob, alice));
      expect(claimed).toEqual(["B", "A", "F", "F"].map((id) => `${ALGORITHM}:${id}`));
      const after = await syncOf(alice, { since });
      expect(after.device_one_time_keys_count).toEqual({ [ALGORITHM]: 0 });
      expect(after.device_unused_fallback_key_types).toEqual([]);
    });

    test("claimed by many at once, none is handed out twice", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const ids = Array.from({ length: 10 }, (_, index) => `${ALGORITHM}:${index}`);
      await alice.ok(uploadKeys, { body: { one_time_keys: Object.fromEntries(ids.map((id) => [id, { key: id }])) } });
      const claimed = await Promise.all(ids.map(() => claim(bob, alice)));
      expect(claimed.toSorted()).toEqual(ids);
    });
  });

  describe("device lists", () => {
    test("a sync names whose devices changed among those who share an encrypted room, and who no longer does", async () => {
      const [alice, bob, carol] = await here.people("alice", "bob", "carol");
      const roomId = await roomOf(alice, [bob], encrypted);
      const { next_batch: from } = await syncOf(bob);
      await publishKeys(alice);
      await publishKeys(carol);
      const changed = await syncOf(bob, { since: from });
      expect(changed.device_lists?.changed).toEqual([alice.userId]);
      await join(carol, roomId);
      const { next_batch: since, ...joining } = await syncOf(bob, { since: changed.next_batch });
      expect(joining.device_lists?.changed).toEqual([carol.userId]);
      await alice.ok(leaveRoom, { params: { roomId }, body: {} });
      const { next_batch: to, ...leaving } = await syncOf(bob, { since });
      expect(leaving.device_lists?.left).toEqual([alice.userId]);
      const changes = await bob.ok(getKeysChanges, { query: { from, to } });
      expect(changes).toEqual({ changed: [carol.userId], left: [alice.userId] });
    });
  });

  describe("cross-signing", () => {
    test("the first keys need no proof, others do, and all but the user-signing key are everyone's to see", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const first = crossSigningKeysOf(alice.userId);
      await alice.ok(uploadCrossSigningKeys, { body: first.body });
      await alice.ok(uploadCrossSigningKeys, { body: first.body });
      const seen = await keysOf(bob, alice);
      expect(seen.master_keys[alice.userId]).toMatchObject(first.body.master_key);
      expect(seen.self_signing_keys[alice.userId]).toEqual(first.body.self_signing_key);
      expect(seen.user_signing_keys).toEqual({});
      expect((await keysOf(alice, alice)).user_signing_keys[alice.userId]).toEqual(first.body.user_signing_key);
      const { body } = crossSigningKeysOf(alice.userId, "2");
      expect(await alice.call(uploadCrossSigningKeys, { body })).toMatchObject({
        status: 401,
        body: { flows: [{ stages: ["m.login.password"] }] },
      });
      await alice.ok(uploadCrossSigningKeys, { body: { ...body, auth: proofOf(alice) } });
      expect((await keysOf(bob, alice)).master_keys[alice.userId]).toMatchObject(body.master_key);
    });

    test("a key that the master key has not signed is refused", async () => {
      const [alice] = await here.people("alice");
      const { body } = crossSigningKeysOf(alice.userId);
      const { self_signing_key } = crossSigningKeysOf(alice.userId, "2").body;
      const reply = await alice.call(uploadCrossSigningKeys, { body: { ...body, self_signing_key } });
      expect(reply).toMatchObject(refusal(400, "M_INVALID_SIGNATURE"));
    });

    test("signatures on a device reach who asks for its keys, and bad ones are named", async () => {
      const [alice, bob] = await here.people("alice", "bob");
      const { selfSigning, body } = crossSigningKeysOf(alice.userId);
      const device = deviceKeysOf(alice).signed;
      await alice.ok(uploadKeys, { body: { device_keys: device } });
      await alice.ok(uploadCrossSigningKeys, { body });
      const signed = signedBy(device, alice.userId, selfSigning.publicKey, selfSigning);
      const upload = (object: typeof signed) =>
        alice.ok(uploadCrossSigningSignatures, { body: { [alice.userId]: { [alice.deviceId]: object } } });
      expect(await upload(signed)).toEqual({ failures: {} });
      const { device_keys } = await keysOf(bob, alice);
      expect(device_keys[alice.userId]?.[alice.deviceId]).toMatchObject({ signatures: signed.signatures });
      const { failures } = await upload({ ...signed, algorithms: ["another"] });
      expect(failures).toMatchObject({ [alice.userId]: { [alice.deviceId]: { errcode: expect.any(String) } } });
    });
  });
});
