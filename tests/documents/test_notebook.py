"""Jupyter's notebooks: Markdown cells are text, and all else stays as it was written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError

CODE = {"cell_type": "code", "source": ["print('one')"], "outputs": [{"text": ["Some text\n"]}]}


def cell(source: object, kind: str = "markdown", **more: object) -> dict[str, object]:
    return {"cell_type": kind, "metadata": {}, "source": source, **more}


def book(*cells: object, **style: object) -> bytes:
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, **style)  # type: ignore[arg-type]
    return text.encode()


def changed(data: bytes, change: str = "{}") -> tuple[list[str], bytes]:
    document = read_document(open_format("ipynb", FormatOptions()), "f", data)
    targets = []
    for slot in document.slots:
        text = change.format(slot.text)
        targets.append(Target(text, tuple((mark.start, mark.end) for mark in slot.marks)))
    return [slot.text for slot in document.slots], b"".join(document.written(targets))


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([cell("# One\n\nTwo *three*.")], ["One", "Two three."]),
        ([cell(["# One\n", "\n", "Two", " words."])], ["One", "Two words."]),
        ([cell("stays", "raw"), CODE, cell("goes")], ["goes"]),
        ([cell("a", attachments={"b.png": {"image/png": "abc"}}, id="an-id")], ["a"]),
        ([cell("---\ntitle: x\n---\n"), cell("***")], ["x"]),
        ([cell([]), cell(""), CODE], []),
        ([cell("half \ud83d of it"), cell("whole")], ["whole"]),
        ([{"source": "type comes last", "cell_type": "markdown"}], ["type comes last"]),
    ],
)
@pytest.mark.parametrize("style", [{}, {"indent": 1}, {"indent": 2, "ensure_ascii": False}])
def test_what_is_text(cells: list[object], texts: list[str], style: dict[str, object]) -> None:
    if "ensure_ascii" in style and "\\ud83d" in str(cells):
        return
    data = book(*cells, **style)
    found, new = changed(data)
    assert found == texts
    assert new == data


@pytest.mark.parametrize("style", [{}, {"indent": 1}, {"indent": 4, "ensure_ascii": False}])
def test_cells_are_written_as_they_were(style: dict[str, object]) -> None:
    lines = ["# Ét é\n", "\n", "Two lines."]
    data = book(cell(lines), CODE, cell("one\n\nstring"), cell(["alone"]), **style)
    _, new = changed(data, "{} ü")
    first = cell(["# Ét é ü\n", "\n", "Two lines. ü"])
    cells = [first, CODE, cell("one ü\n\nstring ü"), cell(["alone ü"])]
    assert new == book(*cells, **style)


def test_a_cell_of_one_line_becomes_several() -> None:
    data = book(cell(["One\n", "two."]), cell(["- a\n", "- b"]), indent=1)
    wider = "a much longer line than it was"
    lines = json.loads(changed(data, f"{{}} {wider}")[1])["cells"][0]["source"]
    assert len(lines) > 2
    assert "".join(lines).split() == f"One two. {wider}".split()
    assert [line.endswith("\n") for line in lines] == [True] * (len(lines) - 1) + [False]


def test_version_3() -> None:
    cells = [cell("A heading", "heading", level=1), {"cell_type": "code", "input": "x = 'y'"}]
    data = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()
    found, new = changed(data, "<{}>")
    assert found == ["A heading"]
    assert new == data.replace(b"A heading", b"\\\\<A heading>")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"cells": ', "f is not JSON"),
        ('{"cells": []}', "f is not a notebook"),
        ('"nbformat"', "f is not a notebook"),
        ("[" * 200_000, "f is not JSON"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        changed(text.encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["markdown", "cells", "source", "a\n", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["cells", "source", "cell_type"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(value=JSON)
def test_whatever_a_notebook_holds(value: object) -> None:
    data = json.dumps({"nbformat": 4, "cells": value, "worksheets": [value]}).encode()
    assert changed(data)[1] == data
    json.loads(changed(data, "{} x")[1])


def test_headings_keep_the_anchors_that_other_cells_name() -> None:
    data = book(cell("See [it](#The-big-house)."), cell(["## The big house\n", "\n", "Here."]))
    _, new = changed(data, "New {}")
    assert json.loads(new)["cells"][1]["source"] == [
        '## <a id="The-big-house"></a>New The big house\n',
        "\n",
        "New Here.",
    ]


def test_titles_in_metadata_are_said() -> None:
    metadata = {
        "title": "The big house",
        "kernelspec": {"display_name": "Python 3", "title": "x_y"},
    }
    one = {"cell_type": "raw", "source": "", "metadata": {"title": "One small part", "name": "a-1"}}
    data = json.dumps({"nbformat": 4, "metadata": metadata, "cells": [cell("goes"), one]})
    document = read_document(open_format("ipynb", FormatOptions()), "f", data.encode())
    said = "Texts in the notebook's metadata stay: 'The big house', 'One small part'."
    assert document.remarks == [said]
