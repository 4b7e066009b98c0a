import type { UserId } from "@croft/protocol";
import { type ReadSql, user, type WriteSql } from "../sql.ts";
import type { AccountReader, AccountStore } from "../stores/accounts.ts";

type AccountRow = {
  readonly user_id: UserId;
  readonly password_hash: string | null;
  readonly is_admin: number;
  readonly is_guest: number;
  readonly locked: number;
  readonly suspended: number;
  readonly deactivated: number;
  readonly erased: number;
  readonly created_ts: number;
};

export const sqlAccountReader = (sql: ReadSql): AccountReader => ({
  async get(userId) {
    const row = await sql.one<AccountRow>`
      SELECT u.user_id, a.password_hash, a.is_admin, a.is_guest, a.locked, a.suspended, a.deactivated, a.erased, a.created_ts
      FROM accounts a JOIN users u ON u.user_num = a.user_num WHERE a.user_num = ${user(userId)}`;
    return (
      row && {
        userId: row.user_id,
        passwordHash: row.password_hash ?? undefined,
        isAdmin: row.is_admin === 1,
        isGuest: row.is_guest === 1,
        locked: row.locked === 1,
        suspended: row.suspended === 1,
        deactivated: row.deactivated === 1,
        erased: row.erased === 1,
        createdTs: row.created_ts,
      }
    );
  },
  any: async () => (await sql.one`SELECT 1 AS found FROM accounts LIMIT 1`) !== undefined,
  async departing() {
    const rows = await sql.all<{ user_id: UserId }>`
      SELECT u.user_id FROM accounts a JOIN users u ON u.user_num = a.user_num WHERE a.departing = 1`;
    return rows.map((row) => row.user_id);
  },
  async isSetupToken(tokenHash, now) {
    const row =
      await sql.one`SELECT 1 AS found FROM setup_tokens WHERE token_hash = ${tokenHash} AND expires_ts > ${now}`;
    return row !== undefined;
  },
});

export const sqlAccountStore = (sql: WriteSql): AccountStore => ({
  ...sqlAccountReader(sql),
  create({ userId, passwordHash, isAdmin, isGuest, createdTs }) {
    sql.guard(1)`
      INSERT INTO accounts (user_num, password_hash, is_admin, is_guest, created_ts)
      VALUES (${user(userId)}, ${passwordHash ?? null}, ${isAdmin ? 1 : 0}, ${isGuest ? 1 : 0}, ${createdTs})
      ON CONFLICT (user_num) DO NOTHING`;
    sql.run`DELETE FROM setup_tokens`;
  },
  setPassword(userId, passwordHash) {
    sql.guard(1)`
      UPDATE accounts SET password_hash = ${passwordHash} WHERE user_num = ${user(userId)} AND deactivated = 0`;
  },
  requirePassword(userId, passwordHash) {
    sql.guard(1)`
      UPDATE accounts SET deactivated = 0
      WHERE user_num = ${user(userId)} AND password_hash = ${passwordHash} AND deactivated = 0`;
  },
  setAdmin(userId, isAdmin) {
    sql.run`UPDATE accounts SET is_admin = ${isAdmin ? 1 : 0} WHERE user_num = ${user(userId)}`;
  },
  setLocked(userId, locked) {
    sql.run`UPDATE accounts SET locked = ${locked ? 1 : 0} WHERE user_num = ${user(userId)}`;
  },
  setSuspended(userId, suspended) {
    sql.run`UPDATE accounts SET suspended = ${suspended ? 1 : 0} WHERE user_num = ${user(userId)}`;
  },
  deactivate(userId, erase) {
    sql.guard(1)`
      UPDATE accounts SET password_hash = NULL, deactivated = 1, departing = 1, erased = ${erase ? 1 : 0}
      WHERE user_num = ${user(userId)} AND deactivated = 0`;
  },
  departed(userId) {
    sql.run`UPDATE accounts SET departing = 0 WHERE user_num = ${user(userId)}`;
  },
  setSetupToken(tokenHash, expiresTs) {
    sql.run`DELETE FROM setup_tokens`;
    sql.run`INSERT INTO setup_tokens (token_hash, expires_ts) VALUES (${tokenHash}, ${expiresTs})`;
  },
  takeSetupToken(tokenHash, now) {
    sql.guard(1)`DELETE FROM setup_tokens WHERE token_hash = ${tokenHash} AND expires_ts > ${now}`;
  },
});
