import { MatrixError } from "@croft/protocol";
import { TestClock } from "@croft/runtime";
import { describe, expect, test } from "vitest";
import { defaultRates, RateLimiter } from "./rate-limiter.ts";

const rates = { ...defaultRates, message: { perSecond: 2, burst: 3 } };

function refusal(call: () => void): MatrixError | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof MatrixError) return error;
    throw error;
  }
  return undefined;
}

describe("a rate limit", () => {
  test("allows a burst, then says how long to wait, and waiting that long suffices", () => {
    const clock = new TestClock();
    const limiter = new RateLimiter({ clock, rates });
    for (let call = 0; call < 3; call++) limiter.take("message", "@a:b");
    expect(refusal(() => limiter.take("message", "@a:b"))).toMatchObject({
      errcode: "M_LIMIT_EXCEEDED",
      status: 429,
      fields: { retry_after_ms: 500 },
    });
    clock.advance(499);
    expect(refusal(() => limiter.take("message", "@a:b"))?.fields["retry_after_ms"]).toBe(1);
    clock.advance(1);
    limiter.take("message", "@a:b");
  });

  test("is counted per caller and per kind of call", () => {
    const limiter = new RateLimiter({ clock: new TestClock(), rates });
    for (let call = 0; call < 3; call++) limiter.take("message", "@a:b");
    limiter.take("message", "@c:b");
    limiter.take("join", "@a:b");
  });

  test("remembers no more callers than it was told, and forgets full buckets first", () => {
    const clock = new TestClock();
    const limiter = new RateLimiter({ clock, rates, maxCallers: 100 });
    for (let caller = 0; caller < 90; caller++) limiter.take("message", `idle ${caller}`);
    clock.advance(60_000);
    for (let call = 0; call < 3; call++) limiter.take("message", "busy");
    for (let caller = 0; caller < 20; caller++) limiter.take("message", `new ${caller}`);
    expect(limiter.size).toBeLessThanOrEqual(100);
    expect(refusal(() => limiter.take("message", "busy"))).toBeDefined();
    for (let caller = 0; caller < 1000; caller++) limiter.take("message", `flood ${caller}`);
    expect(limiter.size).toBeLessThanOrEqual(100);
  });
});
