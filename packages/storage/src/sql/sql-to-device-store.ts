import type { DeviceId, UserId } from "@croft/protocol";
import { anyOf, type ReadSql, user, type WriteSql } from "../sql.ts";
import type { ToDeviceReader, ToDeviceStore } from "../stores/to-device.ts";

export const sqlToDeviceReader = (sql: ReadSql): ToDeviceReader => ({
  async forDevice({ userId, deviceId, after, upTo, limit }) {
    const rows = await sql.all<{ position: number; event_json: string }>`
      SELECT position, event_json FROM to_device_messages
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND position > ${after} AND position <= ${upTo}
      ORDER BY position LIMIT ${limit}`;
    return rows.map(({ position, event_json }) => ({ position, event: event_json }));
  },

  async devicesOf(userIds) {
    const rows = await sql.all<{ user_id: UserId; device_id: DeviceId }>`
      SELECT u.user_id, d.device_id FROM devices d JOIN users u ON u.user_num = d.user_num
      WHERE d.user_num ${anyOf(userIds.map(user))}`;
    return rows.map((row) => ({ userId: row.user_id, deviceId: row.device_id }));
  },

  async isSent({ userId, deviceId, path }) {
    const row = await sql.one`
      SELECT 1 AS sent FROM to_device_transactions
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND path = ${path}`;
    return row !== undefined;
  },
});

export const sqlToDeviceStore = (sql: WriteSql, reader: ToDeviceReader): ToDeviceStore => ({
  ...reader,

  add(userId, deviceId, event) {
    sql.run`
      INSERT INTO to_device_messages (user_num, device_id, position, event_json)
      SELECT user_num, device_id, ${sql.nextPosition()}, ${event}
      FROM devices WHERE user_num = ${user(userId)} AND device_id = ${deviceId}`;
    sql.touch({ userId, deviceId });
  },

  deleteUpTo(userId, deviceId, position) {
    sql.run`
      DELETE FROM to_device_messages
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND position <= ${position}`;
  },

  remember({ userId, deviceId, path }, now) {
    sql.guard(1)`
      INSERT INTO to_device_transactions (user_num, device_id, path, sent_ts)
      SELECT user_num, device_id, ${path}, ${now}
      FROM devices WHERE user_num = ${user(userId)} AND device_id = ${deviceId}
      ON CONFLICT (user_num, device_id, path) DO NOTHING`;
  },

  forgetTransactions(before) {
    sql.run`DELETE FROM to_device_transactions WHERE sent_ts < ${before}`;
  },

  delete(userId, deviceIds) {
    sql.run`DELETE FROM to_device_messages WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
    sql.run`DELETE FROM to_device_transactions WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
  },
});
