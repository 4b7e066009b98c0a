import { type CompiledPushRules, type PushEvent, pushEvent, type ServerName, type UserId } from "@croft/protocol";
import type { JudgedEvent, Judgement, NotificationJudge } from "@croft/rooms";
import { isLocalUser, localMember, mentionedUsers } from "./named-users.ts";
import type { MemberRules, OwnRules } from "./own-rules.ts";
import { defaultRules, EVERYONE, type Verdict, verdictOf } from "./verdicts.ts";

export type NotificationJudgeDeps = { readonly ownRules: OwnRules; readonly serverName: ServerName };

/** Somebody to whom an event may be something else than to everyone. */
type Individual = {
  readonly userId: UserId;
  readonly compiled: CompiledPushRules;
  readonly displayName?: string | undefined;
};

type Deviation = { readonly userId: UserId; readonly notifies: -1 | 0 | 1; readonly highlights: -1 | 0 | 1 };

/**
 * Judges an event once for all who have changed no rules and whom it does not name, and by their own rules for each of
 * the others; whom it means something else to is written down. Waits for nothing where it names nobody and the rules of
 * the room's members are in memory.
 */
export function createNotificationJudge(deps: NotificationJudgeDeps): NotificationJudge {
  const { ownRules, serverName } = deps;
  return {
    judge(judged) {
      const { event, roomId } = judged;
      const members = ownRules.ofMembers(roomId);
      const mentioned = mentionedUsers(event, serverName);
      const subject = localMember(event, serverName);
      const isSimple = mentioned.length === 0 && subject === undefined;
      if (isSimple && !(members instanceof Promise) && !members.some(({ askForName }) => askForName)) {
        return judgement(deps, judged, members);
      }
      return judgeIndividuals(deps, judged, { members, mentioned, subject });
    },
  };
}

async function judgeIndividuals(
  deps: NotificationJudgeDeps,
  judged: JudgedEvent,
  named: {
    readonly members: readonly MemberRules[] | Promise<readonly MemberRules[]>;
    readonly mentioned: readonly UserId[];
    readonly subject: UserId | undefined;
  },
): Promise<Judgement> {
  const { ownRules } = deps;
  const { mentioned, subject } = named;
  const individuals = new Map<UserId, Individual>();
  for (const member of await named.members) {
    const displayName = member.askForName ? await displayNameOf(judged, member.userId) : undefined;
    individuals.set(member.userId, { ...member, displayName });
  }
  for (const userId of mentioned) {
    if (individuals.has(userId) || (await memberContent(judged, userId))?.["membership"] !== "join") continue;
    individuals.set(userId, { userId, compiled: defaultRules(userId) });
  }
  if (subject !== undefined && judged.event.content["membership"] === "invite") {
    const own = await ownRules.ofUser(subject);
    individuals.set(subject, { userId: subject, compiled: own?.compiled ?? defaultRules(subject) });
  }
  if (subject !== undefined && isJoin(judged)) await ownRules.joins(judged.roomId, subject);
  return judgement(deps, judged, individuals.values());
}

function judgement(
  { ownRules, serverName }: NotificationJudgeDeps,
  judged: JudgedEvent,
  individuals: Iterable<Individual>,
): Judgement {
  const { event, eventId, roomId, threadRoot } = judged;
  const prepared = prepare(judged);
  const everyone = verdictOf(EVERYONE, prepared, undefined);
  const deviations = deviationsFrom(everyone, prepared, individuals);
  const subject = localMember(event, serverName);
  const left = isJoin(judged) ? undefined : subject;
  // Member events follow from profiles too: who changes theirs has not read all their rooms.
  const isReading = event.type !== "m.room.member" && isLocalUser(event.sender, serverName);
  if (deviations.length === 0 && !isReading && left === undefined) return everyone;
  return {
    ...everyone,
    record: ({ notificationCounts }, position) => {
      for (const deviation of deviations) {
        notificationCounts.deviate({ ...deviation, eventId, roomId, threadRoot, position });
      }
      if (isReading) notificationCounts.sent({ userId: event.sender, roomId, threadRoot, position });
      if (left !== undefined) ownRules.left(roomId, left);
    },
  };
}

function deviationsFrom(everyone: Verdict, event: PushEvent, individuals: Iterable<Individual>): Deviation[] {
  const deviations: Deviation[] = [];
  for (const { userId, compiled, displayName } of individuals) {
    if (event.event["sender"] === userId) continue;
    const own = verdictOf(compiled, event, displayName);
    const notifies = difference(own.notifies, everyone.notifies);
    const highlights = difference(own.highlights, everyone.highlights);
    if (notifies !== 0 || highlights !== 0) deviations.push({ userId, notifies, highlights });
  }
  return deviations;
}

const difference = (own: boolean, everyone: boolean): -1 | 0 | 1 => (own === everyone ? 0 : own ? 1 : -1);

const prepare = ({ event, levels, joined }: JudgedEvent): PushEvent =>
  pushEvent({
    event,
    memberCount: joined,
    senderMayNotify: (key) => levels.userLevel(event.sender) >= levels.notificationLevel(key),
  });

const isJoin = ({ event }: JudgedEvent): boolean => event.content["membership"] === "join";

const memberContent = async ({ state }: JudgedEvent, userId: UserId) => (await state("m.room.member", userId))?.content;

async function displayNameOf(judged: JudgedEvent, userId: UserId): Promise<string | undefined> {
  const name = (await memberContent(judged, userId))?.["displayname"];
  return typeof name === "string" ? name : undefined;
}
