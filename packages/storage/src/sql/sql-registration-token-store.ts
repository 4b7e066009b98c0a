import type { ReadSql, WriteSql } from "../sql.ts";
import type {
  RegistrationTokenReader,
  RegistrationTokenRecord,
  RegistrationTokenStore,
} from "../stores/registration-tokens.ts";

type TokenRow = {
  readonly token: string;
  readonly uses_allowed: number | null;
  readonly completed: number;
  readonly expires_ts: number | null;
};

const recordOf = (row: TokenRow): RegistrationTokenRecord => ({
  token: row.token,
  usesAllowed: row.uses_allowed ?? undefined,
  completed: row.completed,
  expiresTs: row.expires_ts ?? undefined,
});

export const sqlRegistrationTokenReader = (sql: ReadSql): RegistrationTokenReader => ({
  async get(token) {
    const row = await sql.one<TokenRow>`
      SELECT token, uses_allowed, completed, expires_ts FROM registration_tokens WHERE token = ${token}`;
    return row && recordOf(row);
  },
  async all() {
    const rows = await sql.all<TokenRow>`
      SELECT token, uses_allowed, completed, expires_ts FROM registration_tokens ORDER BY token`;
    return rows.map(recordOf);
  },
});

export const sqlRegistrationTokenStore = (sql: WriteSql): RegistrationTokenStore => ({
  ...sqlRegistrationTokenReader(sql),
  create({ token, usesAllowed, expiresTs }) {
    sql.guard(1)`
      INSERT INTO registration_tokens (token, uses_allowed, expires_ts)
      VALUES (${token}, ${usesAllowed ?? null}, ${expiresTs ?? null})
      ON CONFLICT (token) DO NOTHING`;
  },
  use(token, now) {
    sql.guard(1)`
      UPDATE registration_tokens SET completed = completed + 1
      WHERE token = ${token}
        AND (uses_allowed IS NULL OR completed < uses_allowed)
        AND (expires_ts IS NULL OR expires_ts > ${now})`;
  },
  update({ token, usesAllowed, expiresTs }) {
    sql.run`
      UPDATE registration_tokens SET uses_allowed = ${usesAllowed ?? null}, expires_ts = ${expiresTs ?? null}
      WHERE token = ${token}`;
  },
  delete(token) {
    sql.run`DELETE FROM registration_tokens WHERE token = ${token}`;
  },
});
