import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, RoomIdOrAliasSchema, RoomIdSchema } from "../schemas.ts";

const JoinBody = Type.Object({
  reason: Type.Optional(Type.String()),
  third_party_signed: Type.Optional(AnyObject),
});
const Joined = Type.Object({ room_id: RoomIdSchema });

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidjoin */
export const joinRoomById = endpoint({
  operationId: "joinRoomById",
  method: "POST",
  path: "/_matrix/client/v3/rooms/:roomId/join",
  auth: "accessToken",
  rateLimited: "join",
  params: Type.Object({ roomId: RoomIdSchema }),
  body: JoinBody,
  reply: Joined,
});

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3joinroomidoralias */
export const joinRoom = endpoint({
  operationId: "joinRoom",
  method: "POST",
  path: "/_matrix/client/v3/join/:roomIdOrAlias",
  auth: "accessToken",
  rateLimited: "join",
  params: Type.Object({ roomIdOrAlias: RoomIdOrAliasSchema }),
  query: Type.Object({
    via: Type.Optional(Type.Array(Type.String())),
    /** The name `via` had until version 1.12. */
    server_name: Type.Optional(Type.Array(Type.String())),
  }),
  body: JoinBody,
  reply: Joined,
});
