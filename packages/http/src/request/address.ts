import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";

/** Where a call comes from when it came over a local socket. */
const LOCAL = "127.0.0.1";

/** Gives a request's address. */
export type AddressOf = (request: IncomingMessage) => string;

/**
 * The address of the connection, or, where that is one of `trustedProxies` (addresses and CIDR ranges), the last one in
 * `X-Forwarded-For` that is not. Throws on an entry that is neither.
 */
export function addressReader(trustedProxies: readonly string[]): AddressOf {
  if (trustedProxies.length === 0) return (request) => plain(request.socket.remoteAddress ?? LOCAL);
  const trusted = new BlockList();
  for (const entry of trustedProxies) addTrusted(trusted, entry);
  const isTrusted = (address: string) => trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  return (request) => {
    let address = plain(request.socket.remoteAddress ?? LOCAL);
    const forwarded = request.headers["x-forwarded-for"];
    if (forwarded === undefined || !isTrusted(address)) return address;
    const hops = (Array.isArray(forwarded) ? forwarded.join(",") : forwarded).split(",");
    for (let hop = hops.pop(); hop !== undefined; hop = hops.pop()) {
      const next = plain(hop.trim());
      if (isIP(next) === 0) return address;
      address = next;
      if (!isTrusted(address)) return address;
    }
    return address;
  };
}

function addTrusted(list: BlockList, entry: string): void {
  const [address = "", prefix, ...more] = entry.split("/");
  const family = isIP(address);
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
  const isNumber = prefix === undefined || /^\d+$/.test(prefix);
  if (family === 0 || more.length > 0 || !isNumber || bits > (family === 6 ? 128 : 32)) {
    throw new Error(`"${entry}" is not an IP address or a range like 10.0.0.0/8`);
  }
  list.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
}

/** IPv4 in IPv6's clothes is IPv4. */
const plain = (address: string): string => (address.startsWith("::ffff:") ? address.slice(7) : address);

/** Whom a limit per address means: one IPv6 customer commonly has a whole /64. */
export function limitedAddress(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const first = head.split(":").filter((part) => part !== "");
  if (tail !== undefined) {
    const last = tail.split(":").filter((part) => part !== "");
    while (first.length + last.length < 8) first.push("0");
    first.push(...last);
  }
  return `${first.slice(0, 4).join(":")}::/64`;
}
