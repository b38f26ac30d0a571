"""Texts from the libraries that write pages, subtitles, tables and data."""

from __future__ import annotations

import configparser
import csv
import datetime
import io
import json
from typing import Any

from corpus.tools import CORPUS, SOURCES, library, run, save, scratch

__all__ = ["data", "markup", "messages", "notebooks", "settings", "sphinx", "subtitles", "yamls"]

CUES = [
    (0, 1500, "The last tram\nleaves at one."),
    (1600, 3000, "<i>And if we miss it?</i>"),
    (3000, 5250, "Then we walk, <b>as always</b>."),
    (65_000, 3_700_000, "♪ Walking home ♪"),
]
ROWS: list[dict[str, Any]] = [
    {"id": 1, "text": "The bench by the lake is wet.", "note": "seen today", "price": 0.5},
    {
        "id": 2,
        "text": 'She said "sit", and sat; the paint, alas, was fresh.',
        "note": "",
        "price": 2,
    },
    {"id": 3, "text": "Two lines:\none, and two.", "note": "tab\there", "price": None},
    {"id": 4, "text": "Été à la plage – 海滩 🏖️ شاطئ", "note": "C:\\bench", "price": -1e-7},
]
LABELS: dict[str, Any] = {
    "title": "Lost property",
    "greeting": "Good day: what have you lost?",
    "colon": "Umbrella: black # not a comment",
    "answers": {"yes": "Yes", "no": "No", "never": "We never had it, sorry."},
    "list": ["one glove", "another glove", "'quoted'", '"twice"', "- dash", "@at", "%percent"],
    "long": "A sentence long enough to be folded by every emitter that folds at eighty columns, "
    "which most of them do unless they are told not to.",
    "lines": "Found on Monday:\n  a hat\n\nFound on Tuesday:\n  the owner\n",
    "trailing": "ends with a blank ",
    "unicode": "Schlüssel 钥匙 🔑",
    "number": 12,
    "string_number": "12",
    "flag": True,
    "nothing": None,
    "day": datetime.date(2024, 3, 1),
    "empty": "",
}


def markup() -> None:
    """Pages by Python-Markdown, markdown-it-py and Docutils; Markdown by mdformat."""
    markdown, parser = library("markdown"), library("markdown_it")
    mdformat, core = library("mdformat"), library("docutils.core")
    for name in ("footnotes", "lists", "tables", "code"):
        text = (SOURCES / f"{name}.md").read_text(encoding="utf-8")
        body = text.split("---\n", 2)[2] if text.startswith("---\n") else text
        save(f"mdformat-{name}.md", mdformat.text(body))
        if name in ("footnotes", "code"):
            made = markdown.markdown(body, extensions=["extra", "codehilite", "toc", "smarty"])
            save(f"python-markdown-{name}.html", made + "\n")
        else:
            save(
                f"markdown-it-{name}.html",
                parser.MarkdownIt("gfm-like", {"linkify": False}).render(body),
            )
    source = (SOURCES / "letter.md").read_text(encoding="utf-8")
    options = {"embed_stylesheet": False, "stylesheet_path": "", "datestamp": None}
    made = core.publish_string(source, writer="html5", settings_overrides=options)
    save("docutils-letter.html", made)


def sphinx() -> None:
    """A manual as pages, as plain text and as templates of messages."""
    library("sphinx")
    manual = SOURCES / "manual"
    with scratch() as folder:
        for builder, suffix in (("html", "html"), ("text", "txt"), ("gettext", "pot")):
            out = folder / builder
            run("sphinx-build", "-q", "-b", builder, "-d", folder / f"{builder}-trees", manual, out)
            for page in ("index", "swarm"):
                text = (out / f"{page}.{suffix}").read_text(encoding="utf-8")
                save(f"sphinx-{page}.{suffix}", text.replace(str(manual), "manual"))


def subtitles() -> None:
    """The same cues by pysubs2, srt and webvtt-py."""
    pysubs2, srt, webvtt = library("pysubs2"), library("srt"), library("webvtt")
    film = pysubs2.SSAFile()
    for start, end, text in CUES:
        event = pysubs2.SSAEvent(start=start, end=end)
        event.text = text.replace("\n", r"\N").replace("<i>", r"{\i1}").replace("</i>", r"{\i0}")
        film.append(event)
    save("pysubs2-tram.srt", film.to_string("srt"))
    save("pysubs2-tram.vtt", film.to_string("vtt"))
    for name in ("ass", "ssa"):
        save(f"pysubs2-tram.{name}", film.to_string(name))
    save("pysubs2-keep-tags.srt", film.to_string("srt", keep_ssa_tags=True))
    millis = datetime.timedelta(milliseconds=1)
    cues = [srt.Subtitle(n, s * millis, e * millis, t) for n, (s, e, t) in enumerate(CUES, 1)]
    save("srt-tram.srt", srt.compose(cues))
    save("srt-crlf.srt", srt.compose(cues, eol="\r\n"))
    titles = webvtt.WebVTT()
    for start, end, text in CUES:
        times = (
            f"{t // 3600000:02}:{t // 60000 % 60:02}:{t // 1000 % 60:02}.{t % 1000:03}"
            for t in (start, end)
        )
        titles.captions.append(webvtt.Caption(*times, text))
    save("webvtt-py-tram.vtt", titles.content)


def messages() -> None:
    """The messages of a file of Fluent, by its own serializer."""
    syntax = library("fluent.syntax")
    for name in ("guide", "selectors", "multiline"):
        text = (CORPUS / "fluent" / f"hand-{name}.ftl").read_text(encoding="utf-8")
        save(f"fluent-syntax-{name}.ftl", syntax.serialize(syntax.parse(text)))


def settings() -> None:
    """The same labels as TOML by tomlkit and tomli-w, and as INI by Python."""
    tomlkit, tomli = library("tomlkit"), library("tomli_w")
    labels = {key: value for key, value in LABELS.items() if value is not None}
    save("tomlkit-labels.toml", tomlkit.dumps(labels))
    save("tomli-w-labels.toml", tomli.dumps(labels))
    save("tomli-w-lines.toml", tomli.dumps(labels, multiline_strings=True))
    for name, around in (("python-blanks.ini", True), ("python-tight.ini", False)):
        parser = configparser.ConfigParser(interpolation=None)
        parser["labels"] = {key: str(value) for key, value in labels.items()}
        stream = io.StringIO()
        parser.write(stream, space_around_delimiters=around)
        save(name, stream.getvalue())


def table(rows: list[dict[str, Any]], **options: Any) -> str:
    """Rows by the module csv."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def data() -> None:
    """Tables by Python's csv in its dialects; JSON by its json, in its styles."""
    save("python-excel.csv", table(ROWS))
    save("python-unix.csv", table(ROWS, dialect="unix"))
    save("python-semicolon.csv", table(ROWS, delimiter=";", lineterminator="\n"))
    save("python-nonnumeric.csv", table(ROWS, quoting=csv.QUOTE_NONNUMERIC))
    save(
        "python-escaped.csv", table(ROWS, quoting=csv.QUOTE_ALL, escapechar="\\", doublequote=False)
    )
    save("python-excel-tab.tsv", table(ROWS, dialect="excel-tab"))
    save("python-unix.tsv", table(ROWS, delimiter="\t", lineterminator="\n"))
    labels = {key: value for key, value in LABELS.items() if key != "day"}
    save("python-default.json", json.dumps(labels))
    save("python-indented.json", json.dumps(labels, indent=4, ensure_ascii=False) + "\n")
    save("python-compact.json", json.dumps(labels, separators=(",", ":"), sort_keys=True))
    save("python-tabs.json", json.dumps(ROWS, indent="\t", ensure_ascii=False))
    lines = [json.dumps(row, ensure_ascii=False) for row in ROWS]
    save("python-records.jsonl", "\n".join(lines) + "\n")
    save("python-ascii.jsonl", "\n".join(map(json.dumps, ROWS)))


def notebooks() -> None:
    """The same cells by nbformat, in its versions, and by Python's json."""
    module = library("nbformat")
    heading = (
        "# How swallows *fly*\n\nThey do it at `dusk`; see [the log](log.csv).\n\n- high\n- low"
    )
    formula = "So it is: $E = mc^2$."
    for version in (3, 4):
        made = library(f"nbformat.v{version}")
        if version == 3:
            cells = [made.new_text_cell("markdown", text) for text in (heading, formula)]
        else:
            cells = [made.new_markdown_cell(text) for text in (heading, formula)]
        code = {"input": "print('dusk')"} if version == 3 else {"source": "print('dusk')"}
        cells.insert(1, made.new_code_cell(**code))
        if version == 3:
            cells.append(made.new_heading_cell("What is left to do", level=2))
            book = made.new_notebook(worksheets=[made.new_worksheet(cells=cells)])
        else:
            for number, cell in enumerate(cells):
                cell["id"] = f"cell-{number}"
            picture = {"dot.png": {"image/png": "iVBORw0KGgo="}}
            cells[0]["attachments"] = picture
            shown = {"text/markdown": ["**Result**, not to be touched"]}
            cells[1]["outputs"] = [made.new_output("display_data", data=shown)]
            book = made.new_notebook(cells=cells)
        save(f"nbformat-v{version}.ipynb", made.writes_json(book) + "\n")
    book = module.from_dict(json.loads((CORPUS / "ipynb" / "nbformat-v4.ipynb").read_text("utf-8")))
    save("python-compact.ipynb", json.dumps(book, separators=(",", ":")))
    save("python-indented.ipynb", json.dumps(book, indent=4, sort_keys=True, ensure_ascii=False))


def yamls() -> None:
    """Labels by PyYAML and ruamel.yaml, in their styles."""
    pyyaml, ruamel = library("yaml"), library("ruamel.yaml")
    save("pyyaml-default.yaml", pyyaml.safe_dump(LABELS))
    save("pyyaml-unicode.yaml", pyyaml.safe_dump(LABELS, allow_unicode=True, sort_keys=False))
    save("pyyaml-flow.yaml", pyyaml.safe_dump(LABELS, default_flow_style=True, allow_unicode=True))
    save("pyyaml-quoted.yaml", pyyaml.safe_dump(LABELS, default_style='"', width=40))
    save("pyyaml-literal.yml", pyyaml.safe_dump(LABELS, default_style="|", explicit_start=True))
    save("pyyaml-all.yml", pyyaml.safe_dump_all([LABELS, ROWS], explicit_end=True, indent=4))
    writer = ruamel.YAML()
    writer.version = (1, 2)
    writer.indent(mapping=4, sequence=6, offset=3)
    stream = io.StringIO()
    writer.dump(LABELS, stream)
    save("ruamel-indented.yaml", stream.getvalue())
    # Comments, anchors and styles survive a round trip through it.
    kept = (SOURCES.parents[2] / "tests" / "corpus" / "yaml" / "hand-rails.yml").read_text("utf-8")
    stream = io.StringIO()
    editor = ruamel.YAML()
    editor.preserve_quotes = True
    editor.dump(editor.load(kept), stream)
    save("ruamel-roundtrip.yaml", stream.getvalue())
