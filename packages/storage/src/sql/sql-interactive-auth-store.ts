import type { ReadSql, WriteSql } from "../sql.ts";
import type { InteractiveAuthReader, InteractiveAuthStore } from "../stores/interactive-auth.ts";

export const sqlInteractiveAuthReader = (sql: ReadSql): InteractiveAuthReader => ({
  async get(session, now) {
    const row = await sql.one<{ bound_to: string; completed: string; expires_ts: number }>`
      SELECT bound_to, completed, expires_ts FROM interactive_auth_sessions
      WHERE session = ${session} AND expires_ts > ${now}`;
    if (row === undefined) return undefined;
    const completed: string[] = JSON.parse(row.completed);
    return { session, boundTo: row.bound_to, completed, expiresTs: row.expires_ts };
  },
});

export const sqlInteractiveAuthStore = (sql: WriteSql): InteractiveAuthStore => ({
  ...sqlInteractiveAuthReader(sql),
  create({ session, boundTo, completed, expiresTs }) {
    sql.run`
      INSERT INTO interactive_auth_sessions (session, bound_to, completed, expires_ts)
      VALUES (${session}, ${boundTo}, ${JSON.stringify(completed)}, ${expiresTs})`;
  },
  setCompleted(session, completed) {
    sql.guard(1)`
      UPDATE interactive_auth_sessions SET completed = ${JSON.stringify(completed)} WHERE session = ${session}`;
  },
  take(session) {
    sql.guard(1)`DELETE FROM interactive_auth_sessions WHERE session = ${session}`;
  },
  purgeExpired(now) {
    sql.run`DELETE FROM interactive_auth_sessions WHERE expires_ts <= ${now}`;
  },
});
