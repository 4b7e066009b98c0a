import type { RoomVersion } from "./room-version.ts";
import { v1 } from "./v1.ts";
import { v2 } from "./v2.ts";
import { v3 } from "./v3.ts";
import { v4 } from "./v4.ts";
import { v5 } from "./v5.ts";
import { v6 } from "./v6.ts";
import { v7 } from "./v7.ts";
import { v8 } from "./v8.ts";
import { v9 } from "./v9.ts";
import { v10 } from "./v10.ts";
import { v11 } from "./v11.ts";
import { v12 } from "./v12.ts";

const BY_ID: ReadonlyMap<string, RoomVersion> = new Map(
  [v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12].map((version) => [version.id, version]),
);

/** The ids of every version this package can speak, oldest first. All of them are stable in the spec. */
export const SUPPORTED_ROOM_VERSIONS: readonly string[] = [...BY_ID.keys()];

/** The version of rooms created without naming one. */
export const DEFAULT_ROOM_VERSION = "12";

/** The switches of a version by its id, an opaque string compared byte for byte; undefined for one not supported. */
export const roomVersion = (id: string): RoomVersion | undefined => BY_ID.get(id);
