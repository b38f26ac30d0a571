"""PDF: its lines become paragraphs, and what cannot be read says why."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2scli.data import Decoding
from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError, UnavailableError
from s2scli.flow.stream import FlowOptions
from s2scli.memory.journal import Journal
from s2scli.office.pdf import format as pdf
from s2scli.office.pdf.lines import Line, PageLines, paragraphs
from s2scli.tasks.demands import Demands
from s2scli.tasks.document import DONE
from s2scli.tasks.documents import Settings, translate_documents
from s2scli.tasks.tree import Destination, Selection, jobs
from s2scli.text.glossary import Glossary
from s2scli.text.spans import Protection
from tests.doubles import WordModel

pypdf = pytest.importorskip("pypdf")
CORPUS = Path(__file__).parents[1] / "corpus" / "pdf"
FILES = sorted(CORPUS.glob("*.pdf"))


def document(*contents: bytes, filters: str = "") -> bytes:
    """A PDF with a page of each content."""
    count = len(contents)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, content in enumerate(contents):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>"
            + f"/Contents {5 + 2 * number} 0 R>>".encode(),
            f"<</Length {len(content)}{filters}>>stream\n".encode() + content + b"\nendstream",
        ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + (head + tail).encode()


def content(*lines: tuple[str, float] | tuple[str, float, float]) -> bytes:
    """What draws lines, each at a height and in a size."""
    drawn = [
        f"BT /F {rest[0] if rest else 10} Tf 1 0 0 1 50 {height} Tm ({text}) Tj ET"
        for text, height, *rest in lines
    ]
    return "\n".join(drawn).encode("cp1252")


def read(data: bytes) -> Document:
    return read_document(open_format("pdf", FormatOptions()), "f.pdf", data)


def texts(data: bytes) -> list[str]:
    """The paragraphs."""
    return read(data).text.rstrip("\n").split("\n\n")


LONG = "In the valley, the keeper of the toll-house counted the bags."


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(LONG, 700), ("He wrote the number down.", 688)], [LONG + " He wrote the number down."]),
        ([("A head", 700, 16), ("of two lines", 682, 16), ("A text.", 660)],
         ["A head of two lines", "A text."]),
        ([(LONG, 700), (LONG, 688), (LONG, 676), (LONG, 658), ("End.", 646)],
         [" ".join([LONG] * 3), LONG + " End."]),
        ([("One.", 700), ("Two.", 688), ("Three.", 676)], ["One.", "Two.", "Three."]),
        ([("- an item of a list", 700), ("- another", 688)], ["- an item of a list", "- another"]),
        ([("It was at-", 700), ("tached to a self-", 688), ("made toll-house, as self-made", 676),
          ("things are.", 664)],
         ["It was attached to a self-made toll-house, as self-made things are."]),
        ([("A line of the ISO-", 700), ("norm.", 688)], ["A line of the ISO-norm."]),
    ],
)  # fmt: skip
def test_paragraphs(lines: list[tuple[str, float]], expected: list[str]) -> None:
    assert texts(document(content(*lines))) == expected


def test_letters_that_are_no_letters() -> None:
    page = PageLines()
    unit = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    page.add("the \ufb01nd\x00  of a\ud800 \ufb02oor\n \nand at\xad\nlas", unit, unit, None, 10.0)
    assert list(paragraphs([page.found()])) == ["the find of a floor and atlas"]
    full = "第一行的文字" * 7
    assert list(paragraphs([[Line(full, 20, 9), Line("文字", 10, 9)], []])) == [full + "文字"]


def test_long_words() -> None:
    """Time is linear in their length."""
    for word in ("a" * 300_000, "a-" * 150_000, "a-\n" * 100_000):
        lines = [Line(part, 0, 0) for part in word.split("\n") if part]
        assert sum(map(len, paragraphs([lines]))) > 100_000


@pytest.mark.parametrize("move", ["1 0 0 1 320 {} Tm", "270 0 Td"])
def test_columns_drawn_row_by_row_are_named(move: str) -> None:
    rows = [
        f"BT /F 10 Tf 1 0 0 1 50 {height} Tm (a line on the left) Tj "
        f"{move.format(height)} (a line on the right) Tj ET"
        for height in range(700, 640, -12)
    ]
    lefts, rights = (
        [row.split("(a line")[0] + f"(a {side}) Tj ET" for row in rows] for side in "lr"
    )
    remark = "drawn row by row, and read so, across the columns: 2."
    found = read(document(b"", "\n".join(rows).encode()))
    assert [text for text in found.remarks if remark in text]
    few = read(document("\n".join(rows[:3]).encode())).remarks
    apart = read(document("\n".join([*lefts, *rights]).encode())).remarks
    assert not [*few, *apart]


def test_pages() -> None:
    data = document(content(("One page.", 700)), b"", content(("Another.", 700)))
    assert texts(data) == ["One page.", "Another."]


EXPECTED = {
    "libreoffice-frames": [
        "In July a hive holds fifty thousand bees.",
        "Four hives stand on the roof of the town hall. Their honey is given to guests of the "
        "mayor, who, it is said, prefers jam.",
    ],
    "libreoffice-header": [
        "Night buses",
        "After midnight four lines leave the square together, once an hour.",
        "Line N1 goes to the hospital and waits for the nurses.",
    ],
    "reportlab-rules": [
        "Shower before you swim. Do not run on the tiles; they are older and harder than you.",
        "Second page: children under six swim with an adult.",
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_files_of_real_programs(name: str) -> None:
    found = texts((CORPUS / f"{name}.pdf").read_bytes())
    assert [text for text in found if text in EXPECTED[name]] == EXPECTED[name]


def test_run(tmp_path: Path) -> None:
    """PDFs become plain text."""
    settings_ = Settings(
        FormatOptions(), Demands(Protection(), Glossary()), Decoding(), FlowOptions.on("cpu")
    )
    found = list(jobs([CORPUS], Selection(), Destination(tmp_path)))
    assert [job.target.name for job in found] == [f"{path.stem}.txt" for path in FILES]
    journal = Journal(tmp_path, "key")
    outcomes = list(translate_documents(found, WordModel().as_model(), settings_, journal))
    journal.close()
    for outcome in outcomes:
        assert outcome.status == DONE, outcome.reason
        text = read(outcome.job.source.read_bytes()).text
        assert outcome.job.target.read_text("utf-8") == text


def locked(data: bytes, password: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(BytesIO(data))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_locked_ones(algorithm: str) -> None:
    if algorithm.startswith("AES"):
        pytest.importorskip("cryptography")
    data = document(content(("Not for everybody.", 700)))
    assert texts(locked(data, "", algorithm)) == ["Not for everybody."]
    with pytest.raises(BadInputError, match=r"f\.pdf is protected by a password"):
        read(locked(data, "secret", algorithm))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not a PDF, or is damaged"),
        (b"Some text.\n", "is not a PDF, or is damaged"),
        (b"%PDF-1.7\n" + b"\0" * 1000, "is not a PDF, or is damaged"),
        (document(content(("A text.", 700)))[:200], "is not a PDF, or is damaged"),
        (document(b""), "has no text; it needs OCR"),
        (document(content(("1234", 700))), "has no text; it needs OCR"),
        (
            document(zlib.compress(b" " * 100_000_000), filters="/Filter/FlateDecode"),
            r"is not a PDF, or is damaged \(LimitReachedError",
        ),
        (document(b"[" * 100_000), "f.pdf (has no text|is not a PDF)"),
    ],
    ids=["empty", "text", "zeros", "cut", "nothing", "numbers", "bomb", "nested"],
)
def test_what_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read(data)


def test_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    data = document(*[content((LONG, 700))] * 3)
    monkeypatch.setattr(pdf, "MOST_CHARACTERS", 150)
    with pytest.raises(BadInputError, match="more than 150 characters"):
        read(data)
    monkeypatch.setattr(pdf, "LONGEST", -1.0)
    with pytest.raises(BadInputError, match=r"f\.pdf, page 1 takes too long"):
        read(data)


def test_what_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(UnavailableError, match=r"pip install 's2scli\[pdf\]'"):
        read(FILES[0].read_bytes())


def test_nothing_is_said_of_slips(tmp_path: Path) -> None:
    path = tmp_path / "f.pdf"
    data = document(content(("A text.", 700)))
    path.write_bytes(data.replace(b"startxref\n", b"startxref\n9"))
    code = (
        "import sys; from s2scli.documents import open_format as o;"
        "from s2scli.documents.base import FormatOptions as F;"
        "from s2scli.documents.reading import read_document as r;"
        "print(r(o('pdf', F()), 'f', open(sys.argv[1], 'rb').read()).text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "A text."
    assert done.stderr == ""


SMALL = [
    (CORPUS / "reportlab-rules.pdf").read_bytes(),
    document(content((LONG, 700), ("A text.", 688)), content(("Another.", 700, 16))),
]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SMALL),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 9)), max_size=5),
)
def test_damaged_ones(data: bytes, damages: Sequence[tuple[float, bytes, int]]) -> None:
    for place, other, length in damages:
        start = int(place * len(data))
        data = data[:start] + other + data[start + length :]
    try:
        opened = read(data)
    except (BadInputError, UnavailableError):
        return
    assert b"".join(opened.written([Target(slot.text) for slot in opened.slots])).decode("utf-8")


def test_what_is_not_read_is_said() -> None:
    assert read(document(content(("One", 700)), b"", b"q Q")).remarks == []
    picture = b"0 0 600 800 re f"
    found = read(document(picture, content(("One", 700)) + b" " + picture, picture))
    assert found.remarks == ["Pages of pictures without text (OCR would read them): 1, 3."]
    assert read(document(content(("One \x02\x03", 700)))).remarks == [
        "Pages with letters whose fonts do not say what they are, which are missing: 1."
    ]
    writer = pypdf.PdfWriter(BytesIO(document(content(("One", 700)))))
    for kind, key, said in (
        ("/Widget", "/V", "Name of it"),
        ("/Text", "/Contents", "A note"),
        ("/Widget", "/V", "12"),
        ("/Link", "/Contents", "No"),
    ):
        named = {"/Type": "/Annot", "/Subtype": kind}
        note = {pypdf.generic.NameObject(a): pypdf.generic.NameObject(b) for a, b in named.items()}
        note[pypdf.generic.NameObject(key)] = pypdf.generic.TextStringObject(said)
        place = pypdf.generic.RectangleObject((0, 0, 9, 9))
        note[pypdf.generic.NameObject("/Rect")] = place
        writer.add_annotation(0, pypdf.generic.DictionaryObject(note))
    data = BytesIO()
    writer.write(data)
    assert read(data.getvalue()).remarks == ["Texts of form fields and notes are left out: 2."]
