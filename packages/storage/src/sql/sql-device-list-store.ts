import type { UserId } from "@croft/protocol";
import { anyOf, type ReadSql, room, user, type WriteSql } from "../sql.ts";
import type { DeviceListReader, DeviceListStore } from "../stores/device-lists.ts";

type UserRow = { readonly user_id: UserId };

/**
 * A membership of 0 is a join: written out, so that the partial indexes are found. The cross joins keep SQLite to the
 * order of the tables: from the few that changed to the many that are there.
 */
export const sqlDeviceListReader = (sql: ReadSql): DeviceListReader => ({
  async changed({ userId, after, upTo }) {
    const rows = await sql.all<UserRow>`
      SELECT u.user_id FROM device_list_changes c JOIN users u ON u.user_num = c.user_num
      WHERE c.position > ${after} AND c.position <= ${upTo}
        AND (c.user_num = ${user(userId)} OR EXISTS (
          SELECT 1 FROM memberships mine
          JOIN memberships other ON other.room_num = mine.room_num AND other.user_num = c.user_num
          WHERE mine.user_num = ${user(userId)} AND mine.membership = 0 AND other.membership = 0))
      UNION
      SELECT u.user_id FROM device_list_changes_for c JOIN users u ON u.user_num = c.user_num
      WHERE c.viewer_num = ${user(userId)} AND c.position > ${after} AND c.position <= ${upTo}`;
    return rows.map((row) => row.user_id);
  },

  async newlyShared({ userId, after, upTo }) {
    const rows = await sql.all<UserRow>`
      SELECT u.user_id FROM users u WHERE u.user_num <> ${user(userId)} AND u.user_num IN (
        SELECT other.user_num FROM memberships other CROSS JOIN memberships mine
        WHERE other.joined_since > ${after} AND other.joined_since <= ${upTo}
          AND mine.room_num = other.room_num AND mine.user_num = ${user(userId)} AND mine.membership = 0
        UNION ALL
        SELECT other.user_num FROM memberships mine CROSS JOIN memberships other
        WHERE mine.user_num = ${user(userId)} AND mine.position > ${after}
          AND mine.joined_since > ${after} AND mine.joined_since <= ${upTo}
          AND other.room_num = mine.room_num AND other.membership = 0)`;
    return rows.map((row) => row.user_id);
  },

  async noLongerShared({ userId, after, upTo, leftRooms }) {
    const rows = await sql.all<UserRow>`
      SELECT u.user_id FROM users u WHERE u.user_num <> ${user(userId)} AND u.user_num IN (
        SELECT other.user_num FROM memberships other CROSS JOIN memberships mine
        WHERE other.membership <> 0 AND other.position > ${after} AND other.position <= ${upTo}
          AND mine.room_num = other.room_num AND mine.user_num = ${user(userId)} AND mine.membership = 0
        UNION ALL
        SELECT other.user_num FROM memberships other
        WHERE other.room_num ${anyOf(leftRooms.map(room))} AND (other.membership = 0 OR other.position > ${after}))
      AND NOT EXISTS (
        SELECT 1 FROM memberships mine
        JOIN memberships other ON other.room_num = mine.room_num AND other.user_num = u.user_num
        WHERE mine.user_num = ${user(userId)} AND mine.membership = 0 AND other.membership = 0)`;
    return rows.map((row) => row.user_id);
  },
});

export const sqlDeviceListStore = (sql: WriteSql, reader: DeviceListReader): DeviceListStore => ({
  ...reader,

  setChanged(userId) {
    sql.run`
      INSERT INTO device_list_changes (user_num, position) VALUES (${user(userId)}, ${sql.nextPosition()})
      ON CONFLICT (user_num) DO UPDATE SET position = excluded.position`;
  },

  setChangedFor(viewer, changed) {
    sql.run`
      INSERT INTO device_list_changes_for (viewer_num, user_num, position)
      VALUES (${user(viewer)}, ${user(changed)}, ${sql.nextPosition()})
      ON CONFLICT (viewer_num, user_num) DO UPDATE SET position = excluded.position`;
    sql.touch({ userId: viewer });
  },
});
