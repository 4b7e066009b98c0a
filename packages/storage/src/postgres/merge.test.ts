import { expect, test } from "vitest";
import type { BoundStatement, WriteSet } from "../engine.ts";
import { type Bound, Statements } from "../statements.ts";
import { postgresSpelling } from "./dialect.ts";
import { Merger } from "./merge.ts";

const statements = new Statements(postgresSpelling);
const merger = () => new Merger((table) => (table === "unknown" ? undefined : "bigint"));
const bound = (text: string, values: readonly Bound[], rows = -1): BoundStatement => ({
  statement: statements.ofText(text),
  values,
  rows,
});
const merge = (...group: WriteSet[]) =>
  merger()
    .merge(group)
    .map(({ text, values, rows }) => ({ text, values, rows }));

const INSERT = "INSERT INTO a (x, y) VALUES ($1, $2)";
const MANY = "INSERT INTO a (x, y) SELECT r.c1, r.c2 FROM unnest($1::bigint[], $2::bigint[]) AS r(c1, c2)";

test("equal inserts of several use cases become one statement", () => {
  expect(merge([bound(INSERT, [1, 2])], [bound(INSERT, [3, 4]), bound(INSERT, [5, null])])).toEqual([
    {
      text: expect.stringContaining(MANY),
      values: [
        [1, 3, 5],
        [2, 4, null],
      ],
      rows: -1,
    },
  ]);
});

test("a single insert stays as it is", () => {
  expect(merge([bound(INSERT, [1, 2])])).toEqual([{ text: INSERT, values: [1, 2], rows: -1 }]);
});

test("an insert does not move past a statement that mentions its table", () => {
  const other = bound("DELETE FROM b WHERE x IN (SELECT x FROM a)", []);
  expect(merge([bound(INSERT, [1, 2]), other], [bound(INSERT, [3, 4])]).map(({ text }) => text)).toEqual([
    INSERT,
    other.statement.text,
    INSERT,
  ]);
  const apart = bound("DELETE FROM b", []);
  expect(merge([bound(INSERT, [1, 2]), apart], [bound(INSERT, [3, 4])])).toHaveLength(2);
});

test("another insert into the same table keeps its place", () => {
  const other = "INSERT INTO a (x, y) VALUES ($1, $2) ON CONFLICT DO NOTHING";
  const texts = merge([bound(INSERT, [1, 2]), bound(other, [1, 3])], [bound(INSERT, [3, 4])]).map(({ text }) => text);
  expect(texts).toEqual([INSERT, other, INSERT]);
});

test("guards count together the rows that each must insert", () => {
  const insert = `${INSERT} ON CONFLICT (x) DO NOTHING`;
  const [merged, ...rest] = merge([bound(insert, [1, 2], 1)], [bound(insert, [3, 4], 1)]);
  expect(merged).toMatchObject({ rows: 2 });
  expect(rest).toEqual([]);
  expect(merge([bound(insert, [1, 2], 1)], [bound(insert, [3, 4])])).toHaveLength(2);
  expect(merge([bound(insert, [1, 2], 0)], [bound(insert, [3, 4], 0)])).toMatchObject([{ rows: 0 }, { rows: 0 }]);
});

test("an upsert meets each key once only", () => {
  const upsert = `${INSERT} ON CONFLICT (x) DO UPDATE SET y = excluded.y`;
  expect(merge([bound(upsert, [1, 2])], [bound(upsert, [2, 2])], [bound(upsert, [1, 3])])).toMatchObject([
    {
      values: [
        [1, 2],
        [2, 2],
      ],
    },
    { values: [1, 3] },
  ]);
});

test("constants stand in every row", () => {
  const insert = "INSERT INTO a (x, y, z) VALUES ($1, 0, $2)";
  expect(merge([bound(insert, [1, 2]), bound(insert, [3, 4])])[0]?.text).toContain(
    "SELECT r.c1, 0, r.c2 FROM unnest($1::bigint[], $2::bigint[])",
  );
});

test.each([
  ["reads", "INSERT INTO a (x, y) VALUES ($1, (SELECT MAX(y) FROM a))"],
  ["computes", "INSERT INTO a (x, y) VALUES ($1, $2 + 1)"],
  ["uses a value twice", "INSERT INTO a (x, y) VALUES ($1, $1)"],
  ["uses a value in its conflict", `${INSERT} ON CONFLICT (x) DO UPDATE SET y = $3`],
  ["names a table that is not known", "INSERT INTO unknown (x, y) VALUES ($1, $2)"],
  ["answers", `${INSERT} RETURNING x`],
])("an insert that %s is sent alone", (_, text) => {
  expect(merge([bound(text, [1, 2, 3]), bound(text, [4, 5, 6])]).map((sent) => sent.text)).toEqual([text, text]);
});
