// A short list that is there as a whole (kinds, reasons, calendars): searched, ordered and paged in the
// page as the server does with the long ones. Every word has to be found; rows without a value come last.

const wordsOf = (row, { columns, rowName }) => {
  const cells = columns.map(({ name, cell, value }) => {
    const content = value?.(row) ?? cell?.(row) ?? row[name];
    return content instanceof Node ? content.textContent : String(content ?? "");
  });
  return [rowName(row), ...cells].join(" ").toLowerCase();
};

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

function inOrder(rows, sort, columns) {
  const down = sort.startsWith("-") ? -1 : 1;
  const column = columns.find(({ name }) => name === sort.replace(/^-/, ""));
  if (!column) return rows;
  const valueOf = (row) => (column.value ? column.value(row) : row[column.name]) ?? null;
  const known = rows.filter((row) => valueOf(row) !== null).sort((a, b) => down * compare(valueOf(a), valueOf(b)));
  return [...known, ...rows.filter((row) => valueOf(row) === null)];
}

/** {rows, total} of one page. A filter may say itself what it keeps: `keep(row, value)`. */
export function pageOf(all, { search, sort, page, perPage, filters }, spec) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const keeps = spec.filters.filter(({ name }) => filters[name]);
  const found = all.filter((row) => {
    const told = wordsOf(row, spec);
    return words.every((word) => told.includes(word)) && keeps.every(({ name, keep }) => (keep ? keep(row, filters[name]) : String(row[name]) === filters[name]));
  });
  const first = (page - 1) * perPage;
  return { rows: inOrder(found, sort, spec.columns).slice(first, first + perPage), total: found.length };
}
