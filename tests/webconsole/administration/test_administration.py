"""Administration over HTTP: pages, lists, imports, exports, uploads, devices."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.crews.types import AddCrew
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told
from webconsole.administration.registry import GROUPS

pytestmark = pytest.mark.postgis
API = "/api/v1"


@pytest.fixture
def office(program: Callable[[Actor], Program], people: People) -> Program:
    """Return an administrator's program."""
    return program(people.sign_up("ada", Role.ADMINISTRATOR))


def _sent(program: Program, path: str, content: bytes, **fields: str) -> Any:  # noqa: ANN401
    data = {"file": (io.BytesIO(content), "sent"), **fields}
    return program.post(path, data=data, content_type="multipart/form-data")


def test_every_subject_has_a_page_for_who_administers_it_and_for_nobody_else(
    browser: Callable[[str], FlaskClient], people: People
) -> None:
    """The list at the side names what somebody may see; the first of it is where they begin."""
    people.sign_up("ada", Role.ADMINISTRATOR)
    people.sign_up("dora", Role.DISPATCHER)
    names = [each.name for group in GROUPS for each in group.subjects if each.script]
    office, desk = browser("ada"), browser("dora")

    pages = {name: office.get(f"/administration/{name}") for name in names}

    assert {page.status_code for page in pages.values()} == {200}
    assert all(f'href="/administration/{name}"' in pages["gateways"].text for name in names)
    assert office.get("/administration/nothing").status_code == 404
    assert office.get("/administration").headers["Location"] == f"/administration/{names[0]}"
    assert {desk.get(f"/administration/{name}").status_code for name in ("kinds", "layers")} == {
        403
    }
    assert 'href="/administration"' in office.get("/").text


def test_stations_come_from_a_file_and_go_out_as_one(office: Program) -> None:
    """The wrong line is named in the reader's language, by line and column; nothing is done."""
    table = "名称,经度,纬度\n东站,7.42,43.73\n西站,x,43.7\n=1,7.4,43.7\n".encode("gb18030")
    chinese = {"Accept-Language": "zh"}

    tried = office.post(
        f"{API}/imports/stations",
        data={"file": (io.BytesIO(table), "s.csv"), "mode": "all"},
        content_type="multipart/form-data",
        headers=chinese,
    )
    kept = _sent(office, f"{API}/imports/stations", table, mode="others", wrong="1")
    listed = office.get(f"{API}/stations?search=站&sort=-name&per_page=1")
    taken = office.get(f"{API}/tables/stations.csv?search=1")

    (wrong,) = told(tried)["errors"]
    assert (wrong["line"], wrong["column"], wrong["value"]) == (3, "lon", "x")
    assert wrong["message"] == "应为有限的数字"
    assert (told(tried)["applied"], told(kept)["applied"], told(kept)["new"]) == (False, True, 2)
    assert [each["name"] for each in told(listed)["stations"]] == ["东站"]
    assert told(listed)["total"] == 1
    rows = list(csv.reader(io.StringIO(taken.data.decode("utf-8-sig"))))
    assert rows == [["name", "lon", "lat"], ["'=1", "7.4", "43.7"]]
    assert refused_fields(_sent(office, f"{API}/imports/nothing", table)).keys() == {"subject"}
    assert office.get(f"{API}/tables/nothing.csv").status_code == 404


def test_stations_are_removed_all_or_none(office: Program, services: Services) -> None:
    """Of two, one is a crew's: the answer says which row and why, and both stay."""
    first, second = (
        told(office.post(f"{API}/stations", {"name": name, "lon": 7.42, "lat": 43.73}))["id"]
        for name in ("East", "West")
    )
    services.crews.add(SYSTEM, AddCrew(name="Gas 1", station="East"))

    refused = office.post(f"{API}/stations/remove", {"ids": [first, second]})
    removed = office.post(f"{API}/stations/remove", {"ids": [second]})

    assert (refused.status_code, told(refused)["code"]) == (409, "bulk_refused")
    assert told(refused)["rows"] == [
        {"id": first, "detail": "East is the station of crews: Gas 1."}
    ]
    assert told(removed) == {"changed": 1}
    assert told(office.get(f"{API}/stations"))["total"] == 1


def test_a_new_kind_begins_with_what_another_has(office: Program, desk: Program) -> None:
    """An order of it can end at once; what is changed is told, what is not stays."""
    wanted = {
        "code": "test_kind",
        "like": "gas_leak",
        "utility": "gas",
        "name_en": "Test",
        "name_zh": "试验",
        "default_priority": 3,
        "work_s": 600,
    }

    added = office.post(f"{API}/kinds", wanted)
    again = office.post(f"{API}/kinds", wanted)
    changed = office.patch(f"{API}/kinds/test_kind", {"work_s": 1_200})

    assert added.status_code == 201
    assert refused_fields(again) == {"code": "is the code of another kind"}
    assert (told(changed)["work_s"], told(changed)["name_zh"]) == (1_200, "试验")
    for path in ("outcomes?kind={}", "plans/{}"):
        like, new = (
            told(office.get(f"{API}/{path.format(code)}")) for code in ("gas_leak", "test_kind")
        )
        assert new | {"kind": ""} == like | {"kind": ""}
    assert desk.post(f"{API}/kinds", wanted).status_code == 403


def test_a_phone_that_was_lost_is_signed_out(
    office: Program, services: Services, people: People, program: Callable[[Actor], Program]
) -> None:
    """Its token is listed without what it could be used with; then its next request is refused."""
    crew_id = services.crews.add(SYSTEM, AddCrew(name="Gas 1"))
    phone = program(people.sign_up("gas1", Role.CREW, crew_id=crew_id))

    (device,) = told(office.get(f"{API}/devices?search=gas1&kind=token"))["devices"]
    before = phone.get(f"{API}/ground").status_code
    revoked = office.post(f"{API}/devices/revoke", {"ids": [device["id"]]})

    assert (device["account"], device["crew_name"]) == ("gas1", "Gas 1")
    assert told(revoked) == {"revoked": 1}
    assert (before, phone.get(f"{API}/ground").status_code) == (200, 401)
    assert told(office.post(f"{API}/devices/revoke", {"ids": [device["id"]]})) == {"revoked": 0}


def _geojson(*features: dict[str, Any] | None, crs: str | None = None) -> bytes:
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code": f"V-{at}"}, "geometry": each}
            for at, each in enumerate(features, 1)
        ],
    }
    if crs:
        collection["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(collection).encode()


def _packed(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("_dot_", "."), content)
    return written.getvalue()


def _claiming(packed: bytes, unpacked_bytes: int) -> bytes:
    """Return an archive of one file whose directory says that it unpacks to so much."""
    size_at = packed.index(b"PK\x01\x02") + 24
    return packed[:size_at] + unpacked_bytes.to_bytes(4, "little") + packed[size_at + 4 :]


POINT = {"type": "Point", "coordinates": [7.42, 43.73]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[7, 43], [8, 44], [8, 43], [7, 44], [7, 43]]]}
VALVES = {"name": "Valves", "kind": "valves"}


def test_a_layer_is_uploaded_with_the_report_of_its_import(office: Program) -> None:
    """What was left out or mended is named by its place; the same name once more replaces it."""
    file = _geojson(POINT, None, BOW_TIE)

    named = {**VALVES, "label_field": "code", "file_name": "v.geojson"}
    first = _sent(office, f"{API}/layers", file, **named)
    second = _sent(office, f"{API}/layers", _packed(v_dot_geojson=_geojson(POINT)), **VALVES)
    layer_id = told(second)["layer"]["id"]
    changed = office.patch(f"{API}/layers/{layer_id}", {"colour": "#0072B2", "utility": "gas"})

    assert first.status_code == 201
    report = told(first)["report"]
    assert (report["features"], report["empty"], report["mended"]) == (2, 1, 1)
    assert report["faults"] == [
        {"feature": 2, "fault": "empty"},
        {"feature": 3, "fault": "mended"},
    ]
    assert (told(second)["replaced"], told(second)["layer"]["features"]) == (True, 1)
    assert (told(changed)["colour"], told(changed)["utility"]) == ("#0072b2", "gas")
    assert office.delete(f"{API}/layers/{layer_id}").status_code == 200
    assert told(office.get(f"{API}/layers"))["layers"] == []


def test_files_that_can_be_no_layer_are_refused_at_their_field(
    office: Program, desk: Program
) -> None:
    """A zip bomb, a file that names others, coordinates that cannot be; nothing is stored."""
    far = {"type": "Point", "coordinates": [400_000.0, 4_800_000.0]}
    vrt = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    bomb = _claiming(_packed(v_dot_geojson=b" "), 401_000_000)

    def why(content: bytes, **fields: str) -> dict[str, str]:
        return refused_fields(_sent(office, f"{API}/layers", content, **VALVES, **fields))

    assert why(bomb) == {"file": "unpacks to more than 400 MB"}
    assert why(vrt).keys() == {"file"}
    assert why(_packed(v_dot_geojson=vrt)).keys() == {"file"}
    assert why(_packed(a_dot_geojson=b"{}", b_dot_geojson=b"{}")) == {
        "file": "holds several files: a.geojson, b.geojson"
    }
    assert why(b"\x00\x00\x27\x0a" + bytes(100)).keys() == {"file"}
    assert why(b"{ nonsense").keys() == {"file"}
    assert why(_geojson(far)).keys() == {"crs"}
    assert why(_geojson(POINT), crs="EPSG:nonsense").keys() == {"crs"}
    assert told(office.get(f"{API}/layers"))["layers"] == []
    assert _sent(desk, f"{API}/layers", _geojson(POINT), **VALVES).status_code == 403


def test_zones_come_from_a_file(office: Program) -> None:
    """Named by an attribute; the list is searched and paged like all others."""
    square = {
        "type": "Polygon",
        "coordinates": [[[7.0, 43.0], [7.01, 43.0], [7.01, 43.01], [7.0, 43.01], [7.0, 43.0]]],
    }

    named = {"kind": "district", "name_field": "x"}
    refused = _sent(office, f"{API}/zones/import", _geojson(square), **named)

    assert refused_fields(refused) == {
        "name_field": "is no attribute of it; there are: code",
    }
