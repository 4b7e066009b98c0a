/** One measured figure; the target is what it must hold, as text of the form `<= 10`. */
export type Row = { readonly name: string; readonly value: number; readonly unit: string; readonly target?: string };

const holds = ({ value, target }: Row): string => {
  if (target === undefined) return "";
  const [relation, bound] = target.split(" ");
  return (relation === "<=" ? value <= Number(bound) : value >= Number(bound)) ? "met" : "MISSED";
};

/** The table as Markdown. */
export function printTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${row.name} | ${row.value} ${row.unit} | ${row.target ?? ""} | ${holds(row)} |`);
  return ["| what | measured | target | |", "|---|--:|--:|---|", ...lines].join("\n");
}
