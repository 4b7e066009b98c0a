import type { Dialect } from "../../sql.ts";

/** Files are named by their sha256, which is how rows refer to them. A row without one awaits its upload. */
export const media = (d: Dialect): readonly string[] => [
  `CREATE TABLE local_media (
    media_id TEXT PRIMARY KEY,
    user_num ${d.int} NOT NULL,
    created_ts ${d.int} NOT NULL,
    expires_ts ${d.int},
    sha256 ${d.blob},
    size ${d.int},
    content_type TEXT,
    file_name TEXT
  )${d.withoutRowid}`,
  "CREATE INDEX local_media_content ON local_media (sha256) WHERE sha256 IS NOT NULL",
  "CREATE INDEX local_media_pending ON local_media (user_num, expires_ts) WHERE sha256 IS NULL",
  `CREATE TABLE thumbnails (
    source_sha256 ${d.blob} NOT NULL,
    method TEXT NOT NULL,
    width ${d.int} NOT NULL,
    height ${d.int} NOT NULL,
    sha256 ${d.blob} NOT NULL,
    size ${d.int} NOT NULL,
    content_type TEXT NOT NULL,
    PRIMARY KEY (source_sha256, method, width, height)
  )${d.withoutRowid}`,
  "CREATE INDEX thumbnails_content ON thumbnails (sha256)",
];
