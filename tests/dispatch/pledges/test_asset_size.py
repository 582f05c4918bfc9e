"""The diameter of a main as files of utilities write it."""

import pytest

from dispatch.pledges.asset_size import size_in


@pytest.mark.parametrize(
    ("attributes", "size_mm"),
    [
        ({"dn": 300}, 300),
        ({"DN": "DN300"}, 300),
        ({"管径": "300"}, 300),
        ({"diameter_mm": "110.0"}, 110),
        ({"Diameter": "De 90 mm"}, 90),
        ({"material": "PE100"}, None),
        ({"dn": "unknown", "diameter": 200}, 200),
        ({"dn": None}, None),
    ],
)
def test_a_diameter_is_read_from_the_attribute_that_tells_it(
    attributes: dict[str, object], size_mm: float | None
) -> None:
    """Whatever it is called and with or without DN."""
    assert size_in(attributes) == size_mm
