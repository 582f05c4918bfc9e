"""Names: what is folded, compared, cut up and counted when somebody types part of one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.names.address_parts import street_parts
from geodata.names.house_numbers import address_label
from geodata.names.house_numbers import house_key
from geodata.names.house_numbers import leading_number
from geodata.names.house_numbers import split_address
from geodata.names.name_index import IndexBuilder
from geodata.names.name_index import NameIndex
from geodata.names.name_index import far_cost
from geodata.names.name_matching import NameQuery
from geodata.names.name_matching import index_names
from geodata.names.name_matching import quality
from geodata.names.name_matching import sounds
from geodata.names.name_matching import spoken
from geodata.names.name_text import fold
from geodata.names.name_text import words
from geodata.names.pinyin import Readings
from geodata.names.pinyin import reading_table
from geodata.names.pinyin import syllables
from geodata.names.street_pairs import street_pairs

READINGS = Readings(reading_table())
MANY = st.lists(
    st.text(st.sampled_from("abcdeé 人民路中山12"), min_size=1, max_size=12),
    min_size=1,
    max_size=25,
)


def worth(asked: str, name: str) -> float:
    """Return how well a name answers what was typed."""
    heard = sounds(name, syllables)
    return max(
        (quality(NameQuery.read(asked, READINGS), each) for each in spoken([name], heard)),
        default=0.0,
    )


def index_of(names: list[str]) -> NameIndex:
    """Return an index of names, all at one place."""
    builder = IndexBuilder()
    for name in names:
        heard = sounds(name, syllables)
        builder.add((7.4, 43.7), street=False, names=index_names(name, heard))
    return builder.build()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hôpital", "HOPITAL"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("人民路\uff11\uff12号", "人民路12号"),
        ("Rue de l\u2019Église", "rue de l'eglise"),
        ("L'Œuvre", "l'oeuvre"),
    ],
)
def test_case_accents_and_wide_forms_make_no_difference(one: str, other: str) -> None:
    """Nobody looks for the key with the circumflex in an emergency."""
    assert words(one) == words(other)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is stored is compared with what is typed: both must be at rest."""
    assert words(fold(text)) == words(text)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("bd moulins", "Boulevard des Moulins"),
        ("boulevard moulins", "Bd. des Moulins"),
        ("av. st martin", "Avenue Saint-Martin"),
        ("grim", "Rue Grimaldi"),
        ("grimaldi rue", "Rue Grimaldi"),
        ("r grimladi", "Rue Grimaldi"),
        ("grimadli", "Rue Grimaldi"),
        ("cazino", "Casino"),
        ("montecarlo", "Monte-Carlo"),
        ("monte carlo", "Montecarlo"),
        ("人民", "人民路"),
        ("民路", "人民路"),
        ("人明路", "人民路"),
        ("人名路", "人民路"),
        ("renminlu", "人民路"),
        ("renmin lu", "人民路"),
        ("ren min", "人民路"),
        ("rml", "人民路"),
        ("chongqing", "重庆路"),
        ("zhongshan", "中山东路"),
        ("shuiwu 7", "水务7班"),
        ("水物7", "水务7班"),
    ],
)
def test_what_people_type_finds_the_name(asked: str, name: str) -> None:
    """Short forms, beginnings, slips of the finger, pinyin, its initials, the wrong character."""
    others = ["Rue Caroline", "Avenue de la Costa", "解放大街", "Place d'Armes", "长江路", "Gare"]

    best = index_of([*others, name]).candidates(NameQuery.read(asked, READINGS).ways(), limit=1)

    assert best.tolist() == [len(others)]
    assert worth(asked, name) > max(0.5, *(worth(asked, other) for other in others))


def test_the_nearer_a_name_is_to_what_was_typed_the_more_it_is_worth() -> None:
    """The whole name, its beginning, a beginning inside, a misspelling, something else."""
    rising = [
        worth("casino", name)
        for name in ("Gare", "Casinho Velho", "Place du Casino", "Casino Shop", "Casino")
    ]

    assert rising == sorted(rising)
    assert rising[0] == 0
    assert rising[-1] == 1


@given(names=MANY)
def test_every_name_is_its_own_best_answer(names: list[str]) -> None:
    """Typed in full, a name is worth 1, and the index does not miss it."""
    index = index_of(names)

    for number, name in enumerate(names):
        if words(name):
            assert worth(name, name) == pytest.approx(1)
            found = index.candidates(NameQuery.read(name, READINGS).ways(), limit=len(names))
            assert number in found.tolist()


@given(names=MANY, asked=st.text(st.sampled_from("abcdeé 人民路中山12"), max_size=8))
def test_no_answer_is_better_than_whole_or_worse_than_none(names: list[str], asked: str) -> None:
    """Judgements are between 0 and 1."""
    assert all(0 <= worth(asked, name) <= 1 for name in names)


@given(names=MANY)
def test_an_index_that_was_stored_answers_as_before(names: list[str]) -> None:
    """Every worker reads what the import wrote."""
    index = index_of(names)
    again = NameIndex.from_bytes(index.to_bytes())

    ways = NameQuery.read(names[0], READINGS).ways()
    assert again.candidates(ways).tolist() == index.candidates(ways).tolist()


def test_an_index_of_nothing_finds_nothing() -> None:
    """Before the first import with names."""
    ways = NameQuery.read("rue", READINGS).ways()

    assert NameIndex.empty().candidates(ways).tolist() == []
    assert index_of(["Rue"]).candidates([]).tolist() == []


def test_of_equal_names_the_nearest_comes_first() -> None:
    """And at the limit it is the far ones that are left out."""
    builder = IndexBuilder()
    for step in (3, 1, 0, 2):
        pieces = index_names("Pharmacie", ())
        builder.add((7.4 + step / 100, 43.7), street=False, names=pieces)
    ways = NameQuery.read("pharma", READINGS).ways()

    found = builder.build().candidates(ways, near=(7.4, 43.7), limit=3)

    assert found.tolist() == [2, 1, 3]


def test_far_costs_as_the_logarithm_of_the_distance() -> None:
    """0 m costs nothing, 500 m one unit, 1 500 m two: each doubling of distance plus 500 m."""
    east_deg = 0.5 / 111.195
    lonlat = np.array([[0, 0], [east_deg, 0], [3 * east_deg, 0], [0, 7 * east_deg]])

    cost = far_cost(lonlat, (0, 0))

    assert cost / cost[1] == pytest.approx([0, 1, 2, 3], abs=1e-5)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12 rue grimaldi", [("rue grimaldi", "12")]),
        ("rue grimaldi 12", [("rue grimaldi", "12")]),
        ("Rue Grimaldi, 12 bis", [("rue grimaldi", "12bis")]),
        ("12-14 rue grimaldi", [("rue grimaldi", "12-14")]),
        ("rua das flores nº 5a", [("rua das flores", "5a")]),
        ("人民路12号", [("人民路", "12")]),
        ("人民路 12", [("人民路", "12")]),
        ("人民路12弄3号", [("人民路", "12弄3")]),
        ("人民路\uff11\uff12号", [("人民路", "12")]),
        ("rue du 8 mai", []),
        ("rue grimaldi", []),
        ("12", []),
    ],
)
def test_a_house_number_is_told_from_its_street(text: str, readings: list[tuple[str, str]]) -> None:
    """Before or behind, as the language has it."""
    assert split_address(text) == readings


def test_a_number_at_both_ends_is_read_both_ways() -> None:
    """The map says whether there is a "Rue du 8 Mai 1945"."""
    found = split_address("8 rue du 11 novembre 1918")

    assert ("rue du 11 novembre 1918", "8") in found
    assert ("8 rue du 11 novembre", "1918") in found


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("12 Rue Grimaldi, 98000 Monaco", "12 Rue Grimaldi"),
        ("12 Rue Grimaldi 98000 Monaco", "12 Rue Grimaldi"),
        ("12, Rue Grimaldi, Monaco", "12 Rue Grimaldi"),
        ("Rua das Flores 5, 4050-262 Porto", "Rua das Flores 5"),
        ("上海市黄浦区人民路12号", "人民路12号"),
        ("江苏省南京市玄武区中山路1号", "中山路1号"),
        ("黄浦区人民路", "人民路"),
    ],
)
def test_street_and_number_are_taken_out_of_a_whole_address(text: str, part: str) -> None:
    """As it stands on the ticket."""
    assert part in street_parts(text)


@pytest.mark.parametrize("text", ["人民路12号", "rue grimaldi 12", "市民路", "区庄", "", "12"])
def test_nothing_is_taken_out_of_a_plain_address(text: str) -> None:
    """市民路 begins like a town and is a street."""
    assert street_parts(text) == []


@pytest.mark.parametrize(
    ("street", "house", "label"),
    [
        ("Rue Grimaldi", "12", "12 Rue Grimaldi"),
        ("Baker Street", "221B", "221B Baker Street"),
        ("Rua das Flores", "5", "Rua das Flores 5"),
        ("Hauptstraße", "7", "Hauptstraße 7"),
        ("人民路", "12", "人民路12号"),
        ("人民路", "12号", "人民路12号"),
    ],
)
def test_an_address_is_written_in_the_order_of_its_language(
    street: str, house: str, label: str
) -> None:
    """A driver reads it as it stands on the door."""
    assert address_label(street, house) == label


def test_house_numbers_compare_however_they_are_written() -> None:
    """Blanks, case, signs."""
    assert house_key("12 Bis") == house_key("12bis") == "12bis"
    assert house_key("12号") == house_key("\uff11\uff12") == "12"
    assert leading_number("12bis") == 12
    assert leading_number("villa") is None


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Rue A / Rue B", [("rue a", "rue b")]),
        ("rue a&rue b", [("rue a", "rue b")]),
        ("Rue A \uff0f Rue B", [("rue a", "rue b")]),
        ("corner of Rue A and Rue B", [("rue a", "rue b")]),
        ("rue a et rue b", [("rue a", "rue b")]),
        ("rue a /", [("rue a", "")]),
        ("人民路与中山路", [("人民路", "中山路")]),
        ("人民路和中山路路口", [("人民路", "中山路")]),
        ("人民路和中山路口", [("人民路", "中山路")]),
        ("人民路与中山路交叉口", [("人民路", "中山路")]),
        ("人民路 中山路路口", [("人民路", "中山路")]),
        ("人民路中山路", [("人民路", "中山路")]),
        ("和平路", []),
        ("rue grimaldi", []),
        ("/", []),
    ],
)
def test_two_streets_are_read_out_of_a_crossing(text: str, pairs: list[tuple[str, str]]) -> None:
    """With the signs and the words of both languages."""
    assert street_pairs(text)[:1] == pairs


def test_a_word_of_joining_inside_a_name_is_only_one_way_to_read_it() -> None:
    """和平路 holds the word for "and"; the map decides."""
    for text in ("人民路和和平路", "人民路和平路"):
        assert ("人民路", "和平路") in street_pairs(text)
