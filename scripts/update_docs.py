"""Write what is made from the code: pages of ``docs/`` and ``man/``, the output of examples.

``--check`` only compares the pages; the tests compare the examples. From the root of the
repository::

    PYTHONPATH=. python scripts/update_docs.py [--check | --pages]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from handbook.commands import commands_page, settings_page  # noqa: E402
from handbook.examples import pages_with_examples, updated  # noqa: E402
from handbook.keys import keys_page  # noqa: E402
from handbook.manual import manual_pages  # noqa: E402
from handbook.records import records_page  # noqa: E402
from handbook.tables import (  # noqa: E402
    exit_codes_page,
    families_page,
    formats_page,
    metrics_page,
    models_page,
)

PAGES: dict[str, Callable[[], str]] = {
    "checkpoint-keys.md": keys_page,
    "reference/commands.md": commands_page,
    "reference/exit-codes.md": exit_codes_page,
    "reference/families.md": families_page,
    "reference/formats.md": formats_page,
    "reference/json-lines.md": records_page,
    "reference/metrics.md": metrics_page,
    "reference/models.md": models_page,
    "reference/settings.md": settings_page,
}


def stale_pages() -> dict[Path, str]:
    """The generated pages that are not as they should be, with their new text."""
    wanted = {ROOT / "docs" / name: page() for name, page in PAGES.items()}
    wanted |= {ROOT / "man" / name: text for name, text in manual_pages().items()}
    return {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main() -> None:
    """Write or compare."""
    stale = stale_pages()
    if "--check" in sys.argv[1:]:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"out of date: {names}. Run scripts/update_docs.py" if stale else 0)
    for path, text in stale.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if "--pages" in sys.argv[1:]:
        return
    for path in pages_with_examples():
        path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
