import { type JsonObject, type JsonValue, notFound, type UserId } from "@croft/protocol";
import type { Storage } from "@croft/storage";
import { requireFieldName } from "./profile-fields.ts";

export type GetProfileDeps = { readonly storage: Storage<"accounts" | "profiles"> };

/** All fields of a user of this server. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3profileuserid */
export async function getUserProfile({ storage }: GetProfileDeps, { userId }: { userId: UserId }): Promise<JsonObject> {
  const account = await storage.read.accounts.get(userId);
  if (!account || account.deactivated) throw notFound("There is no such user");
  return (await storage.read.profiles.get(userId))?.fields ?? {};
}

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3profileuseridkeyname */
export async function getProfileField(
  deps: GetProfileDeps,
  { userId, name }: { userId: UserId; name: string },
): Promise<JsonValue> {
  requireFieldName(name);
  const value = (await getUserProfile(deps, { userId }))[name];
  if (value === undefined) throw notFound("There is no such profile field");
  return value;
}
