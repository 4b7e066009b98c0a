import * as api from "@croft/api";
import { jsonText, type Route, route } from "@croft/http";
import { missingParam } from "@croft/protocol";
import { getAccountData } from "./account-data/get-account-data.ts";
import { setAccountData } from "./account-data/set-account-data.ts";
import { deleteRoomTag, getRoomTags, setRoomTag } from "./account-data/tags.ts";
import type { Accounts } from "./create-accounts.ts";
import { deactivateAccount } from "./deactivation/deactivate-account.ts";
import { deleteDevices } from "./devices/delete-devices.ts";
import { getDevice, getDevices } from "./devices/get-devices.ts";
import { updateDevice } from "./devices/update-device.ts";
import { defineFilter } from "./filters/define-filter.ts";
import { getFilter } from "./filters/get-filter.ts";
import { LOGIN_TYPES, login } from "./login/login.ts";
import { userNamedBy } from "./login/user-named-by.ts";
import { changePassword } from "./password/change-password.ts";
import { deleteProfileField, setProfileField } from "./profile/change-profile.ts";
import { getProfileField, getUserProfile } from "./profile/get-profile.ts";
import { checkUsernameAvailability } from "./registration/check-username-availability.ts";
import { register } from "./registration/register.ts";
import { registerGuest } from "./registration/register-guest.ts";
import { newSharedSecretNonce, registerWithSharedSecret } from "./registration/shared-secret.ts";
import { registrationTokenValidity } from "./registration-tokens/registration-token-validity.ts";
import { clientDeviceOf, deviceReply, refreshReply, registeredReply, sessionReply } from "./replies.ts";
import { logout } from "./sessions/logout.ts";
import { logoutAll } from "./sessions/logout-all.ts";
import { refresh } from "./sessions/refresh.ts";
import { completeSetup } from "./setup/complete-setup.ts";

/** Everything about accounts that has an endpoint. */
export const accountsRoutes = (accounts: Accounts): Route[] => [
  ...registrationRoutes(accounts),
  ...sessionRoutes(accounts),
  ...accountRoutes(accounts),
  ...profileRoutes(accounts),
  ...accountDataRoutes(accounts),
];

const registrationRoutes = (accounts: Accounts): Route[] => [
  route(api.register, async ({ query, body }) => {
    const device = clientDeviceOf(body);
    const registered =
      query.kind === "guest"
        ? await registerGuest(accounts, { displayName: device.displayName })
        : await register(accounts, {
            username: body.username,
            password: body.password,
            auth: body.auth,
            device,
            inhibitLogin: body.inhibit_login ?? false,
          });
    return registeredReply(accounts, registered);
  }),
  route(api.checkUsernameAvailability, async ({ query }) => {
    await checkUsernameAvailability(accounts, query);
    return { available: true };
  }),
  route(api.registrationTokenValidity, async ({ query }) => ({
    valid: await registrationTokenValidity(accounts, query),
  })),
  route(api.getSetupState, async () => ({ setup_needed: !(await accounts.storage.read.accounts.any()) })),
  route(api.completeSetup, async ({ body }) => ({ user_id: await completeSetup(accounts, body) })),
  ...sharedSecretRoutes(accounts),
];

/** Nothing answers there unless there is a secret to know. */
function sharedSecretRoutes(accounts: Accounts): Route[] {
  const { sharedSecret } = accounts.registration;
  if (sharedSecret === undefined) return [];
  return [
    route(api.getSharedSecretNonce, async () => ({ nonce: await newSharedSecretNonce(accounts) })),
    route(api.registerWithSharedSecret, async ({ body }) => {
      const registered = await registerWithSharedSecret(
        { ...accounts, sharedSecret },
        {
          nonce: body.nonce,
          username: body.username,
          password: body.password,
          mac: body.mac,
          displayname: body.displayname,
          admin: body.admin ?? false,
          userType: body.user_type ?? undefined,
          inhibitLogin: body.inhibit_login ?? false,
        },
      );
      return registeredReply(accounts, registered);
    }),
  ];
}

const sessionRoutes = (accounts: Accounts): Route[] => [
  route(api.getLoginFlows, async () => ({ flows: LOGIN_TYPES.map((type) => ({ type })) })),
  route(api.login, async ({ body }) => {
    const { type, password } = body;
    const { userId, session } = await login(accounts, {
      type,
      name: userNamedBy(body),
      password,
      device: clientDeviceOf(body),
    });
    return sessionReply(accounts, userId, session);
  }),
  route(api.refresh, async ({ body }) => refreshReply(await refresh(accounts, { refreshToken: body.refresh_token }))),
  route(api.logout, async ({ requester }) => {
    await logout(accounts, { requester });
    return {};
  }),
  route(api.logout_all, async ({ requester }) => {
    await logoutAll(accounts, { requester });
    return {};
  }),
  route(api.getTokenOwner, async ({ requester: { userId, deviceId, isGuest } }) => ({
    user_id: userId,
    device_id: deviceId,
    is_guest: isGuest,
  })),
];

const accountRoutes = (accounts: Accounts): Route[] => [
  route(api.changePassword, async ({ requester, body }) => {
    const { new_password: newPassword, logout_devices: logoutDevices = true, auth } = body;
    await changePassword(accounts, { requester, newPassword, logoutDevices, auth });
    return {};
  }),
  route(api.deactivateAccount, async ({ requester, body: { erase = false, auth } }) => {
    await deactivateAccount(accounts, { requester, erase, auth });
    return { id_server_unbind_result: "success" as const };
  }),
  route(api.getDevices, async ({ requester }) => ({
    devices: (await getDevices(accounts, { requester })).map(deviceReply),
  })),
  route(api.getDevice, async ({ requester, params }) =>
    deviceReply(await getDevice(accounts, { requester, ...params })),
  ),
  route(api.updateDevice, async ({ requester, params, body }) => {
    await updateDevice(accounts, { requester, ...params, displayName: body.display_name });
    return {};
  }),
  route(api.deleteDevice, async ({ requester, params: { deviceId }, body: { auth } }) => {
    await deleteDevices(accounts, { requester, deviceIds: [deviceId], auth });
    return {};
  }),
  route(api.deleteDevices, async ({ requester, body: { devices, auth } }) => {
    await deleteDevices(accounts, { requester, deviceIds: devices, auth });
    return {};
  }),
];

const profileRoutes = (accounts: Accounts): Route[] => [
  route(api.getUserProfile, async ({ params }) => getUserProfile(accounts, params)),
  route(api.getProfileField, async ({ params: { userId, keyName } }) => ({
    [keyName]: await getProfileField(accounts, { userId, name: keyName }),
  })),
  route(api.setProfileField, async ({ requester, params: { userId, keyName }, body }) => {
    const value = body[keyName];
    if (value === undefined) throw missingParam(`${keyName} is missing in the body`);
    await setProfileField(accounts, { requester, userId, name: keyName, value });
    return {};
  }),
  route(api.deleteProfileField, async ({ requester, params: { userId, keyName } }) => {
    await deleteProfileField(accounts, { requester, userId, name: keyName });
    return {};
  }),
];

const accountDataRoutes = (accounts: Accounts): Route[] => [
  route(api.setAccountData, async ({ requester, params, bodyText }) => {
    await setAccountData(accounts, { requester, key: { ...params, roomId: undefined }, content: bodyText });
    return {};
  }),
  route(api.getAccountData, async ({ requester, params }) =>
    jsonText(await getAccountData(accounts, { requester, key: { ...params, roomId: undefined } })),
  ),
  route(api.setAccountDataPerRoom, async ({ requester, params, bodyText }) => {
    await setAccountData(accounts, { requester, key: params, content: bodyText });
    return {};
  }),
  route(api.getAccountDataPerRoom, async ({ requester, params }) =>
    jsonText(await getAccountData(accounts, { requester, key: params })),
  ),
  route(api.getRoomTags, async ({ requester, params }) => ({
    tags: await getRoomTags(accounts, { requester, ...params }),
  })),
  route(api.setRoomTag, async ({ requester, params, body }) => {
    await setRoomTag(accounts, { requester, ...params, info: body });
    return {};
  }),
  route(api.deleteRoomTag, async ({ requester, params }) => {
    await deleteRoomTag(accounts, { requester, ...params });
    return {};
  }),
  route(api.defineFilter, async ({ requester, params: { userId }, bodyText }) => ({
    filter_id: await defineFilter(accounts, { requester, userId, filter: bodyText }),
  })),
  route(api.getFilter, async ({ requester, params }) => jsonText(await getFilter(accounts, { requester, ...params }))),
];
