"""Make the corpus of real documents, ``tests/corpus``, with the programs that write such files.

The tests read every document of it, fill it with another text and compare. The files whose names
begin with "hand-" in the folders of text formats are their own sources, written by hand; every
other file is made here, and made anew gives the same texts (dates and identifiers may differ). From
the root of the repository::

    python scripts/make_corpus.py [producer ...]

It needs LibreOffice (Writer, Impress and Calc), pandoc and gettext on the path, and the libraries
of ``tests/corpus/README.md``; it names what is missing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from corpus.check import fault
from corpus.converters import libreoffice, pandoc
from corpus.edges import edges
from corpus.handmade import handmade
from corpus.localization import babel, django, gettext, jproperties, polib, strings, translate
from corpus.mobile import android, apple, flutter
from corpus.office import ebooklib, odfpy, python_docx, python_pptx, reports
from corpus.tools import CORPUS, Missing
from corpus.workbooks import openpyxl, xlsxwriter
from corpus.writers import data, markup, messages, notebooks, settings, sphinx, subtitles, yamls

PRODUCERS: dict[str, Callable[[], None]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        libreoffice,
        pandoc,
        python_docx,
        python_pptx,
        odfpy,
        ebooklib,
        openpyxl,
        xlsxwriter,
        reports,
        handmade,
        edges,
        gettext,
        polib,
        babel,
        django,
        translate,
        android,
        flutter,
        apple,
        jproperties,
        strings,
        markup,
        sphinx,
        subtitles,
        data,
        notebooks,
        yamls,
        settings,
        messages,
    )
}


def main() -> int:
    """Make the files of some producers, or of all, and open each file of the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("producers", nargs="*", metavar="producer", help=", ".join(PRODUCERS))
    names = parser.parse_args().producers or list(PRODUCERS)
    if unknown := set(names) - set(PRODUCERS):
        parser.error(f"no producer {', '.join(sorted(unknown))}; known: {', '.join(PRODUCERS)}")
    problems = []
    for name in names:
        try:
            PRODUCERS[name]()
        except Missing as missing:
            problems.append(f"{name}: {missing}")
    for path in sorted(CORPUS.glob("*/*")):
        try:
            found = fault(path)
        except Missing as missing:
            problems.append(f"reading {path.parent.name}: {missing}")
        else:
            problems += [f"{path.relative_to(CORPUS)}: {found}"] if found else []
    for problem in dict.fromkeys(problems):
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
