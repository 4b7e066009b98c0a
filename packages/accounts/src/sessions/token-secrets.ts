import { opaqueId, type Random, sha256 } from "@croft/runtime";

/** A secret that is handed out once, and what is kept of it. */
export type TokenSecret = { readonly token: string; readonly hash: Uint8Array };

/** The prefix tells people and secret scanners what they have found. */
const PREFIX = { access: "croft_a_", refresh: "croft_r_", setup: "croft_s_" } as const;

export function newTokenSecret(random: Random, kind: keyof typeof PREFIX): TokenSecret {
  const token = PREFIX[kind] + opaqueId(random);
  return { token, hash: hashToken(token) };
}

/** Tokens carry 192 random bits, so that a plain hash is as good as a slow one. */
export const hashToken = (token: string): Uint8Array => sha256(token);
