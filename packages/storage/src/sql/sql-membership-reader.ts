import type { EventId, RoomId, UserId } from "@croft/protocol";
import { anyOf, type ReadSql, rawSql, room, user } from "../sql.ts";
import type { MembershipReader, MembershipRecord, MembershipValue } from "../stores/memberships.ts";

/** In the order of their numbers in the database. */
export const MEMBERSHIPS = ["join", "invite", "leave", "ban", "knock"] as const satisfies MembershipValue[];

const JOINED = MEMBERSHIPS.indexOf("join");
const INVITED = MEMBERSHIPS.indexOf("invite");

type MembershipRow = {
  readonly room_id: RoomId;
  readonly user_id: UserId;
  readonly membership: number;
  readonly event_id: EventId;
  readonly position: number;
  readonly joined_since: number | null;
  readonly sender: UserId;
  readonly forgotten: number;
  readonly stripped_state: string | null;
};

const selectMemberships = rawSql(`
  SELECT r.room_id, u.user_id, m.membership, e.event_id, m.position, m.joined_since, s.user_id AS sender, m.forgotten,
    m.stripped_state
  FROM memberships m
  JOIN room_ids r ON r.room_num = m.room_num
  JOIN users u ON u.user_num = m.user_num
  JOIN users s ON s.user_num = m.sender_num
  JOIN events e ON e.event_num = m.event_num`);

const membershipRecord = (row: MembershipRow): MembershipRecord => ({
  roomId: row.room_id,
  userId: row.user_id,
  membership: MEMBERSHIPS[row.membership]!,
  eventId: row.event_id,
  position: row.position,
  joinedSince: row.joined_since ?? undefined,
  sender: row.sender,
  forgotten: row.forgotten === 1,
  strippedState: row.stripped_state ?? undefined,
});

const numbersOf = (memberships: readonly MembershipValue[]) => anyOf(memberships.map((m) => MEMBERSHIPS.indexOf(m)));

export function sqlMembershipReader(sql: ReadSql): MembershipReader {
  return {
    async get(roomId, userId) {
      const row = await sql.one<MembershipRow>`
        ${selectMemberships} WHERE m.room_num = ${room(roomId)} AND m.user_num = ${user(userId)}`;
      return row && membershipRecord(row);
    },

    async ofUser(userId, memberships) {
      const rows = await sql.all<MembershipRow>`
        ${selectMemberships}
        WHERE m.user_num = ${user(userId)} AND m.membership ${numbersOf(memberships)} AND m.forgotten = 0`;
      return rows.map(membershipRecord);
    },

    async ofRoom(roomId, memberships) {
      const rows = await sql.all<MembershipRow>`
        ${selectMemberships} WHERE m.room_num = ${room(roomId)} AND m.membership ${numbersOf(memberships)}`;
      return rows.map(membershipRecord);
    },

    async counts(roomId) {
      const rows = await sql.all<{ membership: number; members: number }>`
        SELECT membership, COUNT(*) AS members FROM memberships
        WHERE room_num = ${room(roomId)} AND membership ${anyOf([JOINED, INVITED])}
        GROUP BY membership`;
      const count = (membership: number) => rows.find((row) => row.membership === membership)?.members ?? 0;
      return { joined: count(JOINED), invited: count(INVITED) };
    },

    async countsOf(roomIds) {
      if (roomIds.length === 0) return new Map();
      const rows = await sql.all<{ room_id: RoomId; joined: number; invited: number }>`
        SELECT r.room_id, SUM(CASE WHEN m.membership = ${JOINED} THEN 1 ELSE 0 END) AS joined,
          SUM(CASE WHEN m.membership = ${INVITED} THEN 1 ELSE 0 END) AS invited
        FROM memberships m JOIN room_ids r ON r.room_num = m.room_num
        WHERE m.room_num ${anyOf(roomIds.map(room))} AND m.membership ${anyOf([JOINED, INVITED])}
        GROUP BY r.room_num, r.room_id`;
      return new Map(rows.map(({ room_id, joined, invited }) => [room_id, { joined, invited }]));
    },

    async first({ roomId, memberships, except, limit }) {
      const rows = await sql.all<{ user_id: UserId }>`
        SELECT u.user_id FROM memberships m JOIN users u ON u.user_num = m.user_num
        WHERE m.room_num = ${room(roomId)} AND m.membership ${numbersOf(memberships)} AND m.user_num <> ${user(except)}
        ORDER BY m.position LIMIT ${limit}`;
      return rows.map(({ user_id }) => user_id);
    },

    async changedSince(userId, after, upTo) {
      const rows = await sql.all<MembershipRow>`
        ${selectMemberships}
        WHERE m.user_num = ${user(userId)} AND m.position > ${after} AND m.position <= ${upTo}
        ORDER BY m.position`;
      return rows.map(membershipRecord);
    },

    async shareRoom(a, b) {
      const row = await sql.one`
        SELECT 1 AS shared FROM memberships mine
        JOIN memberships other ON other.room_num = mine.room_num
        WHERE mine.user_num = ${user(a)} AND mine.membership = ${JOINED}
          AND other.user_num = ${user(b)} AND other.membership = ${JOINED}
        LIMIT 1`;
      return row !== undefined;
    },

    async usersSharingRoom(userId) {
      const rows = await sql.all<{ user_id: UserId }>`
        SELECT u.user_id FROM users u WHERE u.user_num <> ${user(userId)} AND u.user_num IN (
          SELECT other.user_num FROM memberships mine
          JOIN memberships other ON other.room_num = mine.room_num AND other.membership = ${JOINED}
          WHERE mine.user_num = ${user(userId)} AND mine.membership = ${JOINED})`;
      return rows.map(({ user_id }) => user_id);
    },
  };
}
