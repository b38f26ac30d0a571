"""Catalogs of messages from gettext's own programs and from the libraries for them."""

from __future__ import annotations

import io
import re
import shutil
from typing import Any

from corpus.tools import SOURCES, library, run, save, scratch

__all__ = ["babel", "django", "gettext", "jproperties", "polib", "strings", "translate"]

SITE = SOURCES / "site"
DAY = "2024-03-01 09:00+0000"
PAIRS = {
    "honey.jar": "A jar of honey",
    "honey.price": "{0} crowns a jar, bread not included",
    "honey.long": "Honey never spoils.\nIt only turns hard, which is no reason to throw it away.",
    "honey.sign": "Überraschung: “wild” bees – no entry 🐝",
}


def dated(catalog: str) -> str:
    """The catalog as if it had been made on one day, by nobody."""
    catalog = re.sub(
        r'("(?:POT-Creation|PO-Revision)-Date: )\d[^"]*(\\n")', rf"\g<1>{DAY}\2", catalog
    )
    return re.sub(r'("Last-Translator: )[^"]*(\\n")', r"\1none\2", catalog)


def gettext() -> None:
    """A template by xgettext, and what msginit, msgmerge, msgcat, msgen… make of it."""
    found = run("xgettext", "--from-code=UTF-8", "-cTranslators", "-o-", "shop/views.py", cwd=SITE)
    found = found.replace("CHARSET", "UTF-8")
    save("gettext-xgettext.pot", dated(found))
    with scratch() as folder:
        template, german, second = folder / "a.pot", folder / "de.po", folder / "b.pot"
        template.write_text(dated(found))
        run("msginit", "--no-translator", "-l", "pl", "-i", template, "-o", german)
        save("gettext-msginit.po", dated(german.read_text()))
        english = run("msgen", template)
        save("gettext-msgen.po", dated(english))
        german.write_text(english)
        # The merge finds two messages that are almost the old ones, and one that is gone.
        changed = found.replace("Your basket, ", "Your small basket, ").replace("pot", "jar")
        second.write_text(
            dated(re.sub(r'#[^\n]*\n(#[^\n]*\n)?msgctxt "noun"', r'msgctxt "n"', changed))
        )
        merged = run("msgmerge", "--previous", "-q", german, second)
        save("gettext-msgmerge.po", dated(merged))
        save("gettext-msgcat-nowrap.po", dated(run("msgcat", "--no-wrap", "-", fed=merged)))
        save("gettext-msgcat-indent.po", dated(run("msgcat", "-i", "-w", "40", "-", fed=merged)))
        single = "".join(f'msgid "{key}"\nmsgstr "{key} here"\n\n' for key in ("Wax", "Café"))
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        save("gettext-msgcat.properties", run("msgcat", "-p", "-", fed=header + single))


def polib() -> None:
    """Catalogs by polib: wrapped and not, with an entry of each kind."""
    module = library("polib")
    for width in (78, 30):
        catalog = module.POFile(wrapwidth=width)
        catalog.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "es"}
        for key, text in PAIRS.items():
            catalog.append(module.POEntry(msgid=text, comment=f"Key: {key}", msgctxt=key))
        forms = {0: "una abeja", 1: ""}
        catalog.append(module.POEntry(msgid="one bee", msgid_plural="%d bees", msgstr_plural=forms))
        catalog.append(module.POEntry(msgid="A wasp", msgstr="Una avispa", obsolete=True))
        catalog.append(module.POEntry(msgid="Sting", msgstr="Picar", flags=["fuzzy"]))
        save(f"polib-width{width}.po", str(catalog))


def babel() -> None:
    """What Babel finds in the same source, written as a template and as a catalog."""
    extract, pofile = library("babel.messages.extract"), library("babel.messages.pofile")
    catalogs = library("babel.messages.catalog")
    with (SITE / "shop" / "views.py").open("rb") as source:
        found = list(extract.extract("python", source, comment_tags=["Translators:"]))
    for name, locale in (("template.pot", None), ("catalog.po", "ar")):
        catalog = catalogs.Catalog(locale=locale, project="Shop", version="1")
        for line, text, comments, context in found:
            catalog.add(
                text, locations=[("views.py", line)], auto_comments=comments, context=context
            )
        stream = io.BytesIO()
        pofile.write_po(stream, catalog, width=60)
        save(f"babel-{name}", dated(stream.getvalue().decode()))


def django() -> None:
    """The catalog that Django's ``makemessages`` makes of a view and of a template."""
    library("django")
    with scratch() as folder:
        shutil.copytree(SITE / "shop", folder / "shop")
        (folder / "locale").mkdir()
        run("django-admin", "makemessages", "-l", "fr", "-v", "0", cwd=folder)
        made = folder / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        save("django-makemessages.po", dated(made.read_text()))


def converted(store: Any, units: dict[str, str]) -> str:
    """A store of translate-toolkit with some units, as its file."""
    for key, text in units.items():
        unit = store.addsourceunit(text)
        unit.setid(key)
        unit.addnote("From the label", origin="developer")
    written: bytes = bytes(store)
    return written.decode()


def translate() -> None:
    """The exchange formats of translate-toolkit."""
    for name, module, kind in (
        ("units.xlf", "xliff", "xlifffile"),
        ("units2.xliff", "xliff2", "Xliff2File"),
        ("units.po", "pypo", "pofile"),
    ):
        storage = library(f"translate.storage.{module}")
        save(f"translate-{name}", dated(converted(getattr(storage, kind)(), PAIRS)))
    factory = library("translate.storage.poxliff").PoXliffFile()
    save("translate-poxliff.xlf", converted(factory, PAIRS))
    properties = library("translate.storage.properties")
    for name, dialect in (
        ("java", "java"),
        ("java-utf-8", "java-utf8"),
        ("mozilla-utf-8", "mozilla"),
    ):
        store = properties.propfile(personality=dialect)
        for key, text in PAIRS.items():
            unit = store.addsourceunit(text)
            unit.name, unit.target = key, text
        save(f"translate-{name}.properties", bytes(store))
    with scratch() as folder:
        catalog = folder / "page.po"
        run("html2po", "--progress=none", "page.html", catalog, cwd=SOURCES)
        catalog.write_text(dated(catalog.read_text()))
        save("translate-html2po.po", catalog.read_text())
        run("po2xliff", "--progress=none", "page.po", "page.xlf", cwd=folder)
        save("translate-po2xliff.xlf", (folder / "page.xlf").read_text())


def jproperties() -> None:
    """Property files by jproperties, in both encodings."""
    for name, encoding in (("latin", "latin-1"), ("utf-8", "utf-8")):
        properties = library("jproperties").Properties()
        for key, text in PAIRS.items():
            properties[key] = text
        stream = io.BytesIO()
        properties.store(stream, initial_comments="Labels", encoding=encoding, timestamp=False)
        save(f"jproperties-{name}.properties", stream.getvalue())


def strings() -> None:
    """Resources of .NET and catalogs of Qt by Translate Toolkit."""
    resx, qt = library("translate.storage.resx"), library("translate.storage.ts2")
    for module, kind, name in ((resx, "RESXFile", "resx"), (qt, "tsfile", "ts")):
        store = getattr(module, kind)()
        for key, text in PAIRS.items():
            unit = store.UnitClass(text)
            unit.setid(key)
            store.addunit(unit)
            unit.addnote(f"Key: {key}", origin="developer")
        save(f"translate-units.{name}", bytes(store).decode())
