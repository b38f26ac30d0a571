"""Values that are commands, settings or CSS stay, and are said; texts under such keys do not."""

from __future__ import annotations

import json

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document

STAY = [
    ("type", "Button"), ("@type", "Recipe"), ("component", "TextField"),
    ("style", "color: red; margin: 0 auto"), ("style", "color: red"),
    ("css", "p { color: red; } a:hover { font-family: My Font }"), ("a", "width: 10px"),
    ("transition", "opacity 0.3s ease"), ("a", "all .3s ease-in-out, color 2s"),
    ("animation", "fade 2s ease"), ("font", "bold 12px Arial"), ("font", "12px/1.5 Arial, serif"),
    ("border", "1px solid red"), ("margin", "0 auto"),
    ("background", "linear-gradient(to right, red, blue) no-repeat"),
    ("a", "Helvetica Neue, Arial, sans-serif"), ("fontFamily", "Open Sans"),
    ("a", "repeat(3, 1fr)"), ("a", "@media print { p { color: red } }"),
    ("script", "vue-cli-service build"), ("textAlign", "center"),
    ("font-weight", "bold"), ("display", "flex"),
    ("restart", "always"), ("Categories", "Utility;Audio;"), ("WantedBy", "multi-user.target"),
    ("prestart", "node build.js"),
    ("shell", "bash"), ("level", "debug"), ("log_level", "WARNING"), ("on", "push"),
    ("script", "echo hello world"), ("script", "npm run build\nif it is good"),
    ("run", "make test"), ("command", "open the/file.txt"), ("Exec", "gedit %U"),
    ("NODE_ENV", "production"), ("when", "always"), ("pull_policy", "missing"),
    ("state", "present"), ("restartPolicy", "OnFailure"), ("type", "RollingUpdate"),
    ("on_failure", "ignore"),
    ("interval", "weekly"), ("trailingComma", "all"), ("access", "public"), ("sortOrder", "asc"),
    ("orientation", "portrait"), ("APP_MODE", "dark"), ("DB_CONNECTION", "mysql"),
    ("password", "secret"), ("DB_USERNAME", "root"), ("image", "house"), ("branch", "main"),
    ("author", "Tom Hunter"), ("full_name", "Ludwig van Beethoven"), ("on_success", "never"),
    ("font", "Georgia"), ("fontName", "Impact"), ("HeadingFont", "Times, Arial"),
    ("cmd", "open file.txt"), ("buildCommand", "yarn build"), ("run", "CI=1 yarn start"),
]  # fmt: skip
TEXTS = [
    ("type", "Type"), ("type", "The second door"), ("level", "Beginner"), ("level", "easy"),
    ("script", "Latin"), ("script", "The old man opens the door"), ("command", "open the door"),
    ("command", "make it so"), ("run", "go home"), ("script", "poetry of today"), ("on", "On"),
    ("cmd", "Open the file"), ("commands", "brew the coffee"), ("shell", "Hard shell"),
    ("style", "Modern and bold"), ("style", "bold red"), ("font", "Font"), ("a", "color: red"),
    ("a", "auto"), ("a", "50% red"), ("a", "line-up: the band; more: later"), ("a", "12px margin"),
    ("transition", "A slow one in 2s"), ("info", "info"), ("a", "5 small red houses"),
    ("content", "text; color: red"), ("a", "bold and 12px wide"),
    ("fontFamily", "Font Family"), ("fontFamily", "Choose a font"), ("a", "fine, or serif"),
    ("a", "repeat (3 times)"), ("a", "repeat(s)"),
    ("script", "old-fashioned words"), ("a", "max(imum)"),
    ("restart", "Start again"), ("Categories", "Houses; Gardens"), ("textAlign", "To the center"),
    ("display", "display"), ("cursor", "The red one"),
    ("author", "Author"), ("author", "Guest author"), ("author", "Guest Author"),
    ("full_name", "Full Name"), ("author", "Hunter"), ("author", "by the author"),
    ("env", "Environment"), ("when", "When"), ("when", "always here"), ("state", "State"),
    ("state", "happy"), ("password", "password"), ("password", "Secret"),
    ("user_password", "password"),
    ("image", "Image"), ("interval", "Weekly"), ("access", "access"), ("WELCOME", "welcome"),
    ("font", "Impact of it"), ("then", "always"), ("error", "error"), ("error", "failed"),
]  # fmt: skip


def read(kind: str, text: str) -> Document:
    return read_document(open_format(kind, FormatOptions()), "f", text.encode())


@pytest.mark.parametrize("kind", ["json", "yaml"])
@pytest.mark.parametrize(("key", "value"), STAY)
def test_values_for_programs_stay_and_are_said(kind: str, key: str, value: str) -> None:
    document = read(kind, json.dumps({key: value, "text": "One."}))
    assert [slot.text for slot in document.slots] == ["One."]
    said = [f"Values that are names for programs stay (--field): {key!r}."]
    assert document.remarks == said


@pytest.mark.parametrize(("key", "value"), TEXTS)
def test_texts_under_such_keys_are_translated(key: str, value: str) -> None:
    document = read("json", json.dumps({key: value, "text": "One."}))
    assert [slot.text for slot in document.slots] == [value, "One."]
    assert not document.remarks


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("ini", "[a]\nExec=gedit %U\nlevel=debug\nType=Application\nMimeType=text/plain\n"),
        ("properties", "log.level=debug\nlogging.level.root=INFO\nmain.type=Button\n"),
        ("toml", '[log]\nlevel = "debug"\n[a]\nshell = "bash"\n'),
        ("yaml", "before_script:\n- npm ci\n- echo the end\n"),
    ],
)
def test_other_formats(kind: str, text: str) -> None:
    document = read(kind, text)
    assert not [slot.text for slot in document.slots if slot.text != "text/plain"]
    assert len(document.remarks) == 1


def test_names_of_people_in_records_stay() -> None:
    rows = [{"lastName": "Hunter", "bio": "Red", "vendor": "Apple"}, {"lastName": "Last name"}]
    document = read("json", json.dumps(rows))
    assert [slot.text for slot in document.slots] == ["Red", "Last name"]
    assert document.remarks == [
        "Values that are names for programs stay (--field): 'lastName', 'vendor'."
    ]
