import * as api from "@croft/api";
import { expect, test } from "vitest";
import { changePassword } from "../password/change-password.ts";
import { passwordAuth, passwordOf, sessionOf, testAccounts } from "../test-accounts.ts";

const PHONE = { deviceId: "PHONE" };

test("devices are listed with their names and where they were last seen", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const { json } = await server.login("alice", { device_id: "PHONE", initial_device_display_name: "My phone" });
  const token = json.access_token;
  await server.whoami(token);
  await server.accounts.lastSeen.flush();
  const phone = {
    device_id: "PHONE",
    display_name: "My phone",
    last_seen_ip: "127.0.0.1",
    last_seen_ts: server.clock.now(),
  };
  expect((await server.call(api.getDevice, { params: PHONE, token })).json).toEqual(phone);
  await server.token("alice", "SILENT");
  expect((await server.call(api.getDevices, { token })).json.devices).toContainEqual({ device_id: "SILENT" });
});

test("a device is renamed by its user alone", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  await server.createUser("bob");
  const [alice, bob] = [await server.token("alice", "PHONE"), await server.token("bob", "BOBS")];
  const rename = (token: string, body: object) => server.call(api.updateDevice, { params: PHONE, token, body });
  expect(await rename(alice, { display_name: "Renamed" })).toEqual({ status: 200, json: {} });
  expect(await rename(alice, {})).toEqual({ status: 200, json: {} });
  expect((await server.call(api.getDevice, { params: PHONE, token: alice })).json.display_name).toBe("Renamed");
  const notThere = { status: 404, json: { errcode: "M_NOT_FOUND" } };
  expect(await rename(bob, { display_name: "x" })).toMatchObject(notThere);
  expect(await server.call(api.getDevice, { params: PHONE, token: bob })).toMatchObject(notThere);
});

test("a device's name, which others are shown, is at most 255 letters long", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const named = (length: number) => server.login("alice", { initial_device_display_name: "x".repeat(length) });
  const { json } = await named(255);
  const token = json.access_token;
  const refused = { status: 400, json: { errcode: "M_BAD_JSON" } };
  expect(await named(256)).toMatchObject(refused);
  const body = { display_name: "x".repeat(256) };
  const renamed = await server.call(api.updateDevice, { params: { deviceId: json.device_id }, token, body });
  expect(renamed).toMatchObject(refused);
});

test("deleting a device takes the password, and ends its tokens and keys", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const [laptop, phone] = [await server.token("alice", "LAPTOP"), await server.token("alice", "PHONE")];
  const remove = (auth: api.AuthData) =>
    server.call(api.deleteDevice, { params: PHONE, token: laptop, body: { auth } });
  const asked = await server.call(api.deleteDevice, { params: PHONE, token: laptop });
  expect(asked).toMatchObject({ status: 401, json: { flows: [{ stages: ["m.login.password"] }] } });
  const session = sessionOf(asked.json);
  expect(await remove(passwordAuth("alice", { session, password: "wrong" }))).toMatchObject({
    status: 401,
    json: { errcode: "M_FORBIDDEN", session },
  });
  expect((await server.whoami(phone)).status).toBe(200);
  expect(await remove(passwordAuth("alice", { session }))).toEqual({ status: 200, json: {} });
  expect((await server.whoami(phone)).json.errcode).toBe("M_UNKNOWN_TOKEN");
  expect(server.told).toEqual(["keys @alice:example.org PHONE"]);
});

test("nobody deletes a device with another user's password", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  await server.createUser("bob");
  const token = await server.token("alice", "PHONE");
  const reply = await server.call(api.deleteDevice, { params: PHONE, token, body: { auth: passwordAuth("bob") } });
  expect(reply).toMatchObject({ status: 401, json: { errcode: "M_FORBIDDEN" } });
});

test("several devices are deleted with one proof; unknown ones are gone already", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const token = await server.token("alice", "A");
  for (const device of ["B", "C", "D"]) await server.token("alice", device);
  const body = { devices: ["B", "C", "GONE"], auth: passwordAuth("alice") };
  expect((await server.call(api.deleteDevices, { token, body })).status).toBe(200);
  const left = (await server.call(api.getDevices, { token })).json.devices.map((device) => device.device_id);
  expect(left.sort()).toEqual(["A", "D"]);
});

test("changing the password ends the other devices unless they may stay, and never the one that asks", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const [laptop, phone] = [await server.token("alice", "LAPTOP"), await server.token("alice", "PHONE")];
  const change = (password: string, more: object) =>
    server.call(api.changePassword, {
      token: laptop,
      body: { new_password: "new secret", auth: { ...passwordAuth("alice"), password }, ...more },
    });
  expect((await change("wrong", {})).status).toBe(401);
  expect((await change(passwordOf("alice"), { logout_devices: false })).status).toBe(200);
  expect((await server.whoami(phone)).status).toBe(200);
  expect((await server.login("alice")).status).toBe(403);
  expect((await change("new secret", {})).status).toBe(200);
  expect((await server.whoami(phone)).status).toBe(401);
  expect((await server.whoami(laptop)).status).toBe(200);
  expect((await server.login("alice", { password: "new secret" })).status).toBe(200);
});

test("the other devices are out with the old password even if the server stops before their keys are gone", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const [laptop, phone] = [await server.token("alice", "LAPTOP"), await server.token("alice", "PHONE")];
  const info = { address: "192.0.2.1", userAgent: undefined, allowedWhenLocked: false };
  const requester = await server.accounts.accessTokens.authenticate(laptop, info);
  const crash = new Error("the lights went out");
  const deviceKeys = { deleteDevices: () => Promise.reject(crash) };
  const request = { requester, newPassword: "new secret", logoutDevices: true, auth: passwordAuth("alice") };
  await expect(changePassword({ ...server.accounts, deviceKeys }, request)).rejects.toBe(crash);
  expect((await server.whoami(phone)).status).toBe(401);
  expect((await server.login("alice")).status).toBe(403);
});

test("a device that logs in with the old password while it is changed is out too", async () => {
  await using server = await testAccounts();
  await server.createUser("alice");
  const laptop = await server.token("alice", "LAPTOP");
  const info = { address: "192.0.2.1", userAgent: undefined, allowedWhenLocked: false };
  const requester = await server.accounts.accessTokens.authenticate(laptop, info);
  const { storage } = server.accounts;
  let late: string | undefined;
  const ofUser: typeof storage.read.devices.ofUser = async (userId) => {
    const devices = await storage.read.devices.ofUser(userId);
    late ??= await server.token("alice", "LATE");
    return devices;
  };
  const interrupted: typeof storage = {
    read: { ...storage.read, devices: { ...storage.read.devices, ofUser } },
    write: (useCase, options) => storage.write(useCase, options),
    position: () => storage.position(),
    onCommitted: (listener) => storage.onCommitted(listener),
  };
  const request = { requester, newPassword: "new secret", logoutDevices: true, auth: passwordAuth("alice") };
  await changePassword({ ...server.accounts, storage: interrupted }, request);
  expect((await server.whoami(late)).status).toBe(401);
});
