"""Chinese names in tags: simplified wherever the source has them so."""

from pathlib import Path

import pytest

from geodata.osm.name_tags import chinese_name
from geodata.osm.simplified_names import simplified_names


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"name:zh-Hans": "摩纳哥", "name:zh": "摩納哥"}, "摩纳哥"),
        ({"name:zh": "摩納哥", "name:zh-CN": "摩纳哥"}, "摩纳哥"),
        ({"name:zh": "法国"}, "法国"),
        ({"name:zh": "法國"}, "法國"),
        ({"name": "Nice"}, None),
    ],
)
def test_simplified_goes_before_traditional(tags: dict[str, str], name: str | None) -> None:
    """Traditional is better than none."""
    assert chinese_name(tags) == name


def test_a_name_that_another_object_has_simplified_is_taken_from_there(tmp_path: Path) -> None:
    """A city's node may have 摩納哥 and its border 摩纳哥; what has no other is kept."""
    file = tmp_path / "map.osm"
    named = (("Monaco", "摩納哥"), ("France", "法國"), ("Monaco", "摩纳哥"))
    nodes = (
        f'<node id="{number}" lat="43.73" lon="7.42">'
        f'<tag k="name" v="{name}"/><tag k="name:zh" v="{chinese}"/></node>'
        for number, (name, chinese) in enumerate(named, 1)
    )
    file.write_text(f'<osm version="0.6">{"".join(nodes)}</osm>', encoding="utf-8")

    simplified = simplified_names(file)

    assert simplified == {"Monaco": "摩纳哥"}
    assert chinese_name({"name": "Monaco", "name:zh": "摩納哥"}, simplified) == "摩纳哥"
    assert chinese_name({"name": "France", "name:zh": "法國"}, simplified) == "法國"
