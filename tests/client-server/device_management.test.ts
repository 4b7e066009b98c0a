import { deleteDevice, deleteDevices, getDevice, getDevices, getTokenOwner, updateDevice } from "@croft/api";
import { expect, test } from "vitest";
import { onBothEngines, refusal } from "./on-both-engines.ts";
import { proofOf } from "./talk.ts";

onBothEngines((here) => {
  const twoDevices = async () => {
    const [alice] = await here.people("alice");
    const phone = await here.server.login(alice.name, { device_id: "PHONE", initial_device_display_name: "A phone" });
    return { alice, phone };
  };

  test("a user sees their devices, with where and when each was last seen", async () => {
    const { alice, phone } = await twoDevices();
    const { devices } = await alice.ok(getDevices);
    expect(devices.map((device) => device.device_id).sort()).toEqual([alice.deviceId, "PHONE"].sort());
    await phone.ok(getTokenOwner);
    const lastSeen = { last_seen_ip: "127.0.0.1", last_seen_ts: here.server.clock.now() };
    here.server.clock.advance(60_000);
    await expect
      .poll(() => alice.ok(getDevice, { params: { deviceId: "PHONE" } }), { timeout: 10_000 })
      .toEqual({ device_id: "PHONE", display_name: "A phone", ...lastSeen });
  });

  test("a device can be named anew", async () => {
    const { alice, phone } = await twoDevices();
    await alice.ok(updateDevice, { params: { deviceId: "PHONE" }, body: { display_name: "Old phone" } });
    expect(await phone.ok(getDevice, { params: { deviceId: "PHONE" } })).toMatchObject({ display_name: "Old phone" });
  });

  test("devices of others are not there", async () => {
    const { alice } = await twoDevices();
    const [bob] = await here.people("bob");
    const params = { deviceId: alice.deviceId };
    expect(await bob.call(getDevice, { params })).toMatchObject(refusal(404, "M_NOT_FOUND"));
    const body = { display_name: "Mine" };
    expect(await bob.call(updateDevice, { params, body })).toMatchObject(refusal(404, "M_NOT_FOUND"));
  });

  test("who proves to be the user ends a device, which can do nothing after", async () => {
    const { alice, phone } = await twoDevices();
    const params = { deviceId: "PHONE" };
    expect(await alice.call(deleteDevice, { params, body: {} })).toMatchObject({
      status: 401,
      body: { flows: [{ stages: ["m.login.password"] }], session: expect.any(String) },
    });
    await alice.ok(deleteDevice, { params, body: { auth: proofOf(alice) } });
    expect(await phone.call(getTokenOwner)).toMatchObject(refusal(401, "M_UNKNOWN_TOKEN"));
    expect(await alice.call(getDevice, { params })).toMatchObject(refusal(404, "M_NOT_FOUND"));
  });

  test("several devices can be ended at once, and a proof for some ends no others", async () => {
    const { alice, phone } = await twoDevices();
    const laptop = await here.server.login(alice.name, { device_id: "LAPTOP" });
    const challenge = await alice.call(deleteDevices, { body: { devices: ["PHONE"] } });
    const { session } = challenge.body as unknown as { session: string };
    await alice.ok(deleteDevices, { body: { devices: ["PHONE"], auth: { ...proofOf(alice), session } } });
    const spent = { devices: ["LAPTOP"], auth: { session } };
    expect(await alice.call(deleteDevices, { body: spent })).toMatchObject({ status: 401 });
    expect(await phone.call(getTokenOwner)).toMatchObject({ status: 401 });
    expect(await laptop.call(getTokenOwner)).toMatchObject({ status: 200 });
  });
});
