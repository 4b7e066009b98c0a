import type { UserId } from "@croft/protocol";
import { type ReadSql, user, type WriteSql } from "../sql.ts";
import type { MediaReader, MediaStore } from "../stores/media.ts";

type MediaRow = {
  readonly user_id: UserId;
  readonly created_ts: number;
  readonly expires_ts: number | null;
  readonly sha256: Uint8Array | null;
  readonly size: number | null;
  readonly content_type: string | null;
  readonly file_name: string | null;
};

type ThumbnailRow = { readonly sha256: Uint8Array; readonly size: number; readonly content_type: string };

const bytesOf = (sha256: string): Uint8Array => Buffer.from(sha256, "hex");
const textOf = (sha256: Uint8Array): string => Buffer.from(sha256).toString("hex");

export const sqlMediaReader = (sql: ReadSql): MediaReader => ({
  async get(mediaId) {
    const row = await sql.one<MediaRow>`
      SELECT u.user_id, m.created_ts, m.expires_ts, m.sha256, m.size, m.content_type, m.file_name
      FROM local_media m JOIN users u ON u.user_num = m.user_num
      WHERE m.media_id = ${mediaId}`;
    if (!row) return undefined;
    const { sha256, size, content_type, file_name } = row;
    return {
      mediaId,
      userId: row.user_id,
      createdTs: row.created_ts,
      expiresTs: row.expires_ts ?? undefined,
      content:
        sha256 === null || size === null || content_type === null
          ? undefined
          : { sha256: textOf(sha256), size, contentType: content_type, fileName: file_name ?? undefined },
    };
  },
  async countPending(userId, now) {
    const row = await sql.one<{ pending: number }>`
      SELECT COUNT(*) AS pending FROM local_media
      WHERE user_num = ${user(userId)} AND expires_ts > ${now} AND sha256 IS NULL`;
    return row?.pending ?? 0;
  },
  async getThumbnail({ sourceSha256, method, width, height }) {
    const row = await sql.one<ThumbnailRow>`
      SELECT sha256, size, content_type FROM thumbnails
      WHERE source_sha256 = ${bytesOf(sourceSha256)} AND method = ${method}
        AND width = ${width} AND height = ${height}`;
    return row && { sha256: textOf(row.sha256), size: row.size, contentType: row.content_type };
  },
  async isReferenced(sha256) {
    const hash = bytesOf(sha256);
    const row = await sql.one<{ found: number }>`
      SELECT 1 AS found FROM local_media WHERE sha256 = ${hash}
      UNION ALL
      SELECT 1 AS found FROM thumbnails WHERE sha256 = ${hash}
      LIMIT 1`;
    return row !== undefined;
  },
});

export const sqlMediaStore = (sql: WriteSql): MediaStore => ({
  ...sqlMediaReader(sql),
  createPending({ mediaId, userId, createdTs, expiresTs }, limit) {
    sql.run`
      INSERT INTO local_media (media_id, user_num, created_ts, expires_ts)
      VALUES (${mediaId}, ${user(userId)}, ${createdTs}, ${expiresTs})`;
    sql.guard(1)`
      UPDATE local_media SET expires_ts = ${expiresTs}
      WHERE media_id = ${mediaId} AND (
        SELECT COUNT(*) FROM local_media
        WHERE user_num = ${user(userId)} AND expires_ts > ${createdTs} AND sha256 IS NULL) <= ${limit}`;
  },
  insert({ mediaId, userId, createdTs, content }) {
    const { sha256, size, contentType, fileName } = content;
    sql.run`
      INSERT INTO local_media (media_id, user_num, created_ts, sha256, size, content_type, file_name)
      VALUES (${mediaId}, ${user(userId)}, ${createdTs}, ${bytesOf(sha256)}, ${size}, ${contentType},
        ${fileName ?? null})`;
  },
  setContent(mediaId, { sha256, size, contentType, fileName }) {
    sql.guard(1)`
      UPDATE local_media SET sha256 = ${bytesOf(sha256)}, size = ${size}, content_type = ${contentType},
        file_name = ${fileName ?? null}, expires_ts = NULL
      WHERE media_id = ${mediaId} AND sha256 IS NULL`;
  },
  setThumbnail({ sourceSha256, method, width, height }, { sha256, size, contentType }) {
    sql.run`
      INSERT INTO thumbnails (source_sha256, method, width, height, sha256, size, content_type)
      VALUES (${bytesOf(sourceSha256)}, ${method}, ${width}, ${height}, ${bytesOf(sha256)}, ${size}, ${contentType})
      ON CONFLICT (source_sha256, method, width, height)
      DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, content_type = excluded.content_type`;
  },
  purgeExpired(now) {
    sql.run`DELETE FROM local_media WHERE sha256 IS NULL AND expires_ts < ${now}`;
  },
});
