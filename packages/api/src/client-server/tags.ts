import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, Empty, RoomIdSchema, UserIdSchema } from "../schemas.ts";

const RoomParams = Type.Object({ userId: UserIdSchema, roomId: RoomIdSchema });
const TagParams = Type.Object({ userId: UserIdSchema, roomId: RoomIdSchema, tag: Type.String() });

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridroomsroomidtags */
export const getRoomTags = endpoint({
  operationId: "getRoomTags",
  method: "GET",
  path: "/_matrix/client/v3/user/:userId/rooms/:roomId/tags",
  auth: "accessToken",
  rateLimited: false,
  params: RoomParams,
  reply: Type.Object({ tags: AnyObject }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3useruseridroomsroomidtagstag */
export const setRoomTag = endpoint({
  operationId: "setRoomTag",
  method: "PUT",
  path: "/_matrix/client/v3/user/:userId/rooms/:roomId/tags/:tag",
  auth: "accessToken",
  rateLimited: false,
  params: TagParams,
  body: Type.Object({ order: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })) }),
  reply: Empty,
});

/** https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3useruseridroomsroomidtagstag */
export const deleteRoomTag = endpoint({
  operationId: "deleteRoomTag",
  method: "DELETE",
  path: "/_matrix/client/v3/user/:userId/rooms/:roomId/tags/:tag",
  auth: "accessToken",
  rateLimited: false,
  params: TagParams,
  reply: Empty,
});
