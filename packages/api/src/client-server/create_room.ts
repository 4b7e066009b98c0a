import { Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { AnyObject, RoomIdSchema, UserIdSchema } from "../schemas.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom */
export const createRoom = endpoint({
  operationId: "createRoom",
  method: "POST",
  path: "/_matrix/client/v3/createRoom",
  auth: "accessToken",
  rateLimited: "roomCreation",
  body: Type.Object({
    visibility: Type.Optional(Type.Enum(["public", "private"])),
    room_alias_name: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    topic: Type.Optional(Type.String()),
    invite: Type.Optional(Type.Array(UserIdSchema)),
    invite_3pid: Type.Optional(Type.Array(AnyObject)),
    room_version: Type.Optional(Type.String()),
    creation_content: Type.Optional(AnyObject),
    initial_state: Type.Optional(
      Type.Array(
        Type.Object({
          type: Type.String(),
          state_key: Type.Optional(Type.String()),
          content: AnyObject,
        }),
      ),
    ),
    preset: Type.Optional(Type.Enum(["private_chat", "public_chat", "trusted_private_chat"])),
    is_direct: Type.Optional(Type.Boolean()),
    power_level_content_override: Type.Optional(AnyObject),
  }),
  reply: Type.Object({ room_id: RoomIdSchema }),
});
