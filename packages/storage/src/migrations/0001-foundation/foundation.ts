import type { Dialect } from "../../sql.ts";
import { accounts } from "./accounts.ts";
import { e2ee } from "./e2ee.ts";
import { events } from "./events.ts";
import { interning } from "./interning.ts";
import { media } from "./media.ts";
import { memberships } from "./memberships.ts";
import { meta } from "./meta.ts";
import { notificationCounts } from "./notification-counts.ts";
import { receipts } from "./receipts.ts";
import { roomDirectory } from "./room-directory.ts";
import { roomState } from "./room-state.ts";
import { rooms } from "./rooms.ts";

// biome-ignore format: one noun per line, so that adding one touches one line
const PIECES = [
  interning,
  meta,
  rooms,
  events,
  roomState,
  memberships,
  roomDirectory,
  receipts,
  accounts,
  e2ee,
  media,
  notificationCounts,
];

/** The first schema, a piece per noun. */
export const foundation = (dialect: Dialect): readonly string[] => PIECES.flatMap((piece) => piece(dialect));
