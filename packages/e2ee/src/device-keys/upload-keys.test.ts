import * as api from "@croft/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deviceKeysOf, type TestDevice, type TestE2ee, testE2ee } from "../test-e2ee.ts";
import { forgetClaimedKeys } from "./forget-claimed-keys.ts";

let e2ee: TestE2ee;
let logins = 0;
let phone: TestDevice;

beforeAll(async () => {
  e2ee = await testE2ee();
});
afterAll(() => e2ee[Symbol.asyncDispose]());

/** Each test's own. */
const newPhone = async () => {
  phone = await e2ee.login(`user${++logins}`, "PHONE");
  return phone;
};
const upload = (body: api.BodyOf<typeof api.uploadKeys>) => phone.call(api.uploadKeys, { body });
const counts = async () => (await upload({})).body.one_time_key_counts;

test("an upload answers how many keys of each algorithm there are now", async () => {
  await newPhone();
  expect(await counts()).toEqual({});
  const { status, body } = await upload({
    one_time_keys: { "signed_curve25519:A": { key: "a" }, "curve25519:A": "a" },
  });
  expect(status).toBe(200);
  expect(body).toEqual({ one_time_key_counts: { signed_curve25519: 1, curve25519: 1 } });
  await upload({ one_time_keys: { "signed_curve25519:B": { key: "b" } } });
  expect(await counts()).toEqual({ signed_curve25519: 2, curve25519: 1 });
});

test("the same key again is no error and counts once, another one of its name is refused with all of the upload", async () => {
  await newPhone();
  await upload({ one_time_keys: { "signed_curve25519:A": { key: "a", signatures: {} } } });
  const same = await upload({ one_time_keys: { "signed_curve25519:A": { signatures: {}, key: "a" } } });
  expect(same).toMatchObject({ status: 200, body: { one_time_key_counts: { signed_curve25519: 1 } } });
  const other = await upload({
    one_time_keys: { "signed_curve25519:A": { key: "other" }, "signed_curve25519:B": { key: "b" } },
  });
  expect(other).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  expect(await counts()).toEqual({ signed_curve25519: 1 });
});

test("a key that was claimed and comes again within a day is not handed out again", async () => {
  await newPhone();
  const { storage, clock } = e2ee.rooms;
  const one_time_keys = { "signed_curve25519:A": { key: "a" } };
  const wanted = { one_time_keys: { [phone.userId]: { PHONE: "signed_curve25519" } } };
  const claimed = async () => (await phone.call(api.claimKeys, { body: wanted })).body.one_time_keys;
  const given = { [phone.userId]: { PHONE: one_time_keys } };
  await upload({ one_time_keys });
  expect(await claimed()).toEqual(given);
  clock.advance(23 * 3_600_000);
  await forgetClaimedKeys({ storage, clock });
  expect((await upload({ one_time_keys })).body).toEqual({ one_time_key_counts: {} });
  expect(await claimed()).toEqual({});
  clock.advance(2 * 3_600_000);
  await forgetClaimedKeys({ storage, clock });
  expect(await storage.read.oneTimeKeys.withIds(phone.userId, "PHONE", ["A"])).toEqual([]);
});

test("of two uploads at once with different keys of one name, one is refused", async () => {
  await newPhone();
  const uploads = await Promise.all(
    ["x", "y"].map((key) => upload({ one_time_keys: { "signed_curve25519:A": { key } } })),
  );
  expect(uploads.map(({ status }) => status).sort()).toEqual([200, 400]);
  expect(await counts()).toEqual({ signed_curve25519: 1 });
});

test("device keys of another user or another device are refused", async () => {
  await newPhone();
  for (const wrong of [{ userId: "@mallory:here" as const }, { deviceId: "LAPTOP" }]) {
    const { signed } = deviceKeysOf({ ...phone, ...wrong });
    expect(await upload({ device_keys: signed })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  }
});

test("keys without a name, keys that canonical JSON cannot say and keys of any size are refused", async () => {
  await newPhone();
  const refused = async (body: api.BodyOf<typeof api.uploadKeys>, status: number, errcode: string) =>
    expect(await upload(body)).toMatchObject({ status, body: { errcode } });
  await refused({ one_time_keys: { nameless: "a" } }, 400, "M_INVALID_PARAM");
  await refused({ one_time_keys: { "curve25519:": "a" } }, 400, "M_INVALID_PARAM");
  await refused({ one_time_keys: { "curve25519:A": { key: "a", odd: 1.5 } } }, 400, "M_BAD_JSON");
  await refused({ one_time_keys: { "curve25519:A": "a".repeat(20_000) } }, 413, "M_TOO_LARGE");
  const { signed } = deviceKeysOf(phone);
  await refused({ device_keys: { ...signed, more: "a".repeat(70_000) } }, 413, "M_TOO_LARGE");
  expect(await counts()).toEqual({});
});

test("there is one fallback key per algorithm", async () => {
  await newPhone();
  const two = { "signed_curve25519:A": { key: "a" }, "signed_curve25519:B": { key: "b" } };
  expect(await upload({ fallback_keys: two })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  await upload({ fallback_keys: { "signed_curve25519:A": { key: "a" } } });
  const { unusedFallbackTypes } = await e2ee.rooms.storage.read.oneTimeKeys.countsOf(phone.userId, "PHONE");
  expect(unusedFallbackTypes).toEqual(["signed_curve25519"]);
});

test("a device keeps at most a thousand one-time keys, and fallback keys of a few algorithms", async () => {
  await newPhone();
  const keys = (count: number, from = 0) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`signed_curve25519:${from + at}`, { key: "a" }]));
  const tooMany = { status: 413, body: { errcode: "M_TOO_LARGE" } };
  expect((await upload({ one_time_keys: keys(1000) })).status).toBe(200);
  expect((await upload({ one_time_keys: keys(1000) })).status).toBe(200);
  expect(await upload({ one_time_keys: keys(1, 1000) })).toMatchObject(tooMany);
  const fallback = (count: number, from = 0) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`algorithm${from + at}:A`, { key: "a" }]));
  expect((await upload({ fallback_keys: fallback(10) })).status).toBe(200);
  expect((await upload({ fallback_keys: fallback(10) })).status).toBe(200);
  expect(await upload({ fallback_keys: fallback(1, 10) })).toMatchObject(tooMany);
  expect(await counts()).toEqual({ signed_curve25519: 1000 });
});
