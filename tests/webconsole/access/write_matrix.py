"""Write ``docs/access.md`` anew: ``python -m tests.webconsole.access.write_matrix``."""

from pathlib import Path

from dispatch import bootstrap
from dispatch.settings import Settings
from webconsole import create_app
from webconsole.access.matrix import access_document

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "access.md"


def main() -> None:
    """Write the document; nothing is asked of any database."""
    settings = Settings.from_environment({"DATABASE_URL": "postgresql://nobody@localhost/none"})
    services = bootstrap.build(settings)
    DOCUMENT.write_text(access_document(create_app(services=services)), encoding="utf-8")


if __name__ == "__main__":
    main()
