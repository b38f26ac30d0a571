"""Strings of apps: Android's resources, and what Translate Toolkit writes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

from corpus.tools import library, save

__all__ = ["BARE", "WRITERS", "android", "flutter"]

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


# Extension → what writes texts, and a file with none.
WRITERS: dict[str, Callable[[list[str]], str]] = {"xml": xml, "arb": arb}
BARE = {
    "xml": '<resources><color name="a">#fff</color><string name="b"></string></resources>\n',
    "arb": '{"@@locale": "en", "@x": {"description": "No message"}, "x": ""}\n',
}


def filled(store: Any, *, of_source: bool = False) -> bytes:
    """A store of Translate Toolkit with the messages."""
    for key, text in MESSAGES.items():
        unit = store.addsourceunit(text) if of_source else store.UnitClass(text)
        if of_source:
            unit.name = key
        else:
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
