import type { Dialect } from "../../sql.ts";
import { accounts } from "./accounts.ts";
import { e2ee } from "./e2ee.ts";
import { events } from "./events.ts";
import { interning } from "./interning.ts";
import { memberships } from "./memberships.ts";
import { meta } from "./meta.ts";
import { receipts } from "./receipts.ts";
import { roomDirectory } from "./room-directory.ts";
import { roomState } from "./room-state.ts";
import { rooms } from "./rooms.ts";

const PIECES = [interning, meta, rooms, events, roomState, memberships, roomDirectory, receipts, accounts, e2ee];

/** The first schema, a piece per noun. */
export const foundation = (dialect: Dialect): readonly string[] => PIECES.flatMap((piece) => piece(dialect));
