"""argos-translate itself: its sentence splitting, its calls of CTranslate2, its detokenizing.

A text is given whole, as its command line does; its lines are its paragraphs. Its usual sentence
splitter fetches a model; here it has a package with a spaCy pipeline, which it supports as well
(spaCy's rules; much faster than the models).
"""

from __future__ import annotations

import os
from pathlib import Path

from peers.harness import Ask, Translate, measure


def load(ask: Ask) -> Translate:
    """argos-translate's translation of our model directory, made a package of its own."""
    os.environ["ARGOS_INTRA_THREADS"] = str(ask.threads)
    os.environ["ARGOS_BEAM_SIZE"] = str(ask.beam)
    for place in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[place] = str(Path(ask.forms) / "argos-home")
    import spacy
    from argostranslate.package import Package
    from argostranslate.sbd import SpacySentencizerSmall
    from argostranslate.translate import Language, PackageTranslation

    home = Path(ask.forms) / "argos"
    if not (home / "spacy").exists():
        spacy.blank("en").to_disk(home / "spacy")
    package = Package(home)
    translation = PackageTranslation(Language("en", "English"), Language("de", "German"), package)
    translation.sentencizer = SpacySentencizerSmall(package)

    def translate(lines: list[str]) -> list[str]:
        found: str = translation.translate("\n".join(lines))
        return found.split("\n")

    return translate


if __name__ == "__main__":
    measure(load)
