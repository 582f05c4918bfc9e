"""`nearcrew layer …` and `nearcrew zone import`: the utility's layers and response areas."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated
from typing import Any

import typer

from dispatch.access.permissions import SYSTEM
from dispatch.core.errors import InvalidInput
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.ground.service import GroundService
from dispatch.layers.service import LayerService
from dispatch.layers.types import ImportLayer
from dispatch.layers.types import RenameLayer
from dispatch.layers.types import SetLayerUtility
from dispatch.zones.service import ZoneService
from dispatch.zones.zone_files import zones_of
from geodata.crs.datum import Datum
from geodata.db import make_engine
from geodata.layers.errors import LayerFileError
from geodata.layers.features import LayerFile
from scripts.commands.db_commands import bring_up_to_date
from scripts.environment import look_around
from scripts.errors import UsageError

layer_app = typer.Typer(
    no_args_is_help=True, help="The utility's own layers: mains, valves, stations, districts."
)
zone_app = typer.Typer(no_args_is_help=True, help="Zones: districts and response areas.")

File = Annotated[Path, typer.Argument(help="GeoPackage, GeoJSON, Shapefile, or one in a .zip.")]
LayerInFile = Annotated[
    str | None, typer.Option("--layer-in-file", help="Which layer of the file, if it has several.")
]
Crs = Annotated[
    str | None, typer.Option("--crs", help="What the coordinates are in, if the file is silent.")
]
DatumOption = Annotated[
    Datum, typer.Option("--datum", help="gcj02 or bd09 for degrees off a Chinese web map.")
]
Encoding = Annotated[
    str | None, typer.Option(help="Of the texts of a Shapefile without .cpg, such as GBK.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the main one."""
    app.add_typer(layer_app, name="layer")
    app.add_typer(zone_app, name="zone")


@layer_app.command("import")
def import_layer(
    file: File,
    *,
    name: Annotated[str, typer.Option(help="What people call it; one of that name is replaced.")],
    name_zh: Annotated[
        str | None, typer.Option(help="What Chinese readers call it; as before if left out.")
    ] = None,
    kind: Annotated[
        str, typer.Option(help="mains, valves, stations, districts or other.")
    ] = "other",
    utility: Annotated[
        str | None, typer.Option(help="gas, heat, water, power or all; as before if left out.")
    ] = None,
    layer_in_file: LayerInFile = None,
    colour: Annotated[
        str | None, typer.Option(help="Such as #0072b2; as before, or its kind's, if left out.")
    ] = None,
    label_field: Annotated[
        str | None, typer.Option(help="The attribute that things are called by.")
    ] = None,
    crs: Crs = None,
    datum: DatumOption = Datum.WGS84,
    encoding: Encoding = None,
) -> None:
    """Import a file of the utility as a map layer; open consoles show it at once."""
    found = _read(file, layer=layer_in_file, crs=crs, datum=datum, encoding=encoding)
    fields = {
        "name": name,
        "name_zh": name_zh,
        "kind": kind,
        "colour": colour,
        "label_field": label_field,
        "utility": utility,
    }
    with _services() as (layers, _, ground), _plain_words():
        layer, replaced = layers.import_file(SYSTEM, ImportLayer.read(fields), found)
        off_map = _off_the_map(ground, found)
    verb = "took the place of the former one" if replaced else "is new"
    print(f"{layer['name']} {verb}: {layer['features']:,} {layer['shapes']} from {found.crs}.")
    _print_left_out(found)
    if off_map:
        print(off_map)


@layer_app.command("list")
def list_layers() -> None:
    """List the layers."""
    with _services() as (layers, _, _ground):
        listed = layers.list(SYSTEM)["layers"]
    if not listed:
        print("There are no layers yet: nearcrew layer import FILE --name NAME --kind valves")
    for each in listed:
        chinese = f" ({each['name_zh']})" if each["name_zh"] else ""
        print(
            f"{each['name']}{chinese}: {each['kind']}, {each['utility'] or 'all utilities'}, "
            f"{each['features']:,} {each['shapes']}, "
            f"from {each['source_file']}, {each['imported_at'][:16]}Z"
        )


@layer_app.command("remove")
def remove_layer(name: str) -> None:
    """Remove a layer; its file is not touched."""
    with _services() as (layers, _, _ground):
        gone = layers.remove(SYSTEM, name)
    print(f"{gone['name']} is removed.")


@layer_app.command("rename")
def rename_layer(
    name: str,
    new_name: str,
    name_zh: Annotated[str | None, typer.Option(help="What Chinese readers call it now.")] = None,
) -> None:
    """Rename a layer."""
    with _services() as (layers, _, _ground), _plain_words():
        new = RenameLayer.read({"name": new_name, "name_zh": name_zh})
        layer = layers.rename(SYSTEM, name, new)
    print(f"{name} is called {layer['name']} now.")


@layer_app.command("utility")
def set_utility(
    name: str,
    utility: Annotated[str, typer.Argument(help="gas, heat, water, power or all.")],
) -> None:
    """Say which utility a layer belongs to; an incident is shown its own utility's valves."""
    with _services() as (layers, _, _ground), _plain_words():
        new = SetLayerUtility.read({"utility": utility})
        layer = layers.set_utility(SYSTEM, name, new)
    print(f"{layer['name']}: {layer['utility'] or 'all utilities'}.")


@zone_app.command("import")
def import_zones(
    file: File,
    *,
    name_field: Annotated[str, typer.Option(help="The attribute with each zone's name.")],
    name_zh_field: Annotated[
        str | None, typer.Option(help="The attribute with its Chinese name.")
    ] = None,
    kind: Annotated[str, typer.Option(help="district or response_area.")] = "district",
    layer_in_file: LayerInFile = None,
    crs: Crs = None,
    datum: DatumOption = Datum.WGS84,
    encoding: Encoding = None,
) -> None:
    """Import zones; those of a known kind and name are replaced."""
    found = _read(file, layer=layer_in_file, crs=crs, datum=datum, encoding=encoding)
    with _services() as (_, zones, _ground), _plain_words():
        wanted = zones_of(found, kind, name_field, name_zh_field)
        counts = zones.take_in(SYSTEM, wanted)
    print(f"{counts['added']} zones are new, {counts['replaced']} were replaced.")
    _print_left_out(found)


def _read(file: Path, **how: Any) -> LayerFile:  # noqa: ANN401  (as read_layer_file)
    from geodata.layers.layer_files import read_layer_file  # noqa: PLC0415  (loads pandas: a second)

    with _plain_words():
        return read_layer_file(file, **how)


@contextmanager
def _services() -> Iterator[tuple[LayerService, ZoneService, GroundService]]:
    """Return services with the owner role, since the serving role may not write layers."""
    surroundings = look_around()
    bring_up_to_date(surroundings)
    engine = make_engine(surroundings.admin_url)
    work, ground = UnitOfWork(engine), GroundService(engine)
    try:
        yield LayerService(work, _now), ZoneService(work, ground, _now), ground
    finally:
        engine.dispose()


@contextmanager
def _plain_words() -> Iterator[None]:
    """Convert errors of a file or an option to usage errors: exit code 2."""
    try:
        yield
    except LayerFileError as refused:
        message = f"{refused}."
        raise UsageError(message, mend=refused.mend) from refused
    except InvalidInput as refused:
        raise UsageError(refused.message()) from refused


def _off_the_map(ground: GroundService, file: LayerFile) -> str:
    active = ground.active()
    if active is None:
        return ""
    west, south, east, north = file.bounds
    left, low, right, high = active.bounds
    if west <= right and east >= left and south <= high and north >= low:
        return ""
    return (
        f"None of it lies on the map in use ({active.name}): it reaches from "
        f"{west:.4f}, {south:.4f} to {east:.4f}, {north:.4f}. Is --crs or --datum missing?"
    )


def _print_left_out(file: LayerFile) -> None:
    if file.empty:
        print(f"Left out: {file.empty:,} without a shape")
    if file.off:
        print(f"Left out: {file.off:,} that lie nowhere in {file.crs}")
    if file.mended:
        print(f"Mended: {file.mended:,} outlines that crossed themselves")


def _now() -> datetime:
    return datetime.now(UTC)
