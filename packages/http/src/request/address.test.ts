import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { addressReader, limitedAddress } from "./address.ts";

const request = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

describe("a caller's address", () => {
  test("is the connection's when no proxy is trusted, whatever the headers claim", () => {
    expect(addressReader([])(request("::ffff:192.0.2.1", "198.51.100.1"))).toBe("192.0.2.1");
    expect(addressReader(["10.0.0.1"])(request("192.0.2.1", "198.51.100.1"))).toBe("192.0.2.1");
  });

  test("is the last hop that is not a trusted proxy", () => {
    const read = addressReader(["10.0.0.0/8", "fd00::/8"]);
    expect(read(request("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.2.3.4"))).toBe("198.51.100.1");
    expect(read(request("fd00::1", "2001:db8::5"))).toBe("2001:db8::5");
  });

  test("stops at what is no address", () => {
    expect(addressReader(["10.0.0.1"])(request("10.0.0.1", "198.51.100.1, unknown"))).toBe("10.0.0.1");
  });

  test("a range that is none is refused", () => {
    for (const bad of ["proxy", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/", "10.0.0.0/8/8", "::/129", ""]) {
      expect(() => addressReader([bad]), bad).toThrow("is not an IP address");
    }
  });

  test("counts for a limit as the whole /64 in IPv6", () => {
    expect(limitedAddress("192.0.2.1")).toBe("192.0.2.1");
    expect(limitedAddress("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2::/64");
    expect(limitedAddress("2001:db8::1")).toBe(limitedAddress("2001:db8:0:0:ffff::2"));
  });
});
