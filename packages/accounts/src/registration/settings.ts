/** Who may make an account. */
export type RegistrationSettings = {
  /** closed: nobody · token: who has a registration token · open: everybody. */
  readonly mode: "closed" | "token" | "open";
  readonly guests: boolean;
  /** Opens `/_synapse/admin/v1/register` to who knows it. */
  readonly sharedSecret: string | undefined;
};
