import type { Requester } from "@croft/http";
import {
  invalidParam,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  MAX_TAG_BYTES,
  MatrixError,
  type RoomId,
  type UserId,
  utf8Length,
} from "@croft/protocol";
import type { AccountDataReader, Storage } from "@croft/storage";
import { requireOwn } from "./own-data.ts";

/** As much as an event. */
const MAX_TAGS_BYTES = 65_536;

export type TagsDeps = { readonly storage: Storage<"accountData"> };

type RoomOf = { readonly requester: Requester; readonly userId: UserId; readonly roomId: RoomId };

/** Tags are the content of the room's `m.tag`. https://spec.matrix.org/v1.19/client-server-api/#room-tagging */
export async function getRoomTags({ storage }: TagsDeps, { requester, userId, roomId }: RoomOf): Promise<JsonObject> {
  requireOwn(requester, userId);
  return (await readTags(storage.read.accountData, userId, roomId)).tags;
}

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridroomsroomidtagstag */
export async function setRoomTag(
  deps: TagsDeps,
  { tag, info, ...room }: RoomOf & { tag: string; info: JsonObject },
): Promise<void> {
  if (utf8Length(tag) > MAX_TAG_BYTES) throw invalidParam(`A tag has at most ${MAX_TAG_BYTES} bytes`);
  await changeTags(deps, room, (tags) => [...tags.filter(([name]) => name !== tag), [tag, info]]);
}

/** A tag that is not there is gone already. https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3useruseridroomsroomidtagstag */
export const deleteRoomTag = (deps: TagsDeps, { tag, ...room }: RoomOf & { tag: string }): Promise<void> =>
  changeTags(deps, room, (tags) => tags.filter(([name]) => name !== tag));

type Tags = readonly (readonly [string, JsonValue])[];

async function changeTags(
  { storage }: TagsDeps,
  { requester, userId, roomId }: RoomOf,
  change: (tags: Tags) => Tags,
): Promise<void> {
  requireOwn(requester, userId);
  await storage.write(async (tx) => {
    const { tags, position } = await readTags(tx.accountData, userId, roomId);
    const content = JSON.stringify({ tags: Object.fromEntries(change(Object.entries(tags))) });
    if (utf8Length(content) > MAX_TAGS_BYTES) throw new MatrixError("M_TOO_LARGE", "A room has too many tags");
    tx.accountData.replace({ userId, roomId, type: "m.tag" }, content, position);
  });
}

/** Clients may set `m.tag` as account data too, with anything inside. */
async function readTags(
  accountData: AccountDataReader,
  userId: UserId,
  roomId: RoomId,
): Promise<{ tags: JsonObject; position: number | undefined }> {
  const data = await accountData.get({ userId, roomId, type: "m.tag" });
  const content: JsonObject = data ? JSON.parse(data.content) : {};
  const tags = content["tags"];
  return { tags: isJsonObject(tags) ? tags : {}, position: data?.position };
}
