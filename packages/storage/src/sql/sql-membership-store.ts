import { anyOf, event, room, user, type WriteSql } from "../sql.ts";
import type { MembershipReader, MembershipStore } from "../stores/memberships.ts";
import { MEMBERSHIPS } from "./sql-membership-reader.ts";

const OUT = anyOf([MEMBERSHIPS.indexOf("leave"), MEMBERSHIPS.indexOf("ban")]);

export function sqlMembershipStore(sql: WriteSql, reader: MembershipReader): MembershipStore {
  return {
    ...reader,

    set({ roomId, userId, membership, eventId, position, joinedSince, sender, strippedState }) {
      sql.run`
        INSERT INTO memberships (room_num, user_num, membership, event_num, position, joined_since, sender_num,
          forgotten, stripped_state)
        VALUES (${room(roomId)}, ${user(userId)}, ${MEMBERSHIPS.indexOf(membership)}, ${event(eventId)}, ${position},
          ${joinedSince ?? null}, ${user(sender)}, 0, ${strippedState ?? null})
        ON CONFLICT (room_num, user_num) DO UPDATE SET membership = excluded.membership,
          event_num = excluded.event_num, position = excluded.position, joined_since = excluded.joined_since,
          sender_num = excluded.sender_num, forgotten = excluded.forgotten, stripped_state = excluded.stripped_state`;
    },

    forget(roomId, userId) {
      sql.guard(1)`
        UPDATE memberships SET forgotten = 1
        WHERE room_num = ${room(roomId)} AND user_num = ${user(userId)} AND membership ${OUT}`;
    },
  };
}
