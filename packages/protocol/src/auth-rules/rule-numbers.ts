import type { RoomVersion } from "../room-versions/room-version.ts";

type Outline = { readonly [name: string]: Outline };

/** The authorisation rules of all versions as one outline. A rule's place among those its version has is its number. */
const OUTLINE = {
  create: { prevEvents: {}, roomId: {}, roomVersion: {}, creator: {}, additionalCreators: {} },
  roomId: {},
  authEvents: { duplicate: {}, unexpected: {}, rejected: {}, create: {}, roomId: {} },
  federate: {},
  aliases: { stateKey: {}, domain: {} },
  member: {
    fields: {},
    authorised: { signature: {} },
    join: {
      creator: {},
      sender: {},
      banned: {},
      invite: {},
      restricted: { member: {}, authorised: {} },
      public: {},
      otherwise: {},
    },
    invite: {
      thirdParty: { banned: {}, signed: {}, fields: {}, mxid: {}, token: {}, sender: {}, signature: {}, otherwise: {} },
      sender: {},
      target: {},
      level: {},
      otherwise: {},
    },
    leave: { self: {}, sender: {}, banned: {}, level: {}, otherwise: {} },
    ban: { sender: {}, level: {}, otherwise: {} },
    knock: { joinRule: {}, sender: {}, membership: {}, otherwise: {} },
    unknown: {},
  },
  sender: {},
  thirdPartyInvite: { level: {} },
  requiredLevel: {},
  stateKey: {},
  powerLevels: {
    integers: {},
    maps: {},
    users: {},
    creators: {},
    first: {},
    properties: { current: {}, new: {} },
    entriesRemoved: { current: {} },
    entriesAdded: { new: {} },
    usersRemoved: { current: {} },
    usersAdded: { new: {} },
  },
  redaction: { level: {}, domain: {}, otherwise: {} },
} as const satisfies Outline;

type NameIn<Rules> = { [Name in keyof Rules & string]: Name | `${Name}.${NameIn<Rules[Name]>}` }[keyof Rules & string];

/** A rule's path in the outline, the same in every version. */
export type RuleName = NameIn<typeof OUTLINE>;

/** The rules that not every version has. */
const PRESENT: { readonly [rule in RuleName]?: (version: RoomVersion) => boolean } = {
  "create.creator": (version) => !version.implicitCreator,
  "create.additionalCreators": (version) => version.privilegedCreators,
  roomId: (version) => version.roomIdIsCreateHash,
  "authEvents.create": (version) => !version.roomIdIsCreateHash,
  aliases: (version) => version.specialAliases,
  "member.authorised": (version) => version.restrictedJoin,
  "member.join.restricted": (version) => version.restrictedJoin,
  "member.knock": (version) => version.knock,
  "powerLevels.integers": (version) => version.integerPowerLevels,
  "powerLevels.maps": (version) => version.integerPowerLevels,
  "powerLevels.creators": (version) => version.privilegedCreators,
  redaction: (version) => version.redactionAuthRule,
};
const presentIn: { readonly [rule: string]: ((version: RoomVersion) => boolean) | undefined } = PRESENT;

/** The number a rule bears in a version, as on that version's page: https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules */
export function ruleNumber(version: RoomVersion, rule: RuleName): string {
  const numbers: number[] = [];
  let siblings: Outline = OUTLINE;
  let parent = "";
  for (const name of rule.split(".")) {
    let number = 1;
    for (const sibling of Object.keys(siblings)) {
      if (sibling === name) break;
      if (presentIn[parent + sibling]?.(version) ?? true) number += 1;
    }
    numbers.push(number);
    siblings = siblings[name] ?? {};
    parent += `${name}.`;
  }
  return numbers.join(".");
}
