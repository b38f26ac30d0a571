"""Strings of apps: Android's resources, and what Translate Toolkit writes of them."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Callable
from html import escape
from typing import Any

from corpus.tools import library, save

__all__ = ["BARE", "WRITERS", "android", "apple", "flutter"]

MESSAGES = {
    "menu_open": "Open the gate",
    "gate_hint": 'It\'s locked; ask at the "inn".\nThe innkeeper has a key.',
    "gate_count": "The gate has opened %1$d times since %2$s.",
    "gate_owner": "Übermorgen – kept by Ann & Søren <ann@example.org>",
}


def xml(texts: list[str]) -> str:
    """Resources of Android."""
    quoted = (escape(text, quote=False).replace("'", "\\'") for text in texts)
    lines = "".join(
        f'    <string name="text{n}">{text}</string>\n' for n, text in enumerate(quoted)
    )
    return f'<?xml version="1.0"?>\n<resources>\n{lines}</resources>\n'


def arb(texts: list[str]) -> str:
    """A bundle of Flutter."""
    messages = {f"text{n}": text for n, text in enumerate(texts)}
    return json.dumps({"@@locale": "en", **messages}, ensure_ascii=False, indent=2) + "\n"


def strings(texts: list[str]) -> str:
    """Strings of Apple."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "".join(f'/* Text {n} */\n"text{n}" = "{text}";\n\n' for n, text in enumerate(quoted))


PLIST = (
    '<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" '
    '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n'
)


def stringsdict(texts: list[str]) -> str:
    """Plurals of Apple."""
    rule = (
        "<key>NSStringFormatSpecTypeKey</key><string>NSStringPluralRuleType</string>"
        "<key>NSStringFormatValueTypeKey</key><string>d</string>"
    )
    entries = "".join(
        f"<key>text{n}</key><dict><key>NSStringLocalizedFormatKey</key><string>%#@n@</string>"
        f"<key>n</key><dict>{rule}<key>other</key><string>{escape(text)}</string></dict></dict>\n"
        for n, text in enumerate(texts)
    )
    return f"{PLIST}<dict>\n{entries}</dict>\n</plist>\n"


def xcstrings(texts: list[str]) -> str:
    """A string catalog of Xcode."""
    return catalog({text: {} for text in texts})


def catalog(strings: dict[str, object]) -> str:
    """A string catalog as Xcode writes it."""
    found = {"sourceLanguage": "en", "strings": strings, "version": "1.0"}
    text = json.dumps(found, ensure_ascii=False, indent=2, separators=(",", " : "))
    return text.replace("{}", "{\n\n    }")


# Extension → what writes texts, and a file with none.
WRITERS: dict[str, Callable[[list[str]], str]] = {
    "xml": xml,
    "arb": arb,
    "strings": strings,
    "stringsdict": stringsdict,
    "xcstrings": xcstrings,
}
BARE = {
    "xml": '<resources><color name="a">#fff</color><string name="b"></string></resources>\n',
    "arb": '{"@@locale": "en", "@x": {"description": "No message"}, "x": ""}\n',
    "strings": '/* "a" = "b"; */\n"empty" = "";\n',
    "xcstrings": catalog({"": {}, "%lld": {"comment": "No text"}}),
    "stringsdict": f"{PLIST}<dict/>\n</plist>\n",
}


def unit(text: str, state: str = "translated") -> dict[str, object]:
    """A localization."""
    return {"stringUnit": {"state": state, "value": text}}


def filled(store: Any) -> bytes:
    """A store of Translate Toolkit with the messages."""
    for key, text in MESSAGES.items():
        unit = store.UnitClass(text)
        unit.setid(key)
        store.addunit(unit)
        unit.target = text
        unit.addnote(f"Shown at the gate: {key}", origin="developer")
    written: bytes = bytes(store)
    return written


def flutter() -> None:
    """Bundles by Translate Toolkit and by Python's json."""
    store = library("translate.storage.jsonl10n").ARBJsonFile()
    save("translate-bundle.arb", filled(store))
    described = {f"@{key}": {"description": f"Shown: {key}"} for key in MESSAGES}
    save("python-sorted.arb", json.dumps({**MESSAGES, **described}, indent=4, sort_keys=True))
    save("python-compact.arb", json.dumps({"@@locale": "en_US", **MESSAGES}))


def apple() -> None:
    """Plurals and widths of Apple by Python's plistlib, catalogs by its json."""
    save(
        "python-keys.xcstrings", catalog({text: {"comment": key} for key, text in MESSAGES.items()})
    )
    units = {key: {"localizations": {"en": unit(text)}} for key, text in MESSAGES.items()}
    found = {"strings": units, "sourceLanguage": "en", "version": "1.0"}
    save("python-compact.xcstrings", json.dumps(found, separators=(",", ":")))
    save("python-tabs.xcstrings", json.dumps(found, indent="\t", sort_keys=True))
    rule = {
        "NSStringFormatSpecTypeKey": "NSStringPluralRuleType",
        "NSStringFormatValueTypeKey": "d",
    }
    forms = {"one": "%d key hangs at the gate", "other": "%d keys hang at the gate"}
    entry = {"NSStringLocalizedFormatKey": "Look: %#@keys@", "keys": {**rule, **forms}}
    wide = {"NSStringVariableWidthRuleType": {"20": "Short gate", "50": "A gate that is long"}}
    entries = {"gate.keys": entry, "gate.name": wide}
    save("python-plistlib.stringsdict", plistlib.dumps(entries))
    save("python-unsorted.stringsdict", plistlib.dumps(entries, sort_keys=False))


def android() -> None:
    """Resources of Android by Translate Toolkit."""
    module = library("translate.storage.aresource")
    save("translate-android.xml", filled(module.AndroidResourceFile()))
    save("translate-compose.xml", filled(module.CMPResourceFile()))
    plurals = library("translate.misc.multistring").multistring
    store = module.AndroidResourceFile()
    store.settargetlanguage("en")
    unit = store.UnitClass(plurals(["%d key", "%d keys"]))
    unit.setid("keys")
    store.addunit(unit)
    unit.target = plurals(["%d key hangs here", "%d keys hang here"])
    save("translate-plurals.xml", bytes(store))
