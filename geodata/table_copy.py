"""Fill the tables of a ground with COPY."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from geodata.progress import Progress

ROWS_PER_STEP = 10_000

Row = tuple[object, ...]


@dataclass(slots=True)
class GroundCopy:
    """Fills tables of one ground with COPY inside the caller's transaction."""

    connection: Connection
    ground_id: int
    progress: Progress
    rows: Counter[str] = field(default_factory=Counter)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row], stage: str) -> None:
        """Copy rows into a table and count them in ``rows``.

        Parameters
        ----------
        columns
            Names of the values of each row, without ``ground_id``.
        rows
            Read one by one, never held together.
        stage
            Stage for the progress.
        """
        driver = self.connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            message = "COPY needs the psycopg driver: postgresql+psycopg://"
            raise TypeError(message)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, ("ground_id", *columns)))
        )
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row((self.ground_id, *row))
                self.rows[table] += 1
                if self.rows[table] % ROWS_PER_STEP == 0:
                    self.progress(stage, self.rows[table], None)
