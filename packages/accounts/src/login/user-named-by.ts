/**
 * Who is meant: a whole user id or its localpart, in an identifier or, as older clients put it, in `user`. undefined
 * where somebody is named by something this server keeps no record of (an e-mail address, a phone number).
 * https://spec.matrix.org/v1.19/client-server-api/#identifier-types
 */
export function userNamedBy({
  identifier,
  user,
}: {
  readonly identifier?: unknown;
  readonly user?: unknown;
}): string | undefined {
  if (typeof identifier !== "object" || identifier === null) return typeof user === "string" ? user : undefined;
  if (!("type" in identifier) || identifier.type !== "m.id.user") return undefined;
  return "user" in identifier && typeof identifier.user === "string" ? identifier.user : undefined;
}
