import type { DeviceId, UserId } from "@croft/protocol";
import { anyOf, type RawSql, type ReadSql, rawSql, user, type WriteSql } from "../sql.ts";
import type { SessionReader, SessionStore, TokenOwner } from "../stores/sessions.ts";

type TokenOwnerRow = {
  readonly token_id: number;
  readonly user_id: UserId;
  readonly device_id: DeviceId;
  readonly access_expires_ts: number | null;
  readonly supersedes: number | null;
  readonly retired_ts: number | null;
  readonly is_admin: number;
  readonly is_guest: number;
  readonly locked: number;
  readonly deactivated: number;
};

async function ownerOf(sql: ReadSql, hashColumn: RawSql, tokenHash: Uint8Array): Promise<TokenOwner | undefined> {
  const row = await sql.one<TokenOwnerRow>`
    SELECT t.token_id, u.user_id, t.device_id, t.access_expires_ts, t.supersedes, t.retired_ts,
      a.is_admin, a.is_guest, a.locked, a.deactivated
    FROM token_pairs t
    JOIN users u ON u.user_num = t.user_num
    JOIN accounts a ON a.user_num = t.user_num
    WHERE t.${hashColumn} = ${tokenHash}`;
  return (
    row && {
      tokenId: row.token_id,
      userId: row.user_id,
      deviceId: row.device_id,
      accessExpiresTs: row.access_expires_ts ?? undefined,
      supersedes: row.supersedes ?? undefined,
      retired: row.retired_ts !== null,
      isAdmin: row.is_admin === 1,
      isGuest: row.is_guest === 1,
      locked: row.locked === 1,
      deactivated: row.deactivated === 1,
    }
  );
}

export const sqlSessionReader = (sql: ReadSql): SessionReader => ({
  byAccessToken: (tokenHash) => ownerOf(sql, rawSql("access_hash"), tokenHash),
  byRefreshToken: (tokenHash) => ownerOf(sql, rawSql("refresh_hash"), tokenHash),
});

export const sqlSessionStore = (sql: WriteSql): SessionStore => ({
  ...sqlSessionReader(sql),
  create({ userId, deviceId, accessHash, accessExpiresTs, refreshHash, supersedes, createdTs }) {
    const tokenId = sql.nextNumber("general");
    sql.run`
      INSERT INTO token_pairs
        (token_id, user_num, device_id, access_hash, access_expires_ts, refresh_hash, supersedes, created_ts)
      VALUES (${tokenId}, ${user(userId)}, ${deviceId}, ${accessHash}, ${accessExpiresTs ?? null},
        ${refreshHash ?? null}, ${supersedes ?? null}, ${createdTs})`;
    return tokenId;
  },
  requireCurrent(tokenId) {
    sql.guard(1)`UPDATE token_pairs SET retired_ts = NULL WHERE token_id = ${tokenId} AND retired_ts IS NULL`;
  },
  confirm({ tokenId, supersedes, now }) {
    sql.guard(1)`UPDATE token_pairs SET supersedes = NULL WHERE token_id = ${tokenId} AND retired_ts IS NULL`;
    sql.run`
      UPDATE token_pairs SET retired_ts = ${now}
      WHERE (token_id = ${supersedes} OR supersedes = ${supersedes}) AND retired_ts IS NULL`;
  },
  retireDevice(userId, deviceId, now) {
    sql.run`
      UPDATE token_pairs SET retired_ts = ${now}
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND retired_ts IS NULL`;
  },
  deleteDevices(userId, deviceIds) {
    sql.run`DELETE FROM token_pairs WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
  },
  deleteOthers(userId, deviceId) {
    sql.run`DELETE FROM token_pairs WHERE user_num = ${user(userId)} AND device_id <> ${deviceId}`;
  },
  deleteAll(userId) {
    sql.run`DELETE FROM token_pairs WHERE user_num = ${user(userId)}`;
  },
  purgeRetired(before) {
    sql.run`DELETE FROM token_pairs WHERE retired_ts < ${before}`;
  },
});
