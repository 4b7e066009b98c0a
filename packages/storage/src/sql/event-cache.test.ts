import { expect, test } from "vitest";
import { sampleEvent } from "../contract/sample-event.ts";
import { EventCache } from "./event-cache.ts";

const {
  notifies: _notifies,
  highlights: _highlights,
  ...sample
} = sampleEvent({
  eventId: "$a",
  position: { value: 1 },
});
const event = { ...sample, position: 1, redactedBy: undefined, threadRoot: undefined };

test("an event read before it was redacted is not remembered after", () => {
  const cache = new EventCache();
  const remember = cache.reading();
  cache.redacted("$a");
  remember([event]);
  expect(cache.get("$a")).toBeUndefined();
  cache.reading()([event]);
  expect(cache.get("$a")).toEqual(event);
});

test("a redacted event is forgotten", () => {
  const cache = new EventCache();
  cache.add(event);
  cache.redacted("$a");
  expect(cache.get("$a")).toBeUndefined();
});
