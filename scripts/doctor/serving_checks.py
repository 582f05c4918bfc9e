"""Whether what `nearcrew serve` and `nearcrew demo` keep running does run."""

from collections.abc import Iterator
from pathlib import Path

from scripts.doctor.findings import Finding
from scripts.doctor.findings import bad
from scripts.doctor.findings import good
from scripts.doctor.findings import odd
from scripts.serving.serving_record import FoundRecord
from scripts.serving.serving_record import read_records


def examine(var_dir: Path) -> Iterator[Finding]:
    """Yield the findings about each supervisor of a state folder; nothing if there is none."""
    for record in read_records(var_dir):
        if record.is_alive:
            yield from _living(record)
        else:
            sentence = f"`nearcrew serve` (process {record.pid}) was killed."
            yield odd(sentence, "Start it again; it takes over what was left.")


def _living(record: FoundRecord) -> Iterator[Finding]:
    troubled = {name: child for name, child in record.children.items() if child.is_troubled}
    for name, child in troubled.items():
        sentence = (
            f"The {name} has ended {child.quick_ends} times in a row soon after its start"
            f" ({child.last_end}); process {record.pid} goes on trying."
        )
        yield bad(sentence, "The log of `nearcrew serve` tells why.")
    if not troubled:
        kept = ", ".join(record.children)
        yield good(f"`nearcrew serve` (process {record.pid}) keeps running: {kept}.")
