import type { EventId, RoomId, UserId } from "@croft/protocol";
import { anyOf, event, type RawSql, type ReadSql, rawSql, room, type as typeId, user, type WriteSql } from "../sql.ts";
import type { NotificationCountReader, NotificationCountStore, UnreadRecord } from "../stores/notification-counts.ts";

/** Enough for any number a client shows, and little enough to count for each of a thousand rooms. */
const MAX_COUNTED = 1000;

const MAIN = "main";

/** By which column, and the words that the partial indexes on it are made with. */
const NOTIFIES = rawSql("notifies");
const HIGHLIGHTS = rawSql("highlights");

type UnreadArgs = Parameters<NotificationCountReader["unread"]>[0];
type UnreadRow = { readonly room_id: RoomId; readonly thread_root: EventId | null; readonly unread: number };

export function sqlNotificationCountReader(sql: ReadSql): NotificationCountReader {
  /**
   * Of main timelines. Receipts, implied ones and the join itself say from where each room is counted; then the newest
   * MAX_COUNTED events and deviations move that forward.
   */
  const countMain = ({ userId, roomIds, ignored = [] }: UnreadArgs, verdict: RawSql) => sql.all<UnreadRow>`
    WITH stays AS MATERIALIZED (
      SELECT room_num, user_num, joined_since FROM memberships
      WHERE user_num = ${user(userId)} AND room_num ${anyOf(roomIds.map(room))} AND membership = 0
    ), read AS (
      SELECT room_num, joined_since - 1 AS position FROM stays
      UNION ALL
      SELECT r.room_num, r.event_position
      FROM stays s JOIN receipts r ON r.room_num = s.room_num AND r.user_num = s.user_num
      WHERE r.event_position IS NOT NULL AND r.thread IN ('', 'main')
      UNION ALL
      SELECT i.room_num, i.position
      FROM stays s JOIN implied_receipts i ON i.room_num = s.room_num AND i.user_num = s.user_num
      WHERE i.thread IN ('', 'main')
    ), unread AS (
      SELECT room_num, MAX(position) AS position FROM read GROUP BY room_num
    ), newest AS (
      SELECT u.room_num, COALESCE((
        SELECT e.position FROM events e
        WHERE e.room_num = u.room_num AND e.position > u.position AND e.${verdict} = 1 AND e.thread_root IS NULL
        ORDER BY e.position DESC LIMIT 1 OFFSET ${MAX_COUNTED}), u.position) AS position
      FROM unread u
    ), counted AS MATERIALIZED (
      SELECT n.room_num, COALESCE((
        SELECT d.position FROM notification_deviations d
        WHERE d.user_num = ${user(userId)} AND d.room_num = n.room_num AND d.position > n.position
          AND d.${verdict} <> 0 AND d.thread_root IS NULL
        ORDER BY d.position DESC LIMIT 1 OFFSET ${MAX_COUNTED}), n.position) AS position
      FROM newest n
    ), found AS (
      -- Not joined and grouped: counting a range of an index takes a tenth of the time.
      SELECT c.room_num, (
        SELECT COUNT(*) FROM events e
        WHERE e.room_num = c.room_num AND e.position > c.position
          AND e.${verdict} = 1 AND e.thread_root IS NULL AND e.sender_num <> ${user(userId)}
          AND (${ignored.length} = 0 OR NOT e.sender_num ${anyOf(ignored.map(user))})
      ) + COALESCE((
        SELECT SUM(d.${verdict}) FROM notification_deviations d
        WHERE d.user_num = ${user(userId)} AND d.room_num = c.room_num AND d.position > c.position
          AND d.${verdict} <> 0 AND d.thread_root IS NULL
          AND (${ignored.length} = 0 OR NOT EXISTS (
            SELECT 1 FROM events i WHERE i.event_num = d.event_num AND i.sender_num ${anyOf(ignored.map(user))}))
      ), 0) AS unread
      FROM counted c
    )
    SELECT i.room_id, NULL AS thread_root, f.unread
    FROM found f JOIN room_ids i ON i.room_num = f.room_num
    WHERE f.unread > 0`;

  /** Of threads: likewise, and a thread's own receipt is looked at last. */
  const countThreads = ({ userId, roomIds, ignored = [] }: UnreadArgs, verdict: RawSql) => sql.all<UnreadRow>`
    WITH stays AS MATERIALIZED (
      SELECT room_num, user_num, joined_since FROM memberships
      WHERE user_num = ${user(userId)} AND room_num ${anyOf(roomIds.map(room))} AND membership = 0
    ), read AS MATERIALIZED (
      SELECT room_num, '' AS thread, joined_since - 1 AS position FROM stays
      UNION ALL
      SELECT r.room_num, r.thread, r.event_position
      FROM stays s JOIN receipts r ON r.room_num = s.room_num AND r.user_num = s.user_num
      WHERE r.event_position IS NOT NULL
      UNION ALL
      SELECT i.room_num, i.thread, i.position
      FROM stays s JOIN implied_receipts i ON i.room_num = s.room_num AND i.user_num = s.user_num
    ), unread AS (
      SELECT room_num, MAX(position) AS position FROM read WHERE thread = '' GROUP BY room_num
    ), newest AS (
      SELECT u.room_num, COALESCE((
        SELECT e.position FROM events e
        WHERE e.room_num = u.room_num AND e.position > u.position
          AND e.${verdict} = 1 AND e.thread_root IS NOT NULL
        ORDER BY e.position DESC LIMIT 1 OFFSET ${MAX_COUNTED}), u.position) AS position
      FROM unread u
    ), counted AS MATERIALIZED (
      SELECT n.room_num, COALESCE((
        SELECT d.position FROM notification_deviations d
        WHERE d.user_num = ${user(userId)} AND d.room_num = n.room_num AND d.position > n.position
          AND d.${verdict} <> 0 AND d.thread_root IS NOT NULL
        ORDER BY d.position DESC LIMIT 1 OFFSET ${MAX_COUNTED}), n.position) AS position
      FROM newest n
    ), found AS (
      SELECT e.room_num, e.thread_root, e.position, 1 AS counts
      FROM counted c CROSS JOIN events e
      WHERE e.room_num = c.room_num AND e.position > c.position
        AND e.${verdict} = 1 AND e.thread_root IS NOT NULL AND e.sender_num <> ${user(userId)}
        AND (${ignored.length} = 0 OR NOT e.sender_num ${anyOf(ignored.map(user))})
      UNION ALL
      SELECT d.room_num, d.thread_root, d.position, d.${verdict}
      FROM counted c CROSS JOIN notification_deviations d
      WHERE d.user_num = ${user(userId)} AND d.room_num = c.room_num AND d.position > c.position
        AND d.${verdict} <> 0 AND d.thread_root IS NOT NULL
        AND (${ignored.length} = 0 OR NOT EXISTS (
          SELECT 1 FROM events i WHERE i.event_num = d.event_num AND i.sender_num ${anyOf(ignored.map(user))}))
    ), threads_read AS MATERIALIZED (
      SELECT room_num, thread, MAX(position) AS position FROM read WHERE thread NOT IN ('', 'main')
      GROUP BY room_num, thread
    )
    SELECT i.room_id, f.thread_root, SUM(f.counts) AS unread
    FROM found f
    LEFT JOIN threads_read t ON t.room_num = f.room_num AND t.thread = f.thread_root
    JOIN room_ids i ON i.room_num = f.room_num
    WHERE t.position IS NULL OR f.position > t.position
    GROUP BY i.room_id, f.thread_root
    HAVING SUM(f.counts) > 0`;

  return {
    async unread(args) {
      if (args.roomIds.length === 0) return [];
      const [notifications, highlights] = await Promise.all(
        [NOTIFIES, HIGHLIGHTS].map(async (verdict) =>
          (await Promise.all([countMain(args, verdict), countThreads(args, verdict)])).flat(),
        ),
      );
      return unreadRecords(notifications ?? [], highlights ?? []);
    },

    async membersWithAccountData(roomId, type) {
      const rows = await sql.all<{ user_id: UserId; content: string }>`
        SELECT u.user_id, d.content
        FROM memberships m
        JOIN account_data d ON d.user_num = m.user_num AND d.type_num = ${typeId(type)}
        JOIN users u ON u.user_num = m.user_num
        WHERE m.room_num = ${room(roomId)} AND m.membership = 0`;
      return rows.map(({ user_id: userId, content }) => ({ userId, content }));
    },
  };
}

/** A highlight notifies: where fewer notifications were counted, highlights stand before what was looked at. */
function unreadRecords(notifications: readonly UnreadRow[], highlights: readonly UnreadRow[]): UnreadRecord[] {
  const records = new Map<string, UnreadRecord>();
  const keyOf = (row: UnreadRow) => `${row.room_id} ${row.thread_root ?? ""}`;
  for (const row of notifications) {
    const { room_id: roomId, thread_root, unread } = row;
    records.set(keyOf(row), {
      roomId,
      threadRoot: thread_root ?? undefined,
      notifications: unread,
      highlights: 0,
    });
  }
  for (const row of highlights) {
    const { room_id: roomId, thread_root, unread } = row;
    const counted = records.get(keyOf(row))?.notifications ?? 0;
    records.set(keyOf(row), {
      roomId,
      threadRoot: thread_root ?? undefined,
      notifications: Math.max(counted, unread),
      highlights: unread,
    });
  }
  return [...records.values()];
}

export function sqlNotificationCountStore(sql: WriteSql, reader: NotificationCountReader): NotificationCountStore {
  return {
    ...reader,

    deviate({ eventId, roomId, threadRoot, position, userId, notifies, highlights }) {
      sql.run`
        INSERT INTO notification_deviations (event_num, user_num, room_num, position, thread_root, notifies, highlights)
        VALUES (${event(eventId)}, ${user(userId)}, ${room(roomId)}, ${position}, ${threadRoot ?? null}, ${notifies},
          ${highlights})`;
    },

    sent({ userId, roomId, threadRoot, position }) {
      sql.run`
        INSERT INTO implied_receipts (room_num, user_num, thread, position)
        VALUES (${room(roomId)}, ${user(userId)}, ${threadRoot ?? MAIN}, ${position})
        ON CONFLICT (room_num, user_num, thread) DO UPDATE SET position = excluded.position`;
    },
  };
}
