import type { JsonObject, UserId } from "@croft/protocol";

/** All fields of a user's profile. https://spec.matrix.org/v1.19/client-server-api/#profiles */
export type ProfileRecord = {
  readonly fields: JsonObject;
  /** Moves with every change; what a change was decided on. */
  readonly version: number;
};

export interface ProfileReader {
  /** undefined where no field has ever been set. */
  get(userId: UserId): Promise<ProfileRecord | undefined>;
}

export interface ProfileStore extends ProfileReader {
  /** Guarded: fails unless the profile is still of `basedOn` (undefined: there is none). */
  replace(userId: UserId, fields: JsonObject, basedOn: number | undefined): void;
  delete(userId: UserId): void;
}
