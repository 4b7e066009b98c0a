import { type Static, Type } from "typebox";
import { endpoint } from "../endpoint.ts";
import { UserIdSchema } from "../schemas.ts";

const Strings = Type.Optional(Type.Array(Type.String()));
const Flag = Type.Optional(Type.Boolean());

const eventFilter = {
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  not_senders: Type.Optional(Type.Array(UserIdSchema)),
  not_types: Strings,
  senders: Type.Optional(Type.Array(UserIdSchema)),
  types: Strings,
};

/** https://spec.matrix.org/v1.19/client-server-api/#filtering */
export const EventFilter = Type.Object(eventFilter);
export type EventFilter = Static<typeof EventFilter>;

const Rooms = Type.Optional(Type.Array(Type.String({ pattern: "^!" })));

/** https://spec.matrix.org/v1.19/client-server-api/#filtering */
export const RoomEventFilter = Type.Object({
  ...eventFilter,
  unread_thread_notifications: Flag,
  lazy_load_members: Flag,
  include_redundant_members: Flag,
  not_rooms: Rooms,
  rooms: Rooms,
  contains_url: Flag,
});
export type RoomEventFilter = Static<typeof RoomEventFilter>;

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3useruseridfilter_request_filter */
export const Filter = Type.Object({
  event_fields: Strings,
  event_format: Type.Optional(Type.Enum(["client", "federation"])),
  presence: Type.Optional(EventFilter),
  account_data: Type.Optional(EventFilter),
  room: Type.Optional(
    Type.Object({
      not_rooms: Rooms,
      rooms: Rooms,
      ephemeral: Type.Optional(RoomEventFilter),
      include_leave: Flag,
      state: Type.Optional(RoomEventFilter),
      timeline: Type.Optional(RoomEventFilter),
      account_data: Type.Optional(RoomEventFilter),
    }),
  ),
});
export type Filter = Static<typeof Filter>;

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3useruseridfilter */
export const defineFilter = endpoint({
  operationId: "defineFilter",
  method: "POST",
  path: "/_matrix/client/v3/user/:userId/filter",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ userId: UserIdSchema }),
  body: Filter,
  reply: Type.Object({ filter_id: Type.String() }),
});

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3useruseridfilterfilterid */
export const getFilter = endpoint({
  operationId: "getFilter",
  method: "GET",
  path: "/_matrix/client/v3/user/:userId/filter/:filterId",
  auth: "accessToken",
  rateLimited: false,
  params: Type.Object({ userId: UserIdSchema, filterId: Type.String() }),
  reply: Filter,
});
