import type { DeviceId } from "@croft/protocol";
import { anyOf, type ReadSql, user, type WriteSql } from "../sql.ts";
import type { DeviceReader, DeviceStore } from "../stores/devices.ts";

type DeviceRow = {
  readonly device_id: DeviceId;
  readonly display_name: string | null;
  readonly created_ts: number;
  readonly last_seen_ip: string | null;
  readonly last_seen_ts: number | null;
  readonly last_seen_user_agent: string | null;
};

const deviceOf = (row: DeviceRow) => ({
  deviceId: row.device_id,
  displayName: row.display_name ?? undefined,
  createdTs: row.created_ts,
  lastSeen:
    row.last_seen_ip === null || row.last_seen_ts === null
      ? undefined
      : { ip: row.last_seen_ip, ts: row.last_seen_ts, userAgent: row.last_seen_user_agent ?? undefined },
});

export const sqlDeviceReader = (sql: ReadSql): DeviceReader => ({
  async get(userId, deviceId) {
    const row = await sql.one<DeviceRow>`
      SELECT device_id, display_name, created_ts, last_seen_ip, last_seen_ts, last_seen_user_agent
      FROM devices WHERE user_num = ${user(userId)} AND device_id = ${deviceId}`;
    return row && { userId, ...deviceOf(row) };
  },
  async ofUser(userId) {
    const rows = await sql.all<DeviceRow>`
      SELECT device_id, display_name, created_ts, last_seen_ip, last_seen_ts, last_seen_user_agent
      FROM devices WHERE user_num = ${user(userId)} ORDER BY created_ts, device_id`;
    return rows.map((row) => ({ userId, ...deviceOf(row) }));
  },
});

export const sqlDeviceStore = (sql: WriteSql): DeviceStore => ({
  ...sqlDeviceReader(sql),
  ensure({ userId, deviceId, displayName, createdTs }) {
    sql.run`
      INSERT INTO devices (user_num, device_id, display_name, created_ts)
      VALUES (${user(userId)}, ${deviceId}, ${displayName ?? null}, ${createdTs})
      ON CONFLICT (user_num, device_id) DO NOTHING`;
  },
  requireDevice(userId, deviceId) {
    sql.guard(1)`
      UPDATE devices SET created_ts = created_ts WHERE user_num = ${user(userId)} AND device_id = ${deviceId}`;
  },
  rename(userId, deviceId, displayName) {
    sql.guard(1)`
      UPDATE devices SET display_name = ${displayName} WHERE user_num = ${user(userId)} AND device_id = ${deviceId}`;
  },
  seen(userId, deviceId, { ip, ts, userAgent }) {
    sql.run`
      UPDATE devices SET last_seen_ip = ${ip}, last_seen_ts = ${ts}, last_seen_user_agent = ${userAgent ?? null}
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId}`;
  },
  delete(userId, deviceIds) {
    sql.run`DELETE FROM devices WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
  },
  deleteAll(userId) {
    sql.run`DELETE FROM devices WHERE user_num = ${user(userId)}`;
  },
});
