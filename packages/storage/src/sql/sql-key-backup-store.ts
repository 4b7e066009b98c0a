import type { RoomId } from "@croft/protocol";
import { anyOf, type ReadSql, rawSql, room, user, type WriteSql } from "../sql.ts";
import type { BackedUpKeys, KeyBackupReader, KeyBackupRecord, KeyBackupStore } from "../stores/key-backups.ts";

type BackupRow = {
  readonly version: number;
  readonly algorithm: string;
  readonly auth_data: string;
  readonly etag: number;
  readonly key_count: number;
  readonly deleted: number;
};

type RankRow = {
  readonly session_id: string;
  readonly is_verified: number;
  readonly first_message_index: number;
  readonly forwarded_count: number;
};

const backupOf = (row: BackupRow): KeyBackupRecord => ({
  version: row.version,
  algorithm: row.algorithm,
  authData: row.auth_data,
  etag: row.etag,
  count: row.key_count,
  deleted: row.deleted === 1,
});

export const sqlKeyBackupReader = (sql: ReadSql): KeyBackupReader => ({
  async latest(userId) {
    const row = await sql.one<BackupRow>`
      SELECT version, algorithm, auth_data, etag, key_count, deleted FROM key_backups
      WHERE user_num = ${user(userId)} AND deleted = 0 ORDER BY version DESC LIMIT 1`;
    return row && backupOf(row);
  },

  async get(userId, version) {
    const row = await sql.one<BackupRow>`
      SELECT version, algorithm, auth_data, etag, key_count, deleted FROM key_backups
      WHERE user_num = ${user(userId)} AND version = ${version}`;
    return row && backupOf(row);
  },

  async lastVersion(userId) {
    const row = await sql.one<{ version: number | null }>`
      SELECT MAX(version) AS version FROM key_backups WHERE user_num = ${user(userId)}`;
    return row?.version ?? 0;
  },

  async keys(which) {
    const { ofRoom, roomNum, ofSession, sessionId } = narrowing(which);
    const rows = await sql.all<{ room_id: RoomId; session_id: string; key_json: string }>`
      SELECT r.room_id, k.session_id, k.key_json
      FROM backed_up_keys k JOIN room_ids r ON r.room_num = k.room_num
      WHERE k.user_num = ${user(which.userId)} AND k.version = ${which.version}
        AND ${ofRoom} = ${roomNum} AND ${ofSession} = ${sessionId}
      ORDER BY k.room_num, k.session_id`;
    return rows.map((row) => ({ roomId: row.room_id, sessionId: row.session_id, data: row.key_json }));
  },

  async countKeys(which) {
    const { ofRoom, roomNum, ofSession, sessionId } = narrowing(which);
    const row = await sql.one<{ keys: number }>`
      SELECT COUNT(*) AS keys FROM backed_up_keys k
      WHERE k.user_num = ${user(which.userId)} AND k.version = ${which.version}
        AND ${ofRoom} = ${roomNum} AND ${ofSession} = ${sessionId}`;
    return row?.keys ?? 0;
  },

  async ranks({ userId, version, roomId, sessionIds }) {
    const rows = await sql.all<RankRow>`
      SELECT session_id, is_verified, first_message_index, forwarded_count FROM backed_up_keys
      WHERE user_num = ${user(userId)} AND version = ${version} AND room_num = ${room(roomId)}
        AND session_id ${anyOf(sessionIds)}`;
    return new Map(
      rows.map((row) => [
        row.session_id,
        {
          isVerified: row.is_verified === 1,
          firstMessageIndex: row.first_message_index,
          forwardedCount: row.forwarded_count,
        },
      ]),
    );
  },
});

export const sqlKeyBackupStore = (sql: WriteSql, reader: KeyBackupReader): KeyBackupStore => ({
  ...reader,

  create(userId, { version, algorithm, authData }) {
    sql.guard(1)`
      INSERT INTO key_backups (user_num, version, algorithm, auth_data, etag, key_count, deleted)
      VALUES (${user(userId)}, ${version}, ${algorithm}, ${authData}, 0, 0, 0)
      ON CONFLICT (user_num, version) DO NOTHING`;
  },

  setAuthData(userId, version, authData) {
    sql.guard(1)`
      UPDATE key_backups SET auth_data = ${authData}
      WHERE user_num = ${user(userId)} AND version = ${version} AND deleted = 0`;
  },

  putKey(userId, version, { roomId, sessionId, isVerified, firstMessageIndex, forwardedCount, data }) {
    sql.run`
      INSERT INTO backed_up_keys (user_num, version, room_num, session_id, is_verified, first_message_index,
        forwarded_count, key_json)
      VALUES (${user(userId)}, ${version}, ${room(roomId)}, ${sessionId}, ${isVerified ? 1 : 0}, ${firstMessageIndex},
        ${forwardedCount}, ${data})
      ON CONFLICT (user_num, version, room_num, session_id) DO UPDATE SET is_verified = excluded.is_verified,
        first_message_index = excluded.first_message_index, forwarded_count = excluded.forwarded_count,
        key_json = excluded.key_json`;
  },

  deleteKeys(which) {
    const { ofRoom, roomNum, ofSession, sessionId } = narrowing(which);
    sql.run`
      DELETE FROM backed_up_keys AS k
      WHERE k.user_num = ${user(which.userId)} AND k.version = ${which.version}
        AND ${ofRoom} = ${roomNum} AND ${ofSession} = ${sessionId}`;
  },

  setCount(userId, version, { count, basedOn }) {
    sql.guard(1)`
      UPDATE key_backups SET key_count = ${count}, etag = etag + 1
      WHERE user_num = ${user(userId)} AND version = ${version} AND etag = ${basedOn} AND deleted = 0`;
  },

  delete(userId, version) {
    sql.run`
      UPDATE key_backups SET deleted = 1, key_count = 0 WHERE user_num = ${user(userId)} AND version = ${version}`;
    sql.run`DELETE FROM backed_up_keys WHERE user_num = ${user(userId)} AND version = ${version}`;
  },

  deleteAll(userId) {
    sql.run`DELETE FROM key_backups WHERE user_num = ${user(userId)}`;
    sql.run`DELETE FROM backed_up_keys WHERE user_num = ${user(userId)}`;
  },
});

/** What is not asked for is a constant compared with itself. */
const narrowing = ({ roomId, sessionId }: BackedUpKeys) => ({
  ofRoom: rawSql(roomId === undefined ? "0" : "k.room_num"),
  roomNum: roomId === undefined ? 0 : room(roomId),
  ofSession: rawSql(sessionId === undefined ? "''" : "k.session_id"),
  sessionId: sessionId ?? "",
});
