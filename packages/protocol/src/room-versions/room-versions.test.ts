import { expect, test } from "vitest";
import type { RoomVersion } from "./room-version.ts";
import { DEFAULT_ROOM_VERSION, roomVersion, SUPPORTED_ROOM_VERSIONS } from "./room-versions.ts";

const IDS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

/** The version each switch is on from. */
const SINCE: { readonly [name in keyof RoomVersion]?: number } = {
  enforceKeyValidity: 5,
  strictCanonicalJson: 6,
  limitNotificationsPowerLevels: 6,
  knock: 7,
  restrictedJoin: 8,
  redactionKeepsJoinRuleAllow: 8,
  redactionKeepsJoinAuthorised: 9,
  knockRestrictedJoin: 10,
  integerPowerLevels: 10,
  implicitCreator: 11,
  updatedRedaction: 11,
  privilegedCreators: 12,
  roomIdIsCreateHash: 12,
};
/** The version each switch is off from. */
const UNTIL: { readonly [name in keyof RoomVersion]?: number } = { redactionAuthRule: 3, specialAliases: 6 };

const switchesOf = (id: string): RoomVersion => {
  const version = roomVersion(id);
  if (version === undefined) throw new Error(`room version ${id} is missing`);
  return version;
};

test("versions 1 to 12 are supported, in order, and 12 is the default", () => {
  expect(SUPPORTED_ROOM_VERSIONS).toEqual(IDS);
  expect(roomVersion(DEFAULT_ROOM_VERSION)?.id).toBe("12");
});

test.each(["", "0", "13", "01", "1.0", " 1", "org.matrix.msc3757.10", "__proto__"])("version %j is unknown", (id) => {
  expect(roomVersion(id)).toBeUndefined();
});

test.each(IDS)("version %s has exactly the switches its page of the spec gives it", (id) => {
  const number = Number(id);
  const version = switchesOf(id);
  const booleans = Object.entries(version).filter(([, value]) => typeof value === "boolean");
  const expected = {
    ...Object.fromEntries(Object.entries(SINCE).map(([name, since]) => [name, number >= since])),
    ...Object.fromEntries(Object.entries(UNTIL).map(([name, until]) => [name, number < until])),
  };
  expect(Object.fromEntries(booleans)).toEqual(expected);
  expect(version.id).toBe(id);
  expect(version.eventFormat).toBe(number < 3 ? "v1" : number < 4 ? "v3" : "v4");
  expect(version.stateResolution).toBe(number < 2 ? "v1" : number < 12 ? "v2" : "v2.1");
  expect(version.maxDepth).toBe(number < 6 ? 2 ** 63 : 2 ** 53 - 1);
});
