"""The folder of a large study: what every process reads, and the shards that they write."""

import hashlib
import json
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from routing.reach.packed_search import PackedSearch
from scripts.studies.inputs.points import FloatArray

_MANIFEST = "study.json"
_SEARCH = "search"
_SHARDS = "shards"
_WEIGHTS = "weights.npy"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """Searches, weights and finished shards of one study.

    Attributes
    ----------
    path
        The folder.
    digest
        SHA-256 of everything that the shards follow from.
    """

    path: Path
    digest: str

    @classmethod
    def prepare(
        cls, path: Path, search: PackedSearch, weights: FloatArray, facts: dict[str, object]
    ) -> Self:
        """Write what the processes need; shards of the same study that are there already are kept.

        Parameters
        ----------
        path
            Made if missing.
        search, weights
            From every site, and the demand of each target.
        facts
            What else the shards depend on.
        """
        search.save(path / _SEARCH)
        np.save(path / _WEIGHTS, weights, allow_pickle=False)
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
        for file in (*sorted((path / _SEARCH).iterdir()), path / _WEIGHTS):
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
        made = cls(path, digest.hexdigest())
        if made._written() != made.digest:
            shutil.rmtree(path / _SHARDS, ignore_errors=True)
            (path / _MANIFEST).write_text(json.dumps({"digest": made.digest}), encoding="utf-8")
        (path / _SHARDS).mkdir(exist_ok=True)
        return made

    def is_reachable(self) -> bool:
        """Return whether this process sees the folder, and this study in it."""
        return self._written() == self.digest

    def search(self) -> PackedSearch:
        """Return the searches, mapped."""
        return PackedSearch.load(self.path / _SEARCH)

    def weights(self) -> FloatArray:
        """Return the demand of each target, mapped."""
        return np.asarray(np.load(self.path / _WEIGHTS, mmap_mode="r"))

    def finished(self) -> set[int]:
        """Return the numbers of the shards that are there."""
        return {int(file.stem.partition("-")[2]) for file in self._shards.glob("part-*.parquet")}

    def write(self, number: int, table: pa.Table) -> None:
        """Write one shard; whoever reads sees all of it or nothing."""
        beside = self._shards / f".part-{number:06}.{_own_name()}"
        parquet.write_table(table, beside)
        beside.replace(self._shard(number))

    def read(self, number: int) -> pa.Table:
        """Return one shard."""
        return parquet.read_table(self._shard(number))

    @property
    def _shards(self) -> Path:
        return self.path / _SHARDS

    def _shard(self, number: int) -> Path:
        return self._shards / f"part-{number:06}.parquet"

    def _written(self) -> str | None:
        try:
            return str(json.loads((self.path / _MANIFEST).read_text("utf-8"))["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _own_name() -> str:
    """Return a name that no other process writes under, on no machine."""
    return f"{socket.gethostname()}-{os.getpid()}"
