"""Whose rows a table holds: the policies that keep one unit's rows from another's people.

Every table that a migration makes calls one of these; a test refuses one that calls none. What the
policies go by is set for each transaction (`dispatch.core.scope`). Each setting is read in a
sub-select, once for a statement instead of once for a row, and ``nullif`` takes what is left
of a setting after the first transaction of a connection, an empty text, for nothing.
"""

from alembic import op

EVERYTHING = "(SELECT current_setting('nearcrew.all', true) = '1')"


def _any_of(setting: str, kind: str = "bigint") -> str:
    return (
        f"ANY ((SELECT coalesce(nullif(current_setting('nearcrew.{setting}', true), ''), '{{}}')"
        f"::{kind}[])::{kind}[])"
    )


def _one(setting: str) -> str:
    return f"(SELECT nullif(current_setting('nearcrew.{setting}', true), '')::bigint)"


UNITS = _any_of("units")
ABOVE = _any_of("above")
CREWS = _any_of("crews")
CREW = _one("crew")
ACTOR = _one("actor_id")


def protect(table: str, seen: str, written: str | None = None) -> None:
    """Show rows for which a condition holds, and let them be written where another does."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    if written is None:
        rule = f"{EVERYTHING} OR {seen}"
        op.execute(f"CREATE POLICY unit ON {table} USING ({rule}) WITH CHECK ({rule})")
        return
    rule = f"{EVERYTHING} OR {written}"
    op.execute(f"CREATE POLICY seen ON {table} FOR SELECT USING ({EVERYTHING} OR {seen})")
    op.execute(f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY changed ON {table} FOR UPDATE USING ({rule}) WITH CHECK ({rule})")
    op.execute(f"CREATE POLICY removed ON {table} FOR DELETE USING ({rule})")


def by_unit(table: str) -> None:
    """Show rows of the units that are seen, by their column ``unit_id``."""
    protect(table, f"unit_id = {UNITS}")


def by_unit_or_above(table: str) -> None:
    """Show rows of the units that are seen and of those above them; write the former only."""
    protect(table, f"(unit_id = {UNITS} OR unit_id = {ABOVE})", f"unit_id = {UNITS}")


def through(table: str, **parents: str) -> None:
    """Show rows whose parent is seen, whose own policy says that: ``crew_id="crew"``.

    With several, rows of which any parent is seen. A row that refers to none is nobody's and is
    seen by everybody.
    """
    ways = [
        f"EXISTS (SELECT FROM {parent} AS parent WHERE parent.id = {table}.{column})"
        for column, parent in parents.items()
    ]
    nobodys = " AND ".join(f"{table}.{column} IS NULL" for column in parents)
    protect(table, f"({' OR '.join([*ways, f'({nobodys})'])})")


def shared(table: str, why: str) -> None:
    """Let everybody see a table, and say why: it has no row of any person or unit."""
    op.execute(f"COMMENT ON TABLE {table} IS 'Shared: {why}'")


def belongs_to_unit(table: str) -> None:
    """Give a table ``unit_id`` and ``company_id``, the former from who asks unless it is said."""
    op.execute(f"""
        ALTER TABLE {table} ADD COLUMN unit_id bigint NOT NULL DEFAULT home_unit()
            CONSTRAINT fk_{table}_unit_id_organisation_unit REFERENCES organisation_unit (id),
            ADD COLUMN company_id bigint;
        UPDATE {table} SET company_id = company_of(unit_id);
        ALTER TABLE {table} ALTER COLUMN company_id SET NOT NULL;
        CREATE TRIGGER a_company BEFORE INSERT OR UPDATE OF unit_id ON {table}
            FOR EACH ROW EXECUTE FUNCTION set_company();
    """)  # noqa: S608  (names of our own tables)
