import fc from "fast-check";
import { expect, test } from "vitest";
import { entriesOfChain, eventInChain, type GroupChain, type GroupNode, placeGroup } from "./place-group.ts";
import { stateEntries } from "./state-entries.ts";

/** Groups as a database would hold them, each with the state that it must stand for. */
class Groups {
  readonly nodes: GroupNode[] = [];
  readonly states: ReadonlyMap<number, number>[] = [new Map()];

  chain(group: number): GroupChain {
    if (group === 0) return [];
    const node = this.nodes[group - 1]!;
    return [...this.chain(node.base), node];
  }

  derive(parent: number, changes: readonly (readonly [key: number, event: number])[]): number {
    const place = placeGroup(this.chain(parent), stateEntries(changes));
    const state = new Map(this.states[parent]);
    for (const [key, event] of changes) {
      if (event === 0) state.delete(key);
      else state.set(key, event);
    }
    if (typeof place === "number") {
      expect(this.states[place]).toEqual(state);
      return place;
    }
    this.nodes.push({ group: this.nodes.length + 1, ...place });
    this.states.push(state);
    return this.nodes.length;
  }
}

const read = (chain: GroupChain) => {
  const { keys, events } = entriesOfChain(chain);
  return new Map(Array.from(keys, (key, i) => [key, events[i]!]));
};

const change = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(3));
const step = fc.record({ from: fc.nat(), changes: fc.array(change, { maxLength: 12 }) });

test("whatever forks a history takes, each group stands for its own state, three rows deep at most", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
      const groups = new Groups();
      let event = 10;
      steps.forEach(({ from, changes }) => {
        // Mostly on from the newest, now and then from any earlier one.
        const parent = from % 4 === 0 ? from % (groups.nodes.length + 1) : groups.nodes.length;
        groups.derive(
          parent,
          changes.map(([key, kind]) => [key, kind === 0 ? 0 : event++]),
        );
      });
      for (const { group } of groups.nodes) {
        const chain = groups.chain(group);
        const state = groups.states[group]!;
        expect(chain.length).toBeLessThanOrEqual(3);
        expect(read(chain)).toEqual(state);
        for (let key = 1; key <= 40; key++) expect(eventInChain(chain, key)).toBe(state.get(key));
      }
    }),
  );
});

test("a room of ten thousand writes about forty entries for each change, and loses none", () => {
  const groups = new Groups();
  const state = new Map(Array.from({ length: 10_000 }, (_, i) => [i + 1, i + 1]));
  let group = groups.derive(0, [...state]);
  const before = groups.nodes.length;
  for (let i = 0; i < 5_000; i++) {
    const key = ((i * 7919) % 10_000) + 1;
    state.set(key, 20_000 + i);
    group = placeInto(groups, group, [key, 20_000 + i]);
  }
  expect(read(groups.chain(group))).toEqual(state);
  const written = groups.nodes.slice(before).reduce((sum, { entries }) => sum + entries.keys.length, 0);
  expect(written / 5_000).toBeLessThan(50);
});

/** Derives without keeping what the state must be. */
function placeInto(groups: Groups, parent: number, change: readonly [key: number, event: number]): number {
  const place = placeGroup(groups.chain(parent), stateEntries([change]));
  if (typeof place === "number") return place;
  groups.nodes.push({ group: groups.nodes.length + 1, ...place });
  return groups.nodes.length;
}
