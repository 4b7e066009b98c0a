import type { Authenticate, Requester } from "@croft/http";
import type { DeviceId, UserId } from "@croft/protocol";
import type { Clock } from "@croft/runtime";
import type { Storage, TokenOwner } from "@croft/storage";
import type { LastSeenLog } from "./last-seen-log.ts";
import { softLogout, unknownToken, userLocked } from "./token-errors.ts";
import { hashToken } from "./token-secrets.ts";

/** About 20 MB. */
const MOST_TOKENS = 50_000;
/** `last_seen_ts` may be this far behind. */
const SEEN_EVERY_MS = 60_000;

type KnownToken = {
  readonly requester: Requester;
  readonly expiresTs: number;
  readonly locked: boolean;
  seenTs: number;
  seenAt: string;
};

/**
 * Whose token it is: one look into a map for a token that was used before. Whoever changes what a token is worth calls
 * `forget` once that is committed.
 */
export class AccessTokens {
  readonly #storage: Storage<"sessions">;
  readonly #clock: Clock;
  readonly #lastSeen: LastSeenLog;
  readonly #known = new Map<string, KnownToken>();
  readonly #tokensOf = new Map<UserId, Set<string>>();
  /** Moves with every `forget`, so that what was read before it is not kept after it. */
  #epoch = 0;

  constructor({ storage, clock, lastSeen }: { storage: Storage<"sessions">; clock: Clock; lastSeen: LastSeenLog }) {
    this.#storage = storage;
    this.#clock = clock;
    this.#lastSeen = lastSeen;
  }

  readonly authenticate: Authenticate = async (token, { address, userAgent, allowedWhenLocked }) => {
    const now = this.#clock.now();
    const kept = this.#known.get(token);
    const known = kept && kept.expiresTs > now ? kept : await this.#load(token, now);
    if (known.locked && !allowedWhenLocked) throw userLocked();
    if (now - known.seenTs >= SEEN_EVERY_MS || known.seenAt !== address) {
      known.seenTs = now;
      known.seenAt = address;
      const { userId, deviceId } = known.requester;
      this.#lastSeen.note(userId, deviceId, { ip: address, ts: now, userAgent });
    }
    return known.requester;
  };

  /** Tokens of these devices, or of all the user's, are looked up again when they come. */
  forget(userId: UserId, deviceIds?: readonly DeviceId[]): void {
    this.#epoch++;
    for (const token of this.#tokensOf.get(userId) ?? []) {
      const deviceId = this.#known.get(token)?.requester.deviceId;
      if (deviceIds === undefined || deviceId === undefined || deviceIds.includes(deviceId)) this.#drop(token, userId);
    }
  }

  async #load(token: string, now: number): Promise<KnownToken> {
    const hash = hashToken(token);
    let epoch = this.#epoch;
    let owner = current(await this.#storage.read.sessions.byAccessToken(hash), now);
    if (owner.supersedes !== undefined) {
      owner = await this.#confirm(hash, now);
      this.forget(owner.userId, [owner.deviceId]);
      epoch = this.#epoch;
    }
    const { userId, deviceId, tokenId, isAdmin, isGuest, locked } = owner;
    const known: KnownToken = {
      requester: { userId, deviceId, tokenId, isAdmin, isGuest },
      expiresTs: owner.accessExpiresTs ?? Number.POSITIVE_INFINITY,
      locked,
      seenTs: 0,
      seenAt: "",
    };
    if (this.#epoch === epoch) this.#keep(token, known);
    return known;
  }

  /** The client has its new tokens: the ones before are worth nothing any more. */
  #confirm(hash: Uint8Array, now: number): Promise<TokenOwner> {
    return this.#storage.write(async (tx) => {
      const owner = current(await tx.sessions.byAccessToken(hash), now);
      const { tokenId, supersedes } = owner;
      if (supersedes !== undefined) tx.sessions.confirm({ tokenId, supersedes, now });
      return owner;
    });
  }

  #keep(token: string, known: KnownToken): void {
    const oldest = this.#known.entries().next().value;
    if (oldest && this.#known.size >= MOST_TOKENS) this.#drop(oldest[0], oldest[1].requester.userId);
    this.#known.set(token, known);
    const { userId } = known.requester;
    const tokens = this.#tokensOf.get(userId);
    if (tokens) tokens.add(token);
    else this.#tokensOf.set(userId, new Set([token]));
  }

  #drop(token: string, userId: UserId): void {
    this.#known.delete(token);
    const tokens = this.#tokensOf.get(userId);
    tokens?.delete(token);
    if (tokens?.size === 0) this.#tokensOf.delete(userId);
  }
}

function current(owner: TokenOwner | undefined, now: number): TokenOwner {
  if (!owner || owner.deactivated) throw unknownToken();
  if (owner.retired) throw softLogout("This access token has been replaced");
  if (owner.accessExpiresTs !== undefined && owner.accessExpiresTs <= now) {
    throw softLogout("This access token has expired");
  }
  return owner;
}
