"""Under which licences the packages are: all known, all allowed."""

from scripts.cluster.private_cluster import CHECKOUT
from scripts.commands.licences import NOT_IN_METADATA
from scripts.commands.licences import Licensed
from scripts.commands.licences import all_packages


def test_every_locked_package_has_a_licence_that_packages_may_have() -> None:
    """A new dependency under another one is noticed before it is shipped."""
    found = list(all_packages(CHECKOUT, dev=True))

    assert {"flask", "pillow", "leaflet", "hypothesis"} <= {each.name for each in found}
    assert [each for each in found if not each.is_allowed] == []


def test_what_a_package_does_not_say_of_itself_has_a_source() -> None:
    """And only such packages stand in that table."""
    found = {each.name: each for each in all_packages(CHECKOUT, dev=True)}

    for name, (licence, source) in NOT_IN_METADATA.items():
        assert (found[name].licence, found[name].source) == (licence, source)


def test_each_part_of_an_expression_has_to_be_allowed() -> None:
    """One of two is not enough: that a choice is meant has to be looked at by somebody."""

    def is_allowed(licence: str) -> bool:
        return Licensed("x", "1", licence, "").is_allowed

    assert is_allowed("BSD-3-Clause AND (MIT OR Zlib)")
    assert not is_allowed("MIT AND GPL-3.0-only")
    assert not is_allowed("")
