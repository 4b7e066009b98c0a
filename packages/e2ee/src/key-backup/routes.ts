import * as api from "@croft/api";
import { jsonText, type Route, route } from "@croft/http";
import type { KeyBackupRecord, Storage } from "@croft/storage";
import { createBackup } from "./create-backup.ts";
import { deleteBackup } from "./delete-backup.ts";
import { deleteKeys } from "./delete-keys.ts";
import { getBackup } from "./get-backup.ts";
import { getKeys, getRoomKeys, getSessionKey } from "./get-keys.ts";
import { putKeys } from "./put-keys.ts";
import { updateBackup } from "./update-backup.ts";

type KeyBackupDeps = { readonly storage: Storage<"keyBackups"> };

export const keyBackupRoutes = (deps: KeyBackupDeps): Route[] => [
  ...versionRoutes(deps),
  ...putRoutes(deps),
  ...getRoutes(deps),
  ...deleteRoutes(deps),
];

const versionRoutes = (deps: KeyBackupDeps): Route[] => [
  route(api.postRoomKeysVersion, async ({ requester: { userId }, body: { algorithm, auth_data: authData } }) => ({
    version: await createBackup(deps, { userId, algorithm, authData }),
  })),
  route(api.getRoomKeysVersionCurrent, async ({ requester: { userId } }) =>
    backupReply(await getBackup(deps, { userId, version: undefined })),
  ),
  route(api.getRoomKeysVersion, async ({ requester: { userId }, params }) =>
    backupReply(await getBackup(deps, { userId, ...params })),
  ),
  route(api.putRoomKeysVersion, async ({ requester: { userId }, params: { version }, body }) => {
    await updateBackup(deps, { userId, version, stated: body, authData: body.auth_data });
    return {};
  }),
  route(api.deleteRoomKeysVersion, async ({ requester: { userId }, params }) => {
    await deleteBackup(deps, { userId, ...params });
    return {};
  }),
];

const putRoutes = (deps: KeyBackupDeps): Route[] => [
  route(api.putRoomKeys, ({ requester: { userId }, query, body: { rooms } }) =>
    putKeys(deps, { userId, ...query, rooms }),
  ),
  route(api.putRoomKeysByRoomId, ({ requester: { userId }, query, params: { roomId }, body }) =>
    putKeys(deps, { userId, ...query, rooms: { [roomId]: body } }),
  ),
  route(api.putRoomKeyBySessionId, ({ requester: { userId }, query, params: { roomId, sessionId }, body }) =>
    putKeys(deps, { userId, ...query, rooms: { [roomId]: { sessions: { [sessionId]: body } } } }),
  ),
];

const getRoutes = (deps: KeyBackupDeps): Route[] => [
  route(api.getRoomKeys, async ({ requester: { userId }, query }) =>
    jsonText(await getKeys(deps, { userId, ...query })),
  ),
  route(api.getRoomKeysByRoomId, async ({ requester: { userId }, query, params }) =>
    jsonText(await getRoomKeys(deps, { userId, ...query, ...params })),
  ),
  route(api.getRoomKeyBySessionId, async ({ requester: { userId }, query, params }) =>
    jsonText(await getSessionKey(deps, { userId, ...query, ...params })),
  ),
];

const deleteRoutes = (deps: KeyBackupDeps): Route[] => [
  route(api.deleteRoomKeys, ({ requester: { userId }, query }) => deleteKeys(deps, { userId, ...query })),
  route(api.deleteRoomKeysByRoomId, ({ requester: { userId }, query, params }) =>
    deleteKeys(deps, { userId, ...query, ...params }),
  ),
  route(api.deleteRoomKeyBySessionId, ({ requester: { userId }, query, params }) =>
    deleteKeys(deps, { userId, ...query, ...params }),
  ),
];

/** `auth_data` goes as it was stored. */
const backupReply = ({ version, algorithm, authData, etag, count }: KeyBackupRecord) =>
  jsonText(
    `{"algorithm":${JSON.stringify(algorithm)},"auth_data":${authData},"count":${count},"etag":"${etag}","version":"${version}"}`,
  );
