"""Positions as people type, paste and read them out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.crs.datum import Datum
from geodata.crs.datum import from_wgs84
from geodata.crs.typed_coordinates import read_coordinates
from tests.shared_vectors import vectors

lons = st.floats(-180, 180).map(lambda degrees: round(degrees, 6))
lats = st.floats(-90, 90).map(lambda degrees: round(degrees, 6))
# What a Chinese keyboard types in its wide mode.
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
MONACO = (7.4246, 43.7384)
BEIJING = (116 + 23 / 60 + 29.2 / 3600, 39 + 54 / 60 + 26.4 / 3600)


def the_one(text: str) -> tuple[float, float]:
    """Return the only position that a text means."""
    (typed,) = read_coordinates(text)
    return typed.lonlat


@pytest.mark.parametrize(
    "text",
    [
        "N43.7384 E7.4246",
        "43.7384N, 7.4246E",
        "7.4246 E 43.7384 N",
        "E 7.4246, N 43.7384",
        "lat: 43.7384, lon: 7.4246",
        "lon=7.4246 lat=43.7384",
        "latitude 43.7384 longitude 7.4246",
        "经度7.4246，纬度43.7384",
        "北纬43.7384°，东经7.4246°",
        "位置：北纬43.7384度 东经7.4246度",
        "43°44.304'N 7°25.476'E",
        "43° 44' 18.24\" N, 7° 25' 28.56\" E",
        "43°44\N{PRIME}18.24\N{DOUBLE PRIME}N 7°25\N{PRIME}28.56\N{DOUBLE PRIME}E",
        "北纬43度44分18.24秒，东经7度25分28.56秒",
        "43 44 18.24 N 7 25 28.56 E",
        "43.7384N，7.4246E".translate(FULL_WIDTH),
        "gps 43.7384N 7.4246E",
    ],
)
def test_a_position_that_names_its_axes_is_read_in_any_form(text: str) -> None:
    """Letters before or behind, signs of any keyboard, words of both languages."""
    assert the_one(text) == pytest.approx(MONACO, abs=1e-7)


@pytest.mark.parametrize(
    "text",
    [
        "43.7384, 7.4246",
        "43.7384 7.4246",
        "43.7384，7.4246",
        "43.7384、7.4246",
        "(43.7384; 7.4246)",
        "[43.7384,7.4246]",
        "43.7384/7.4246",
        "43,7384 7,4246",
        "43,7384; 7,4246",
        "43.7384°, 7.4246°",
    ],
)
def test_two_bare_numbers_mean_both_orders_latitude_first(text: str) -> None:
    """Which one lies on the map is for whoever has a map to say."""
    first, second = read_coordinates(text)

    assert first.lonlat == pytest.approx(MONACO)
    assert second.lonlat == pytest.approx(MONACO[::-1])


def test_an_order_that_cannot_be_is_not_offered() -> None:
    """No latitude is beyond 90 degrees."""
    for text in ("121.4737, 31.2304", "31.2304, 121.4737"):
        assert the_one(text) == (121.4737, 31.2304)


def test_south_and_west_are_negative() -> None:
    """With letters, with words, with signs."""
    expected = pytest.approx((-43.1729, -22.9068))
    for text in ("22.9068S 43.1729W", "南纬22.9068 西经43.1729", "S22.9068, W43.1729"):
        assert the_one(text) == expected
    assert read_coordinates("-22.9068, -43.1729")[0].lonlat == expected
    assert read_coordinates("\u221222.9068, \u221243.1729")[0].lonlat == expected


@pytest.mark.parametrize(
    ("words", "datum"),
    [
        ("gcj", Datum.GCJ02),
        ("GCJ-02", Datum.GCJ02),
        ("gcj02:", Datum.GCJ02),
        ("高德", Datum.GCJ02),
        ("高德地图", Datum.GCJ02),
        ("火星坐标", Datum.GCJ02),
        ("bd", Datum.BD09),
        ("BD-09", Datum.BD09),
        ("百度", Datum.BD09),
        ("百度坐标：", Datum.BD09),
        ("wgs84", Datum.WGS84),
        ("GPS坐标：", Datum.WGS84),
    ],
)
def test_a_named_datum_is_shifted_back(words: str, datum: Datum) -> None:
    """The word may stand before or behind."""
    lon, lat = (float(each) for each in from_wgs84(*BEIJING, datum))

    for text in (f"{words} {lon}, {lat}", f"{lat},{lon} {words.rstrip('：:')}"):
        (typed,) = read_coordinates(text)
        assert typed.datum == datum
        assert typed.lonlat == pytest.approx(BEIJING, abs=1e-7)


@pytest.mark.parametrize(
    "text",
    [
        "", "418", "#418", "12.5", "12 rue grimaldi", "rue grimaldi 12", "8 mai 1945", "43, 7",
        "12 e 14", "人民路12号", "A / B", "95.5, 200.2", "43.7384N, 7.4246N", "7.1E 7.2E", "N E",
        "43.7384", "1.5 2.5 3.5", "43°61'00\"N 7°00'00\"E", "x" * 500, "1/2", "e7 n4 x3", "百度",
        "nan, nan", "inf inf", "1e5, 2e5", "N43.7384E", "bd 1", "....", "°, °",
    ],
)  # fmt: skip
def test_anything_else_is_no_position(text: str) -> None:
    """A street with a number must not fly to the Gulf of Guinea."""
    assert read_coordinates(text) == []


@given(lon=lons, lat=lats)
def test_what_is_written_with_letters_is_read_back(lon: float, lat: float) -> None:
    """Decimal degrees, to the last digit."""
    north, east = "NS"[lat < 0], "EW"[lon < 0]

    text = f"{abs(lat):.6f}°{north}, {abs(lon):.6f}°{east}"

    assert the_one(text) == pytest.approx((lon, lat), abs=1e-9)


@given(lon=lons, lat=lats)
def test_degrees_minutes_and_seconds_are_read_back(lon: float, lat: float) -> None:
    """To a hundredth of a second, 30 cm."""
    text = f"{_sexagesimal(lat, 'NS')} {_sexagesimal(lon, 'EW')}"

    assert the_one(text) == pytest.approx((lon, lat), abs=0.02 / 3600)


@given(lon=lons, lat=lats)
def test_bare_numbers_are_among_what_they_may_mean(lon: float, lat: float) -> None:
    """In either order; whoever pastes lon, lat is not lost."""
    for text in (f"{lat:.6f}, {lon:.6f}", f"{lon:.6f} {lat:.6f}"):
        found = [each.lonlat for each in read_coordinates(text)]
        assert any(each == pytest.approx((lon, lat), abs=1e-6) for each in found)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_all_it_returns_is_on_the_globe(text: str) -> None:
    """Whatever falls on a keyboard."""
    for typed in read_coordinates(text):
        assert abs(typed.lonlat[0]) < 181
        assert abs(typed.lonlat[1]) < 91


def test_what_the_console_shows_can_be_pasted_back() -> None:
    """Decimal to a decimetre, sexagesimal to three metres; in China also as its maps have it."""
    places = vectors("written_positions")

    assert [len(each["written"]) for each in places] == [2, 4, 2, 2, 2]
    for place in places:
        for each in place["written"]:
            name = "" if each["name"] == "WGS 84" else each["name"]
            back = [typed.lonlat for typed in read_coordinates(f"{each['text']} {name}".strip())]
            near = 5e-5 if "'" in each["text"] else 2e-6
            assert any(typed == pytest.approx(tuple(place["at"]), abs=near) for typed in back), each


def _sexagesimal(degrees: float, letters: str) -> str:
    hundredths = round(abs(degrees) * 360_000)
    minutes, rest = divmod(hundredths, 6_000)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}°{minutes:02d}'{rest / 100:05.2f}\"{letters[degrees < 0]}"
