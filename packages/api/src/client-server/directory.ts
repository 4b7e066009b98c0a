import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { Empty, RoomAliasSchema, RoomIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3directoryroomroomalias */
export const setRoomAlias = endpoint({
  operationId: "setRoomAlias",
  method: "PUT",
  path: "/_matrix/client/v3/directory/room/:roomAlias",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomAlias: RoomAliasSchema }),
  body: Type.Object({ room_id: RoomIdSchema }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3directoryroomroomalias */
export const getRoomIdByAlias = endpoint({
  operationId: "getRoomIdByAlias",
  method: "GET",
  path: "/_matrix/client/v3/directory/room/:roomAlias",
  auth: "none",
  rateLimited: false,
  params: Type.Object({ roomAlias: RoomAliasSchema }),
  reply: Type.Object({ room_id: RoomIdSchema, servers: Type.Array(Type.String()) }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3directoryroomroomalias */
export const deleteRoomAlias = endpoint({
  operationId: "deleteRoomAlias",
  method: "DELETE",
  path: "/_matrix/client/v3/directory/room/:roomAlias",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomAlias: RoomAliasSchema }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidaliases */
export const getLocalAliases = endpoint({
  operationId: "getLocalAliases",
  method: "GET",
  path: "/_matrix/client/v3/rooms/:roomId/aliases",
  auth: "accessToken",
  rateLimited: "general",
  params: Type.Object({ roomId: RoomIdSchema }),
  reply: Type.Object({ aliases: Type.Array(RoomAliasSchema) }),
});
