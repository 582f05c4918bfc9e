"""A package index in a folder, with small made-up wheels."""

import base64
import hashlib
import zipfile
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path


@dataclass
class MadeUpIndex:
    """A simple index below ``folder``; ``url`` is what pip is pointed at."""

    folder: Path
    wheels: dict[str, Path] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The index's address."""
        return (self.folder / "simple").as_uri()

    def add(self, name: str, version: str, *, requires: tuple[str, ...] = ()) -> None:
        """Publish a release; ``requires`` are requirements as in ``Requires-Dist``."""
        extras = [part.split("'")[1] for part in requires if "extra ==" in part]
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Provides-Extra: {extra}" for extra in extras]
        lines += [f"Requires-Dist: {part}" for part in requires]
        path = self.folder / "simple" / name / f"{name}-{version}-py3-none-any.whl"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_wheel(path, name, version, "\n".join(lines) + "\n")
        self.wheels[f"{name}=={version}"] = path
        links = [f'<a href="{each.name}">{each.name}</a>' for each in path.parent.glob("*.whl")]
        (path.parent / "index.html").write_text("".join(links), encoding="utf-8")

    def lock(self, path: Path, *pins: str) -> Path:
        """Write a lock file; a pin is ``name==1.0`` or ``name[extra]==1.0``."""
        lines = []
        for pin in pins:
            wheel = self.wheels[pin.split("[")[0] + pin[pin.index("==") :] if "[" in pin else pin]
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{pin} \\\n    --hash=sha256:{digest}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


def _write_wheel(path: Path, name: str, version: str, metadata: str) -> None:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = [f"{file},{_digest(content)},{len(content)}" for file, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for file, content in files.items():
            wheel.writestr(file, content)


def _digest(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
