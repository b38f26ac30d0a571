"""Put help texts and the table of families between their marks in README.md.

``--check`` only compares. From the root of the repository::

    PYTHONPATH=. python scripts/update_readme.py
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"(<!-- help: ([\w ]+) -->\n).*?(<!-- end help -->)", re.DOTALL)
TABLE = re.compile(r"(<!-- families -->\n).*?(<!-- end families -->)", re.DOTALL)


def help_text(command: str) -> str:
    """What ``s2s COMMAND --help`` prints on a terminal of 80 columns."""
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
    arguments = [sys.executable, "-m", "s2scli", *command.split(), "--help"]
    return subprocess.run(
        arguments, capture_output=True, encoding="utf-8", env=environment, check=True
    ).stdout


def families_table() -> str:
    """A row for each family of the tests, which are parametrized by the same table."""
    sys.path.insert(0, str(README.parent))
    from tests.families import FAMILIES

    rows = [
        "| family | converted | ids equal | outputs equal | `model.bin` identical |",
        "| --- | --- | --- | --- | --- |",
    ]
    for family in FAMILIES.values():
        identical = family.official or "not known to it"
        rows.append(f"| {family.about} | yes | yes | yes | {identical} |")
    return "\n".join(rows) + "\n"


def updated(text: str) -> str:
    """The README as it should be."""
    text = BLOCK.sub(lambda m: f"{m[1]}```text\n{help_text(m[2])}```\n{m[3]}", text)
    return TABLE.sub(lambda m: f"{m[1]}{families_table()}{m[2]}", text)


def main() -> None:
    """Write or compare."""
    text = README.read_text(encoding="utf-8")
    new = updated(text)
    if "--check" in sys.argv[1:]:
        sys.exit("README.md is out of date: run scripts/update_readme.py" if new != text else 0)
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
