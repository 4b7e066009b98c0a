import { pick } from "../chance.ts";
import { type Below, hostileText } from "./hostile-values.ts";
import type { World } from "./world.ts";

/** The parts of JSON Schema that the endpoints' declarations are made of. */
export type Shape = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly properties?: { readonly [name: string]: Shape };
  readonly required?: readonly string[];
  readonly patternProperties?: { readonly [pattern: string]: Shape };
  readonly pattern?: string;
  readonly minimum?: number;
};

/** What a word in a path or a body may name truly, by its name. */
export function trueName(name: string, { below, world }: { below: Below; world: World }): string | undefined {
  const { alice, bob } = world;
  switch (name) {
    case "roomId":
    case "room_id":
    case "roomIdOrAlias":
      return pick(below, world.roomIds);
    case "eventId":
    case "event_id":
      return pick(below, world.eventIds);
    case "userId":
    case "user_id":
    case "user":
      return pick(below, [alice.userId, alice.userId, bob.userId]);
    case "deviceId":
    case "device_id":
      return pick(below, [alice.deviceId, bob.deviceId]);
    case "filterId":
      return world.filterId;
    case "eventType":
    case "type":
      return pick(below, ["org.croft.test", "m.room.message", "m.room.topic", "m.login.password", "m.login.dummy"]);
    case "stateKey":
      return "key";
    case "txnId":
      return `txn${below(1_000_000)}`;
    case "version":
      return "1";
    case "serverName":
      return "localhost";
    default:
      return undefined;
  }
}

/** Some value that the schema allows, with what is true of the world in it. */
export function sample(shape: Shape, name: string, of: { below: Below; world: World }): unknown {
  const { below } = of;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum) return pick(below, shape.enum);
  if (shape.anyOf) return sample(pick(below, shape.anyOf), name, of);
  switch (shape.type) {
    case "object":
      return sampleObject(shape, of);
    case "array":
      return Array.from({ length: below(3) }, () => sample(shape.items ?? {}, name, of));
    case "integer":
    case "number":
      return (shape.minimum ?? 0) + below(10);
    case "boolean":
      return below(2) === 0;
    case "string":
      return sampleText(shape, name, of);
    case "null":
      return null;
    default:
      return pick<unknown>(below, [{}, { value: 1 }, "text", 7, [], null]);
  }
}

function sampleText({ pattern = "" }: Shape, name: string, of: { below: Below; world: World }): string {
  const named = trueName(name, of);
  if (named !== undefined) return named;
  const { below, world } = of;
  if (pattern.startsWith("^@")) return pick(below, [world.alice.userId, world.bob.userId, "@nobody:localhost"]);
  if (pattern.startsWith("^!") || pattern.startsWith("^[!#]")) return pick(below, world.roomIds);
  if (pattern.startsWith("^\\$")) return pick(below, world.eventIds);
  if (pattern.startsWith("^#")) return `#alias${below(50)}:localhost`;
  return below(4) === 0 ? hostileText(below) : pick(below, ["text", "1", "main", "m.text", "A few words."]);
}

function sampleObject(shape: Shape, of: { below: Below; world: World }): { [name: string]: unknown } {
  const { below } = of;
  const value: { [name: string]: unknown } = Object.create(null);
  for (const [name, inner] of Object.entries(shape.properties ?? {})) {
    if (shape.required?.includes(name) || below(2) === 0) value[name] = sample(inner, name, of);
  }
  for (const inner of Object.values(shape.patternProperties ?? {})) {
    for (let count = below(3); count > 0; count--) value[sampleKey(of)] = sample(inner, "", of);
  }
  return value;
}

/** Keys of maps are mostly users, devices, rooms, events and key ids. */
function sampleKey({ below, world }: { below: Below; world: World }): string {
  const { alice, bob, roomIds, eventIds } = world;
  const known = [alice.userId, bob.userId, alice.deviceId, "*", roomIds[0]!, eventIds[0]!];
  return pick(below, [...known, `ed25519:${alice.deviceId}`, "signed_curve25519:AAAA", "msgtype", "body", "users"]);
}
