import { MAX_DNS_NAME_LENGTH } from "../limits.ts";

/** `kind` says how `host` is reached; an IPv6 host stands here without its brackets. */
export type ServerNameParts = {
  readonly kind: "dns" | "ipv4" | "ipv6";
  readonly host: string;
  readonly port: number | undefined;
};

const HOST_AND_PORT = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z.-]+))(?::([0-9]{1,5}))?$/;
const DOTTED_QUAD = /^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$/;
const HEX_GROUP = /^[0-9A-Fa-f]{1,4}$/;

/**
 * The parts of a server name; undefined when it is none: bad characters, an address out of range, a port above 65535.
 * Names are compared byte for byte, so nothing is folded or normalised.
 * https://spec.matrix.org/v1.19/appendices/#server-name
 */
export function parseServerName(name: string): ServerNameParts | undefined {
  const match = HOST_AND_PORT.exec(name);
  if (match === null) return undefined;
  const [, ipv6, host, digits] = match;
  const port = digits === undefined ? undefined : Number(digits);
  if (port !== undefined && port > 65_535) return undefined;
  if (ipv6 !== undefined) return isIpv6(ipv6) ? { kind: "ipv6", host: ipv6, port } : undefined;
  if (host === undefined || host.length > MAX_DNS_NAME_LENGTH) return undefined;
  if (!DOTTED_QUAD.test(host)) return { kind: "dns", host, port };
  return isIpv4(host) ? { kind: "ipv4", host, port } : undefined;
}

export const isServerName = (name: string): boolean => parseServerName(name) !== undefined;

const isIpv4 = (text: string): boolean =>
  DOTTED_QUAD.test(text) && text.split(".").every((part) => Number(part) <= 255);

/** https://www.rfc-editor.org/rfc/rfc3513#section-2.2 */
function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === "") continue;
    const parts = half.split(":");
    const last = parts.at(-1) ?? "";
    // The last 32 bits may be written as an IPv4 address.
    if (index === halves.length - 1 && isIpv4(last)) {
      parts.pop();
      groups += 2;
    }
    if (!parts.every((part) => HEX_GROUP.test(part))) return false;
    groups += parts.length;
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}
