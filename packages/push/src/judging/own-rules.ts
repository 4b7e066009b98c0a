import { type CompiledPushRules, compilePushRules, PUSH_RULE_KINDS, type RoomId, type UserId } from "@croft/protocol";
import { KeyedLock } from "@croft/runtime";
import { ByteCache, type Storage } from "@croft/storage";
import { PUSH_RULES_TYPE, readStoredRules, rulesetOf } from "../push-rules/stored-rules.ts";

/** The rules of a user who has changed any. */
export type MemberRules = {
  readonly userId: UserId;
  readonly compiled: CompiledPushRules;
  /** Whether the user's name in the room decides anything. */
  readonly askForName: boolean;
  readonly bytes: number;
};

const ROOMS_BYTES = 8 << 20;
const RULES_BYTES = 32 << 20;
const NOBODY: readonly MemberRules[] = [];

/**
 * Which members of which rooms have rules of their own, and the rules made ready: in memory for rooms and users lately
 * judged for, the store being the truth. Who has none takes no place in it. What it says of a room may go too far (of
 * somebody whose join failed), which costs a row that nobody counts; it never leaves anybody out.
 */
export class OwnRules {
  readonly #storage: Storage<"accountData" | "notificationCounts">;
  readonly #rooms = new ByteCache<RoomId, ReadonlySet<UserId>>(ROOMS_BYTES, ({ size }) => 300 + 100 * size);
  readonly #rules = new ByteCache<UserId, MemberRules>(RULES_BYTES, ({ bytes }) => bytes);
  readonly #changing = new KeyedLock<UserId>();
  #changes = 0;

  constructor({ storage }: { readonly storage: Storage<"accountData" | "notificationCounts"> }) {
    this.#storage = storage;
  }

  /** Of the room's joined members; a promise where the store has to be asked. */
  ofMembers(roomId: RoomId): readonly MemberRules[] | Promise<readonly MemberRules[]> {
    const members = this.#rooms.get(roomId);
    if (members === undefined) return this.#load(roomId, []);
    if (members.size === 0) return NOBODY;
    const found: MemberRules[] = [];
    for (const userId of members) {
      const rules = this.#rules.get(userId);
      if (rules === undefined) return this.#load(roomId, members);
      found.push(rules);
    }
    return found;
  }

  /** Undefined for a user who has changed nothing. */
  async ofUser(userId: UserId): Promise<MemberRules | undefined> {
    const known = this.#rules.get(userId);
    if (known !== undefined) return known;
    const data = await this.#unchanged(() =>
      this.#storage.read.accountData.get({ userId, roomId: undefined, type: PUSH_RULES_TYPE }),
    );
    return data && this.#keep(userId, data.content);
  }

  /** A local user is about to be joined. */
  async joins(roomId: RoomId, userId: UserId): Promise<void> {
    if ((await this.ofUser(userId)) !== undefined) this.#add(roomId, userId);
  }

  /** A local user's membership is written to be another than joined. */
  left(roomId: RoomId, userId: UserId): void {
    const members = this.#rooms.get(roomId);
    if (members?.has(userId)) this.#rooms.set(roomId, members.difference(new Set([userId])));
  }

  /**
   * Changes a user's rules, one change after the other: clients send many at once. `change` answers what is stored now,
   * and the rooms the user is joined to if nothing was before.
   */
  async change(
    userId: UserId,
    change: () => Promise<{ readonly text: string; readonly newIn: readonly RoomId[] }>,
  ): Promise<void> {
    await this.#changing.run(userId, async () => {
      const { text, newIn } = await change();
      this.#changes++;
      this.#rules.set(userId, memberRules(userId, text));
      for (const roomId of newIn) this.#add(roomId, userId);
    });
  }

  #add(roomId: RoomId, userId: UserId): void {
    const members = this.#rooms.get(roomId);
    if (members !== undefined && !members.has(userId)) this.#rooms.set(roomId, new Set(members).add(userId));
  }

  /** `expected` may have joined by an event that is not committed yet. */
  async #load(roomId: RoomId, expected: Iterable<UserId>): Promise<readonly MemberRules[]> {
    const { notificationCounts } = this.#storage.read;
    const stored = await this.#unchanged(() => notificationCounts.membersWithAccountData(roomId, PUSH_RULES_TYPE));
    const found = new Map<UserId, MemberRules>();
    for (const { userId, content } of stored) found.set(userId, this.#keep(userId, content));
    for (const userId of expected) {
      const rules = found.get(userId) ?? (await this.ofUser(userId));
      if (rules !== undefined) found.set(userId, rules);
    }
    this.#rooms.set(roomId, new Set(found.keys()));
    return [...found.values()];
  }

  /** Reads again if rules were changed meanwhile: what was read may be from before. */
  async #unchanged<Result>(read: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const before = this.#changes;
      const result = await read();
      if (this.#changes === before) return result;
    }
  }

  #keep(userId: UserId, text: string): MemberRules {
    const known = this.#rules.get(userId);
    if (known !== undefined) return known;
    const rules = memberRules(userId, text);
    this.#rules.set(userId, rules);
    return rules;
  }
}

/** A compiled rule takes some ten times the room of its text; the default rules are always there. */
function memberRules(userId: UserId, text: string): MemberRules {
  const ruleset = rulesetOf(userId, readStoredRules(text));
  const askForName = PUSH_RULE_KINDS.some((kind) =>
    ruleset[kind].some(({ conditions = [] }) => conditions.some(({ kind }) => kind === "contains_display_name")),
  );
  return { userId, compiled: compilePushRules(ruleset, userId), askForName, bytes: 8_000 + 10 * text.length };
}
