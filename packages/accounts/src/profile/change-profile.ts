import type { Requester } from "@croft/http";
import {
  forbidden,
  type JsonObject,
  type JsonValue,
  MAX_PROFILE_BYTES,
  MatrixError,
  type UserId,
} from "@croft/protocol";
import type { Storage } from "@croft/storage";
import type { RoomMemberships } from "../ports.ts";
import { MEMBER_EVENT_FIELDS, requireFieldName, requireFieldValue } from "./profile-fields.ts";

export type ChangeProfileDeps = {
  readonly storage: Storage<"accounts" | "profiles" | "pendingProfiles">;
  readonly memberships: Pick<RoomMemberships, "profileChanged">;
};

type Field = { readonly requester: Requester; readonly userId: UserId; readonly name: string };

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3profileuseridkeyname */
export async function setProfileField(
  deps: ChangeProfileDeps,
  { value, ...field }: Field & { value: JsonValue },
): Promise<void> {
  requireFieldName(field.name);
  requireFieldValue(field.name, value);
  // Clients clear a name or picture by setting it to nothing.
  const cleared = value === "" && MEMBER_EVENT_FIELDS.includes(field.name);
  await changeField(deps, field, cleared ? undefined : value);
}

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3profileuseridkeyname */
export async function deleteProfileField(deps: ChangeProfileDeps, field: Field): Promise<void> {
  requireFieldName(field.name);
  await changeField(deps, field, undefined);
}

async function changeField(
  { storage, memberships }: ChangeProfileDeps,
  { requester, userId, name }: Field,
  value: JsonValue | undefined,
): Promise<void> {
  if (requester.userId !== userId) throw forbidden("You can change your own profile only");
  const isInRooms = MEMBER_EVENT_FIELDS.includes(name);
  const changed = await storage.write(async (tx) => {
    if ((await tx.accounts.get(userId))?.suspended) {
      throw new MatrixError("M_USER_SUSPENDED", "You cannot change your profile while suspended");
    }
    const profile = await tx.profiles.get(userId);
    const { [name]: before, ...others } = profile?.fields ?? {};
    if (JSON.stringify(before) === JSON.stringify(value)) return false;
    const fields: JsonObject = value === undefined ? others : { ...others, [name]: value };
    if (Buffer.byteLength(JSON.stringify(fields)) >= MAX_PROFILE_BYTES) {
      throw new MatrixError("M_PROFILE_TOO_LARGE", `A profile is smaller than ${MAX_PROFILE_BYTES} bytes`);
    }
    tx.profiles.replace(userId, fields, profile?.version);
    if (isInRooms) tx.pendingProfiles.add(userId);
    tx.touch({ userId });
    return true;
  });
  if (changed && isInRooms) memberships.profileChanged(userId);
}
