import * as api from "@croft/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDevice, type TestE2ee, testE2ee } from "../test-e2ee.ts";

const algorithm = "signed_curve25519";
let e2ee: TestE2ee;
let alice: TestDevice;
let bob: TestDevice;

beforeEach(async () => {
  e2ee = await testE2ee();
  alice = await e2ee.login("alice", "PHONE");
  bob = await e2ee.login("bob", "LAPTOP");
});
afterEach(() => e2ee[Symbol.asyncDispose]());

const claim = async (wanted: { [userId: string]: { [deviceId: string]: string } }) =>
  (await bob.call(api.claimKeys, { body: { one_time_keys: wanted } })).body;
const claimFromPhone = async () =>
  Object.keys((await claim({ [alice.userId]: { PHONE: algorithm } })).one_time_keys[alice.userId]?.["PHONE"] ?? {})[0];

test("fifty claims at once hand out fifty keys, each once", async () => {
  const keys = Array.from({ length: 50 }, (_, index) => [`${algorithm}:K${index}`, { key: `${index}` }]);
  await alice.call(api.uploadKeys, { body: { one_time_keys: Object.fromEntries(keys) } });
  const claimed = await Promise.all(Array.from({ length: 50 }, claimFromPhone));
  expect(new Set(claimed)).toEqual(new Set(keys.map(([name]) => name)));
  expect(await claimFromPhone()).toBeUndefined();
});

test("a key comes as it was uploaded; devices without one are missing", async () => {
  await alice.call(api.uploadKeys, {
    body: { one_time_keys: { [`${algorithm}:A`]: { key: "a", signatures: { [alice.userId]: {} } }, "plain:B": "b" } },
  });
  await e2ee.login("alice", "TABLET");
  expect(
    await claim({ [alice.userId]: { PHONE: algorithm, TABLET: algorithm }, "@nobody:here": { X: algorithm } }),
  ).toEqual({
    failures: {},
    one_time_keys: {
      [alice.userId]: { PHONE: { [`${algorithm}:A`]: { key: "a", signatures: { [alice.userId]: {} } } } },
    },
  });
  expect((await claim({ [alice.userId]: { PHONE: "plain" } })).one_time_keys).toEqual({
    [alice.userId]: { PHONE: { "plain:B": "b" } },
  });
});

test("the fallback key is given when the others are gone, and the device learns that it was used", async () => {
  await alice.call(api.uploadKeys, {
    body: {
      one_time_keys: { [`${algorithm}:A`]: { key: "a" } },
      fallback_keys: { [`${algorithm}:F`]: { key: "f", fallback: true } },
    },
  });
  const countsNow = () => e2ee.rooms.storage.read.oneTimeKeys.countsOf(alice.userId, "PHONE");
  expect(await claimFromPhone()).toBe(`${algorithm}:A`);
  expect((await countsNow()).unusedFallbackTypes).toEqual([algorithm]);
  expect([await claimFromPhone(), await claimFromPhone()]).toEqual([`${algorithm}:F`, `${algorithm}:F`]);
  expect(await countsNow()).toMatchObject({ counts: {}, unusedFallbackTypes: [] });
});

test("a server that is not reached is a failure, and the keys of others are claimed all the same", async () => {
  await alice.call(api.uploadKeys, { body: { one_time_keys: { [`${algorithm}:A`]: { key: "a" } } } });
  const claimed = await claim({ "@x:away": { X: algorithm }, [alice.userId]: { PHONE: algorithm } });
  expect(Object.keys(claimed.failures)).toEqual(["away"]);
  expect(Object.keys(claimed.one_time_keys)).toEqual([alice.userId]);
});

test("a device that is gone gives no key, not even one whose upload its end has overtaken", async () => {
  const key = { algorithm, keyId: "LATE", key: '{"key":"late"}' };
  await e2ee.rooms.storage.write(async (tx) => tx.oneTimeKeys.add(alice.userId, "GONE", key));
  expect((await claim({ [alice.userId]: { GONE: algorithm } })).one_time_keys).toEqual({});
});
