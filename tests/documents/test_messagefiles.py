"""Messages of Chrome, FormatJS, go-i18n: what is beside a message stays, and that is said."""

from __future__ import annotations

import json

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document

CHROME = {
    "hello": {
        "message": "One",
        "description": "No",
        "hash": "no",
        "placeholders": {"message": {"content": "$1", "example": "No"}},
    },
    "bye": {"message": "Two"},
}
TREE = [
    {"type": 0, "value": "One "},
    {"type": 1, "value": "name"},
    {"type": 3, "value": "day", "style": "long"},
    {
        "type": 6,
        "value": "count",
        "options": {"other": {"value": [{"type": 7}, {"type": 0, "value": " two"}]}},
    },
    {"type": 8, "value": "link", "children": [{"type": 0, "value": "three"}]},
]
GOTEXT = {
    "id": "No {City}",
    "key": "No %s",
    "message": "One",
    "translation": "Two",
    "translatorComment": "No",
    "placeholders": [{"id": "City", "expr": "no no"}],
}
CASES = [
    ("json", json.dumps(CHROME), ["One", "Two"]),
    ("json", json.dumps({"en": CHROME}), ["One", "Two"]),
    ("json", json.dumps({"a": CHROME, "b": {"c": {"message": "3rd"}}}), ["One", "Two", "3rd"]),
    ("json", json.dumps({"a": "One", "b": {"message": "Two", "comment": ["No"]}}), ["One", "Two"]),
    ("json", json.dumps({"a": {"defaultMessage": "One", "description": "No"}}), ["One"]),
    ("json", json.dumps([{"id": "no no", "defaultMessage": "One"}]), ["One"]),
    ("json", json.dumps({"a": {"string": "One", "developer_comment": "No"}}), ["One"]),
    ("json", json.dumps({"a": {"translation": "One", "notes": "No"}}), ["One"]),
    ("json", json.dumps({"a": {"translation": "One", "notes": "No", "limit": "4"}}), ["One"]),
    ("json", json.dumps([{"term": "no", "definition": "One", "term_plural": ""}]), ["One"]),
    (
        "json",
        json.dumps([{"term": "no", "definition": {"one": "One"}, "term_plural": "no"}]),
        ["One"],
    ),
    ("json", json.dumps({"language": "en", "messages": [GOTEXT]}), ["One", "Two"]),
    ("json", json.dumps({"a": {"translation": "One", "comments": ["No"]}}), ["One"]),
    ("json", json.dumps({"a": TREE, "b": "four"}), ["One", "two", "three", "four"]),
    ("toml", '[A]\ndescription = "No"\nhash = "x"\none = "One"\nother = "Two"\n', ["One", "Two"]),
    ("yaml", "A:\n  description: No no\n  other: One\n", ["One"]),
]


@pytest.mark.parametrize(("kind", "text", "texts"), CASES)
def test_only_messages_are_text(kind: str, text: str, texts: list[str]) -> None:
    document = read(kind, text)
    assert [slot.text.strip() for slot in document.slots] == texts
    assert any("It looks like messages of" in remark for remark in document.remarks)


def test_a_choice_of_fields_counts_more() -> None:
    document = read("json", json.dumps(CHROME), "*.description")
    assert [slot.text for slot in document.slots] == ["No"]


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ({"a": {"message": "One", "title": "Two", "description": "Three"}}, 3),  # of no dialect
        ({"a": {"message": "One", "description": "Two"}, "b": {"text": "Three"}}, 3),
        ({"message": "One", "description": "Two", "c": "Three"}, 3),
        ({"message": "One description"}, 1),
        ({"a": [{"type": [], "value": "One"}, {"type": {}}, 5], "b": "Two"}, 2),
        ({"a": [{"type": 8, "value": "One", "children": 3, "options": "type"}]}, 2),
        ("one message with a description", 1),
        ({"a": [{"type": 0, "value": "One"}, {"type": 12, "value": "Two"}], "b": "Three"}, 3),
    ],
)
def test_other_files_have_texts_everywhere(value: object, texts: int) -> None:
    assert len(list(read("json", json.dumps(value)).slots)) == texts


def test_odd_trees_are_read() -> None:
    text = json.dumps({"a": [{"type": 0, "value": "One", "options": ["x"]}, {"type": 7}]})
    assert [slot.text for slot in read("json", text).slots] == ["One"]
    deep: object = []
    for _ in range(150):
        deep = [{"type": 8, "value": "b", "children": deep}, {"type": 0, "value": "One"}]
    assert len(list(read("json", json.dumps({"a": deep})).slots)) == 150


def read(kind: str, text: str, *fields: str) -> Document:
    return read_document(open_format(kind, FormatOptions(fields=fields)), "f", text.encode())
