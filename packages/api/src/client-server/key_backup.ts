import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty, RoomIdSchema } from "../schemas.ts";

/** Clients upload a few hundred keys at once, each of about a kilobyte. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

const KeyBackupData = Type.Object({
  first_message_index: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  forwarded_count: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  is_verified: Type.Boolean(),
  session_data: AnyObject,
});
const RoomKeyBackup = Type.Object({ sessions: Type.Record(Type.String(), KeyBackupData) });
const RoomKeysUpdateResponse = Type.Object({ etag: Type.String(), count: Type.Integer() });

const VersionParams = Type.Object({ version: Type.String() });
const VersionQuery = Type.Object({ version: Type.String() });
const RoomParams = Type.Object({ roomId: RoomIdSchema });
const SessionParams = Type.Object({ roomId: RoomIdSchema, sessionId: Type.String() });

const Backup = Type.Object({
  algorithm: Type.String(),
  auth_data: AnyObject,
  count: Type.Integer(),
  etag: Type.String(),
  version: Type.String(),
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3room_keysversion */
export const postRoomKeysVersion = endpoint({
  operationId: "postRoomKeysVersion",
  method: "POST",
  path: "/_matrix/client/v3/room_keys/version",
  auth: "accessToken",
  rateLimited: "general",
  body: Type.Object({ algorithm: Type.String({ maxLength: 255 }), auth_data: AnyObject }),
  reply: Type.Object({ version: Type.String() }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keysversion */
export const getRoomKeysVersionCurrent = endpoint({
  operationId: "getRoomKeysVersionCurrent",
  method: "GET",
  path: "/_matrix/client/v3/room_keys/version",
  auth: "accessToken",
  rateLimited: "general",
  reply: Backup,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keysversionversion */
export const getRoomKeysVersion = endpoint({
  operationId: "getRoomKeysVersion",
  method: "GET",
  path: "/_matrix/client/v3/room_keys/version/:version",
  auth: "accessToken",
  rateLimited: "general",
  params: VersionParams,
  reply: Backup,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3room_keysversionversion */
export const putRoomKeysVersion = endpoint({
  operationId: "putRoomKeysVersion",
  method: "PUT",
  path: "/_matrix/client/v3/room_keys/version/:version",
  auth: "accessToken",
  rateLimited: "general",
  params: VersionParams,
  body: Type.Object({
    algorithm: Type.String(),
    auth_data: AnyObject,
    version: Type.Optional(Type.String()),
  }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3room_keysversionversion */
export const deleteRoomKeysVersion = endpoint({
  operationId: "deleteRoomKeysVersion",
  method: "DELETE",
  path: "/_matrix/client/v3/room_keys/version/:version",
  auth: "accessToken",
  rateLimited: "general",
  params: VersionParams,
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3room_keyskeysroomidsessionid */
export const putRoomKeyBySessionId = endpoint({
  operationId: "putRoomKeyBySessionId",
  method: "PUT",
  path: "/_matrix/client/v3/room_keys/keys/:roomId/:sessionId",
  auth: "accessToken",
  rateLimited: "general",
  params: SessionParams,
  query: VersionQuery,
  body: KeyBackupData,
  reply: RoomKeysUpdateResponse,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keyskeysroomidsessionid */
export const getRoomKeyBySessionId = endpoint({
  operationId: "getRoomKeyBySessionId",
  method: "GET",
  path: "/_matrix/client/v3/room_keys/keys/:roomId/:sessionId",
  auth: "accessToken",
  rateLimited: "general",
  params: SessionParams,
  query: VersionQuery,
  reply: KeyBackupData,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3room_keyskeysroomidsessionid */
export const deleteRoomKeyBySessionId = endpoint({
  operationId: "deleteRoomKeyBySessionId",
  method: "DELETE",
  path: "/_matrix/client/v3/room_keys/keys/:roomId/:sessionId",
  auth: "accessToken",
  rateLimited: "general",
  params: SessionParams,
  query: VersionQuery,
  reply: RoomKeysUpdateResponse,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3room_keyskeysroomid */
export const putRoomKeysByRoomId = endpoint({
  operationId: "putRoomKeysByRoomId",
  method: "PUT",
  path: "/_matrix/client/v3/room_keys/keys/:roomId",
  auth: "accessToken",
  rateLimited: "general",
  maxBodyBytes: MAX_BODY_BYTES,
  params: RoomParams,
  query: VersionQuery,
  body: RoomKeyBackup,
  reply: RoomKeysUpdateResponse,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keyskeysroomid */
export const getRoomKeysByRoomId = endpoint({
  operationId: "getRoomKeysByRoomId",
  method: "GET",
  path: "/_matrix/client/v3/room_keys/keys/:roomId",
  auth: "accessToken",
  rateLimited: "general",
  params: RoomParams,
  query: VersionQuery,
  reply: RoomKeyBackup,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3room_keyskeysroomid */
export const deleteRoomKeysByRoomId = endpoint({
  operationId: "deleteRoomKeysByRoomId",
  method: "DELETE",
  path: "/_matrix/client/v3/room_keys/keys/:roomId",
  auth: "accessToken",
  rateLimited: "general",
  params: RoomParams,
  query: VersionQuery,
  reply: RoomKeysUpdateResponse,
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3room_keyskeys */
export const putRoomKeys = endpoint({
  operationId: "putRoomKeys",
  method: "PUT",
  path: "/_matrix/client/v3/room_keys/keys",
  auth: "accessToken",
  rateLimited: "general",
  maxBodyBytes: MAX_BODY_BYTES,
  query: VersionQuery,
  body: Type.Object({ rooms: Type.Record(Type.String(), RoomKeyBackup) }),
  reply: RoomKeysUpdateResponse,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3room_keyskeys */
export const getRoomKeys = endpoint({
  operationId: "getRoomKeys",
  method: "GET",
  path: "/_matrix/client/v3/room_keys/keys",
  auth: "accessToken",
  rateLimited: "general",
  query: VersionQuery,
  reply: Type.Object({ rooms: Type.Record(Type.String(), RoomKeyBackup) }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3room_keyskeys */
export const deleteRoomKeys = endpoint({
  operationId: "deleteRoomKeys",
  method: "DELETE",
  path: "/_matrix/client/v3/room_keys/keys",
  auth: "accessToken",
  rateLimited: "general",
  query: VersionQuery,
  reply: RoomKeysUpdateResponse,
});
