"""Pieces of HTML, translated as documents are."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from s2scli.api import TextModel
from s2scli.errors import BadInputError
from s2scli.folders import translate_folder

__all__ = ["translated_html"]


def translated_html(
    session: TextModel, texts: Sequence[str], scratch: Path, **options: Any
) -> list[str]:
    """Translate pieces of HTML.

    Args:
        session: a model for their languages.
        texts: the pieces.
        scratch: a folder for as long as it takes.
        **options: of ``s2scli.translate_folder``.

    Raises:
        BadInputError: one cannot be translated.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        source, target = Path(name, "in"), Path(name, "out")
        source.mkdir()
        for number, text in enumerate(texts):
            data = text.encode("utf-8", "surrogatepass")
            (source / f"{number}.html").write_bytes(data)
        for outcome in translate_folder(session, source, target, **options):
            if outcome.status == "failed":
                number = int(outcome.job.source.stem)
                raise BadInputError(f"Text {number + 1} cannot be translated: {outcome.reason}")
        return [(target / f"{number}.html").read_text("utf-8") for number in range(len(texts))]
