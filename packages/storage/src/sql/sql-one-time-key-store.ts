import { anyOf, type ReadSql, user, type WriteSql } from "../sql.ts";
import type { OneTimeKeyReader, OneTimeKeyStore } from "../stores/one-time-keys.ts";
import type { KeysOnTheirWay } from "./keys-on-their-way.ts";

type KeyRow = { readonly algorithm: string; readonly key_id: string; readonly key_json: string };
type CountRow = { readonly kind: "count" | "fallback" | "claim"; readonly algorithm: string; readonly number: number };

const keyOf = ({ algorithm, key_id, key_json }: KeyRow) => ({ algorithm, keyId: key_id, key: key_json });

export const sqlOneTimeKeyReader = (sql: ReadSql): OneTimeKeyReader => ({
  async withIds(userId, deviceId, keyIds) {
    const rows = await sql.all<KeyRow & { readonly claimed_ts: number | null }>`
      SELECT algorithm, key_id, key_json, claimed_ts FROM one_time_keys
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND key_id ${anyOf(keyIds)}`;
    return rows.map((row) => ({ ...keyOf(row), claimed: row.claimed_ts !== null }));
  },

  async countsOf(userId, deviceId) {
    const rows = await sql.all<CountRow>`
      SELECT 'count' AS kind, algorithm, COUNT(*) AS number FROM one_time_keys
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND claimed_ts IS NULL GROUP BY algorithm
      UNION ALL
      SELECT 'fallback', algorithm, 0 FROM fallback_keys
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND used = 0
      UNION ALL
      SELECT 'claim', '', position FROM one_time_key_claims
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId}`;
    const counts: { [algorithm: string]: number } = {};
    const unusedFallbackTypes: string[] = [];
    let claimedAt = 0;
    for (const { kind, algorithm, number } of rows) {
      if (kind === "count") counts[algorithm] = number;
      else if (kind === "fallback") unusedFallbackTypes.push(algorithm);
      else claimedAt = number;
    }
    return { counts, unusedFallbackTypes, claimedAt };
  },
});

export function sqlOneTimeKeyStore(
  sql: WriteSql,
  reader: OneTimeKeyReader,
  onTheirWay: KeysOnTheirWay,
): OneTimeKeyStore {
  type Claim = Parameters<OneTimeKeyStore["claim"]>;

  const claimOneTimeKey = async (...[userId, deviceId, algorithm, now]: Claim): Promise<KeyRow | undefined> => {
    const pool = JSON.stringify([userId, deviceId, algorithm]);
    const key = await onTheirWay.take(
      pool,
      (after) =>
        sql.one<KeyRow & { key_num: number }>`
        SELECT key_num, algorithm, key_id, key_json FROM one_time_keys
        WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND algorithm = ${algorithm} AND key_num > ${after}
          AND claimed_ts IS NULL
        ORDER BY key_num LIMIT 1`,
    );
    if (key === undefined) return undefined;
    try {
      sql.onSettled(() => onTheirWay.settle(pool));
    } catch (error) {
      // The write ended without this claim: nobody else would put the key back.
      onTheirWay.settle(pool);
      throw error;
    }
    sql.guard(1)`
      UPDATE one_time_keys SET claimed_ts = ${now} WHERE key_num = ${key.key_num} AND claimed_ts IS NULL`;
    noteClaim(userId, deviceId);
    return key;
  };

  const claimFallbackKey = async (...[userId, deviceId, algorithm]: Claim): Promise<KeyRow | undefined> => {
    const key = await sql.one<KeyRow & { used: number }>`
      SELECT algorithm, key_id, key_json, used FROM fallback_keys
      WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND algorithm = ${algorithm}`;
    if (key?.used === 0) {
      sql.guard(1)`
        UPDATE fallback_keys SET used = 1
        WHERE user_num = ${user(userId)} AND device_id = ${deviceId} AND algorithm = ${algorithm}
          AND key_id = ${key.key_id}`;
      noteClaim(userId, deviceId);
    }
    return key;
  };

  const noteClaim = (userId: Claim[0], deviceId: Claim[1]): void => {
    sql.run`
      INSERT INTO one_time_key_claims (user_num, device_id, position)
      VALUES (${user(userId)}, ${deviceId}, ${sql.nextPosition()})
      ON CONFLICT (user_num, device_id) DO UPDATE SET position = excluded.position`;
    sql.touch({ userId, deviceId });
  };

  return {
    ...reader,

    add(userId, deviceId, { algorithm, keyId, key }) {
      sql.guard(1)`
        INSERT INTO one_time_keys (key_num, user_num, device_id, algorithm, key_id, key_json)
        VALUES (${sql.nextNumber("general")}, ${user(userId)}, ${deviceId}, ${algorithm}, ${keyId}, ${key})
        ON CONFLICT (user_num, device_id, algorithm, key_id)
        DO UPDATE SET key_num = excluded.key_num, key_json = excluded.key_json, claimed_ts = NULL
        WHERE one_time_keys.claimed_ts IS NOT NULL AND one_time_keys.key_json <> excluded.key_json`;
    },

    setFallback(userId, deviceId, { algorithm, keyId, key }) {
      sql.run`
        INSERT INTO fallback_keys (user_num, device_id, algorithm, key_id, key_json, used)
        VALUES (${user(userId)}, ${deviceId}, ${algorithm}, ${keyId}, ${key}, 0)
        ON CONFLICT (user_num, device_id, algorithm)
        DO UPDATE SET key_id = excluded.key_id, key_json = excluded.key_json, used = 0
        WHERE fallback_keys.key_id <> excluded.key_id OR fallback_keys.key_json <> excluded.key_json`;
    },

    async claim(...claim) {
      const key = (await claimOneTimeKey(...claim)) ?? (await claimFallbackKey(...claim));
      return key && keyOf(key);
    },

    forgetClaimed(before) {
      sql.run`DELETE FROM one_time_keys WHERE claimed_ts < ${before}`;
    },

    delete(userId, deviceIds) {
      sql.run`DELETE FROM one_time_keys WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
      sql.run`DELETE FROM fallback_keys WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
      sql.run`DELETE FROM one_time_key_claims WHERE user_num = ${user(userId)} AND device_id ${anyOf(deviceIds)}`;
    },
  };
}
