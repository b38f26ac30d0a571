"""Files of programs: which values are texts, what stays, and that it is said."""

from __future__ import annotations

import json

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document

YAML: dict[str, tuple[str, list[str]]] = {
    "OpenAPI": (
        "openapi: 3.0.0\ninfo:\n  title: One\n  description: Two\npaths:\n  /a:\n    get:\n"
        "      operationId: list\n      summary: Three\n      tags: [no]\n      parameters:\n"
        "      - name: limit\n        in: query\n        schema: {type: integer}\n",
        ["One", "Two", "Three"],
    ),
    "GitHub Actions": (
        "name: One\non: [push]\njobs:\n  a:\n    runs-on: linux\n    steps:\n    - run: make it\n",
        ["One"],
    ),
    "GitLab CI": ("stages: [build]\nbuild:\n  stage: build\n  script: [make it]\n", []),
    "Docker Compose": ("version: '3'\nservices:\n  a:\n    image: b\n    restart: always\n", []),
    "Kubernetes": ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {app: no no}\n", []),
    "MkDocs": ("site_name: One\nnav:\n- Home: index.md\ntheme: material\n", ["One"]),
}  # fmt: skip
JSON: dict[str, tuple[object, list[str]]] = {
    "npm": (
        {"name": "a", "scripts": {"a": "make it"}, "description": "One", "type": "module"},
        ["One"],
    ),
    "TypeScript": ({"compilerOptions": {"target": "none", "lib": ["no no"]}}, []),
    "JSON Schema": (
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "One",
            "properties": {"a": {"type": "string", "description": "Two", "enum": ["no"]}},
        },
        ["One", "Two"],
    ),
    "a browser's extension": (
        {"manifest_version": 3, "name": "One", "permissions": ["tabs"]},
        ["One"],
    ),
}
TOML = {
    "Cargo": '[package]\nname = "a"\ndescription = "One"\n[dependencies]\nb = "no"\n',
    "Python packaging": '[build-system]\nrequires = ["no"]\n[project]\ndescription = "One"\n',
}


def read(kind: str, text: str, *fields: str) -> tuple[list[str], list[str], Document]:
    document = read_document(open_format(kind, FormatOptions(fields=fields)), "f", text.encode())
    return [slot.text for slot in document.slots], document.remarks, document


@pytest.mark.parametrize("name", YAML)
def test_files_in_yaml(name: str) -> None:
    text, expected = YAML[name]
    assert read("yaml", text.replace("\n", "\r\n"))[0] == expected
    texts, remarks, document = read("yaml", text)
    assert texts == expected
    assert [name in remark for remark in remarks] == [True]
    assert document.has_text == bool(expected)
    assert len(read("yaml", text, "*", "*.*", "*.*.*", "*.*.*.*")[0]) > len(expected)


@pytest.mark.parametrize("name", JSON)
def test_files_in_json(name: str) -> None:
    data, expected = JSON[name]
    texts, remarks, document = read("json", json.dumps(data))
    assert texts == expected
    assert [name in remark for remark in remarks] == [True]
    assert document.has_text == bool(expected)


@pytest.mark.parametrize("name", TOML)
def test_files_in_toml(name: str) -> None:
    texts, remarks, _ = read("toml", TOML[name])
    assert (texts, len(remarks)) == (["One"], 1)
    assert name in remarks[0]


LABELS = {
    "type": "Type", "id": "ID", "name": "Name", "scripts": "Scripts", "services": "Services",
    "version": "Version", "openapi": "Open it", "jobs": "Jobs", "on": "On", "kind": "Of a kind",
    "site_name": "Name of it", "$schema": "https://example.org/messages", "color": "Color",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "yaml", "jsonl"])
def test_labels_with_such_keys_are_texts(kind: str) -> None:
    texts, remarks, _ = read(kind, json.dumps(LABELS))
    assert texts == [value for key, value in LABELS.items() if key != "$schema"]
    assert remarks == []


@pytest.mark.parametrize("kind", ["json", "yaml", "jsonl"])
def test_names_for_programs_stay_and_are_said(kind: str) -> None:
    data = {
        "blocks": [{"id": "a1", "type": "paragraph", "text": "type", "href": "/x"}],
        "geo": {"type": "Point", "@type": "thing", "lang": "en-GB"},
    }
    texts, remarks, _ = read(kind, json.dumps(data))
    assert texts == ["type"]
    assert remarks == ["Values that are names for programs stay (--field): 'type', '@type'."]
    assert read(kind, json.dumps(data), "geo.type")[0] == ["Point"]


def test_keys_that_end_like_names() -> None:
    stay = {"platform": "sun", "event": "sunset", "eventType": "click", "item_id": "house"}
    texts = {"event_": "sunset", "myevent": "click", "Style": "old", "title": "sun", "kind of": "a"}
    found, remarks, _ = read("json", json.dumps({**stay, **texts, "platforms": "sun"}))
    assert found == [*texts.values(), "sun"]
    assert remarks == [
        f"Values that are names for programs stay (--field): {', '.join(map(repr, stay))}."
    ]


@pytest.mark.parametrize(
    ("key", "value", "stays", "is_said"),
    [
        ("class", "btn btn-primary", True, False),
        ("className", "md:w-1/2 hover:[color:red] a", True, False),
        ("cssClass", "large button", True, True),
        ("bodyClassName", "a1 b", True, False),
        ("rel", "noopener noreferrer", True, True),
        ("class", "The second one", False, False),
        ("class", "first, or second", False, False),
        ("label", "btn btn-primary", False, False),
        ("subclass", "one two", False, False),
    ],
)
def test_lists_of_classes_stay(key: str, value: str, stays: bool, is_said: bool) -> None:
    form = open_format("json", FormatOptions())
    document = read_document(form, "f", json.dumps({key: value, "text": "One."}).encode())
    assert [slot.text for slot in document.slots] == ["One."] if stays else [value, "One."]
    assert bool(document.remarks) == is_said
