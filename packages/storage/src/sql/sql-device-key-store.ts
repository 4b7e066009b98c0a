import type { DeviceId, UserId } from "@croft/protocol";
import { anyOf, type ReadSql, user, type WriteSql } from "../sql.ts";
import type { DeviceKeyReader, DeviceKeyStore } from "../stores/device-keys.ts";

type DeviceKeysRow = {
  readonly user_id: UserId;
  readonly device_id: DeviceId;
  readonly display_name: string | null;
  readonly keys: string | null;
};

export const sqlDeviceKeyReader = (sql: ReadSql): DeviceKeyReader => ({
  async ofUsers(userIds) {
    const rows = await sql.all<DeviceKeysRow>`
      SELECT u.user_id, d.device_id, d.display_name, k.keys
      FROM devices d
      JOIN users u ON u.user_num = d.user_num
      LEFT JOIN device_keys k ON k.user_num = d.user_num AND k.device_id = d.device_id
      WHERE d.user_num ${anyOf(userIds.map(user))}`;
    return rows.map((row) => ({
      userId: row.user_id,
      deviceId: row.device_id,
      displayName: row.display_name ?? undefined,
      keys: row.keys ?? undefined,
    }));
  },
});

export const sqlDeviceKeyStore = (sql: WriteSql, reader: DeviceKeyReader): DeviceKeyStore => ({
  ...reader,
  set(userId, deviceId, keys) {
    sql.guard(1)`
      INSERT INTO device_keys (user_num, device_id, keys)
      SELECT user_num, device_id, ${keys} FROM devices WHERE user_num = ${user(userId)} AND device_id = ${deviceId}
      ON CONFLICT (user_num, device_id) DO UPDATE SET keys = excluded.keys`;
  },
  requireKeys(userId, deviceId, keys) {
    sql.guard(1)`
      UPDATE device_keys SET keys = keys
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND keys = ${keys}`;
  },
  delete(userId, deviceIds) {
    sql.run`DELETE FROM device_keys WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
  },
});
