"""Measure libraries that tell languages: time to load, time per text, accuracy on short texts.

``sentences``
    The first words of the lines of parallel files: 1, 2, 3, 5, or all.
``messages``
    Short texts of user interfaces in the languages that all libraries know: Django's translations
    (``django/conf/locale`` of the package), those without figures and placeholders.

A confidence below 0.5 counts as "not found". A library that is not installed is left out. Codes are
compared as the house writes them, so that ``nb`` and ``no`` are one language.

    PYTHONPATH=. python scripts/bench_detection.py --lines 2500 \\
        --text en=newstest2014.en --text de=newstest2014.de --messages DJANGO/conf/locale

``--quick`` takes 50 lines of each, and no messages but of five languages.
"""

from __future__ import annotations

import argparse
import gettext
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from s2scli.languages.codes import match_language, written_code
from s2scli.languages.detection import SURE, detect, detectable

Detector = Callable[[str], tuple[str, float]]
Labelled = tuple[str, str, str]  # group, language, text
WORDS = (1, 2, 3, 5, 10_000)
QUICK_LINES, QUICK_LANGUAGES = 50, 5
LENGTHS = (10, 20, 40)  # characters between groups of messages


def py3langid() -> Detector:
    """What the house uses."""

    def run(text: str) -> tuple[str, float]:
        found = detect(text, sure=0.0)
        return found.language, found.confidence

    return run


def lingua(*, low: bool) -> Detector:
    """lingua-language-detector, with its larger or its smaller model."""

    import lingua

    builder = lingua.LanguageDetectorBuilder.from_all_languages()
    detector: Any = (builder.with_low_accuracy_mode() if low else builder).build()

    def run(text: str) -> tuple[str, float]:
        best = detector.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), best.value

    return run


LIBRARIES: dict[str, Callable[[], Detector]] = {
    "py3langid": py3langid,
    "lingua": lambda: lingua(low=False),
    "lingua, low accuracy": lambda: lingua(low=True),
}


def known_to_all(language: str) -> bool:
    """Whether each library that is installed knows a language."""
    try:
        import lingua
    except ImportError:
        return detectable(language)
    codes = [one.iso_code_639_1.name.lower() for one in lingua.Language.all()]
    return detectable(language) and match_language(language, codes) is not None


def sentences(language: str, path: Path, lines: int) -> Iterator[Labelled]:
    """The first words of the lines of a file."""

    texts = path.read_text(encoding="utf-8").split("\n")
    for text in [text for text in texts if text.strip()][:lines]:
        for words in WORDS:
            group = f"{words} words" if words < WORDS[-1] else "sentences"
            yield group, language, " ".join(text.split()[:words])


def messages(folder: Path, languages: int) -> Iterator[Labelled]:
    """Translations of Django's messages."""

    named = [path for path in sorted(folder.iterdir()) if path.is_dir() and "_" not in path.name]
    for path in [path for path in named if known_to_all(path.name)][:languages]:
        catalogue = path / "LC_MESSAGES" / "django.mo"
        if not catalogue.exists() or path.name == "en":
            continue
        with catalogue.open("rb") as file:
            known: dict[Any, str] = vars(gettext.GNUTranslations(file))["_catalog"]
        for source, text in known.items():
            if not isinstance(source, str) or source in ("", text) or set("%{0123456789") & {*text}:
                continue
            longest = next((most for most in LENGTHS if len(text) < most), None)
            group = f"messages under {longest}" if longest else f"messages from {LENGTHS[-1]}"
            yield group, path.name, text


def measure(name: str, texts: list[Labelled]) -> None:
    """Print a library's row for each group of texts."""

    begin = time.process_time()
    try:
        detector = LIBRARIES[name]()
    except ImportError:
        print(f"{name}: not installed")
        return
    detector("Where is the station?")
    loading = time.process_time() - begin
    rows = defaultdict(list)
    begin = time.process_time()
    for group, language, text in texts:
        found, confidence = detector(text)
        rows[group].append((written_code(found) == written_code(language), confidence >= SURE))
    each = (time.process_time() - begin) / len(texts)
    print(f"{name}: loaded in {loading:.2f} s, {each * 1e6:,.0f} µs a text", flush=True)
    for group, outcomes in rows.items():
        count, found_ = len(outcomes), [right for right, sure in outcomes if sure]
        right = sum(found_) / max(1, len(found_))
        best = sum(right for right, _ in outcomes) / count
        cells = (
            name,
            group,
            f"{count:,}",
            *(f"{x:.1%}" for x in (best, len(found_) / count, right)),
        )
        print(f"| {' | '.join(cells)} |")


def main() -> None:
    """Run the comparison."""

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", action="append", default=[], metavar="LANG=FILE")
    parser.add_argument("--messages", type=Path, metavar="FOLDER")
    parser.add_argument("--lines", type=int, default=1000)
    parser.add_argument("--library", choices=list(LIBRARIES), action="append")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    lines = QUICK_LINES if given.quick else given.lines
    texts: list[Labelled] = []
    for pair in given.text:
        language, _, path = pair.partition("=")
        texts += sentences(language, Path(path), lines)
    if given.messages:
        texts += messages(given.messages, QUICK_LANGUAGES if given.quick else 1000)
    if not texts:
        parser.error("give --text or --messages")
    print(f"{len({language for _, language, _ in texts})} languages")
    print("| library | texts | number | best guess right | found | found and right |")
    for name in given.library or LIBRARIES:
        measure(name, texts)


if __name__ == "__main__":
    main()
