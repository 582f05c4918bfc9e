"""Whether reports can be printed, as `nearcrew doctor` says it."""

from pathlib import Path

from scripts.doctor import printing_checks
from scripts.doctor.findings import Level


def test_a_machine_that_prints_is_found_in_order() -> None:
    """One page is printed for trial, and a font with Chinese letters is there."""
    (finding,) = printing_checks.examine()

    assert (finding.level, finding.sentence) == (Level.GOOD, "Reports can be printed (PDF).")


def test_a_machine_without_a_chinese_font_is_told_which_to_install(tmp_path: Path) -> None:
    """It prints boxes."""
    (tmp_path / "DejaVuSans.ttf").touch()

    finding = printing_checks.chinese_font((tmp_path,))

    assert finding.level is Level.ODD
    assert "fonts-noto-cjk" in finding.mend
