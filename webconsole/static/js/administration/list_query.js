// What a list is asked for, kept in the page's address: it can be sent, and going back finds it again.

export const PER_PAGE = [50, 100, 200];

/** {search, sort, page, perPage, filters}. */
export function readQuery(filters) {
  const given = new URLSearchParams(location.search);
  const page = Number(given.get("page"));
  const perPage = Number(given.get("per_page"));
  return {
    search: given.get("search") ?? "",
    sort: given.get("sort") ?? "",
    page: Number.isInteger(page) && page > 0 ? page : 1,
    perPage: PER_PAGE.includes(perPage) ? perPage : PER_PAGE[0],
    filters: Object.fromEntries(filters.map(({ name }) => [name, given.get(name) ?? ""]).filter(([, value]) => value)),
  };
}

/** As the API takes it; `pages: false` for tables, which have none. */
export function asParameters({ search, sort, page, perPage, filters }, { pages = true } = {}) {
  const given = { search, sort, ...filters, ...(pages ? { page, per_page: perPage } : {}) };
  return new URLSearchParams(Object.entries(given).filter(([, value]) => value !== "" && value !== null));
}

export function keepQuery(query) {
  const given = asParameters(query);
  if (query.page === 1) given.delete("page");
  if (query.perPage === PER_PAGE[0]) given.delete("per_page");
  history.replaceState(history.state, "", `${location.pathname}${given.size ? `?${given}` : ""}${location.hash}`);
}

export const isNarrowed = ({ search, filters }) => Boolean(search) || Object.keys(filters).length > 0;
