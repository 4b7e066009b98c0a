import { register } from "@croft/api";
import { ok } from "./call.ts";

/** An account's device that may call. */
export type SignedUp = { readonly userId: string; readonly deviceId: string; readonly token: string };

/** Makes an account where registration is open to everybody. */
export async function signUp(baseUrl: string, username: string): Promise<SignedUp> {
  const { user_id, device_id, access_token } = await ok(baseUrl, register, {
    body: { username, password: `correct horse of ${username}`, auth: { type: "m.login.dummy" } },
  });
  if (device_id === undefined || access_token === undefined) throw new Error("registration brought no device");
  return { userId: user_id, deviceId: device_id, token: access_token };
}
