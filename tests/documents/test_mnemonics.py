"""Labels of menus and buttons: the sign before the letter of their key, shortcuts, bold words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents.mnemonics import has_mnemonic, is_shortcut, mnemonics
from tests.documents.runs import translated

GERMAN = {"open": "öffnen", "file": "Datei", "save": "sichern", "as": "als", "exit": "Ende"}


def german(word: str) -> str:
    bare = word.strip(".…")
    return word.replace(bare, GERMAN.get(bare.lower(), bare))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&Open", "&öffnen"),
        ("Save &As", "sichern &als"),
        ("&Open...", "&öffnen..."),
        ("&&Open file", "&&öffnen Datei"),
        ("Find && Open", "Find && öffnen"),
        ("R&D File", "R&D Datei"),
        ("Open & Save", "öffnen & sichern"),
        ("&Open &File", "&Open &File"),
        ("a=b&open=File", "a=b&open=File"),
        ("Open &amp; save", "öffnen &amp; sichern"),
        ("&Open\\tCtrl+O", "&öffnen\\tCtrl+O"),
        ("Ctrl+Shift+Save", "Ctrl+Shift+Save"),
        ("Open **save as** file", "öffnen **sichern als** Datei"),
        ("Open **/save and **/file", "öffnen **/save and **/file"),
        ("Open.\\nSave it.", "öffnen.\\nsichern it."),
    ],
)
def test_labels(text: str, expected: str, tmp_path: Path) -> None:
    form = '{{"a": {}, "b": "File"}}'
    new = translated("a.json", form.format(json.dumps(text)), tmp_path, german)
    assert json.loads(new) == {"a": expected, "b": "Datei"}


FORMS = {
    "a.ini": "[a]\na={}\n",
    "a.properties": "a={}\n",
    "a.po": 'msgid ""\nmsgstr ""\n\nmsgid "{}"\nmsgstr ""\n',
    "a.resx": '<root><data name="a" xml:space="preserve"><value>{}</value></data></root>',
    "a.ts": "<TS><context><message><source>{}</source><translation></translation></message>"
    "</context></TS>",
    "a.yaml": "a: Open {}\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_formats_of_programs(name: str, tmp_path: Path) -> None:
    sign = "&amp;" if name.endswith(("resx", "ts")) else "&"
    new = translated(name, FORMS[name].format(f"{sign}Save file"), tmp_path, german)
    assert f"{sign}sichern Datei" in new
    if name in ("a.po", "a.resx"):
        new = translated(name, FORMS[name].format("Save _As"), tmp_path / "line", german)
        assert "sichern _als" in new
        new = translated(name, FORMS[name].format("E_xit"), tmp_path / "within", german)
        assert "E_nde" in new or "_Ende" in new
    if name == "a.po":
        new = translated(name, FORMS[name].format("~Save file"), tmp_path / "tilde", german)
        assert '"~sichern Datei"' in new
        new = translated(name, FORMS[name].format("&Save && Open"), tmp_path / "both", german)
        assert '"&sichern && öffnen"' in new


@given(st.text(st.sampled_from("ab &_~;.A"), max_size=20))
def test_a_mnemonic_is_on_a_word(text: str) -> None:
    found = list(mnemonics(text, 0, len(text), "&_~"))
    assert len(found) in (0, 2)
    assert bool(found) == has_mnemonic(text, "&_~")
    for opens, closes in [found] if found else []:
        assert text[opens.start : opens.end] in ("&", "&&", "_", "~")
        assert text[opens.end : closes.start].strip()
        assert text[opens.end].isalnum()


def test_shortcuts() -> None:
    assert all(map(is_shortcut, ("Ctrl+O", "ctrl+shift+F5", "Alt+-", "Cmd-Q")))
    assert not any(map(is_shortcut, ("Ctrl", "Press Ctrl+O", "Shift to neutral", "Alt+ one")))
