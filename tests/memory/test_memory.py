"""Translation memories: real files, several processes, kills, damage."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2scli.data import Translation
from s2scli.errors import BadInputError, CannotCreateError, LockedError, MissingInputError
from s2scli.memory import database as database_module
from s2scli.memory.entries import (
    DAY_SECONDS,
    EntrySelection,
    TranslationUnit,
    add,
    count,
    entries,
    holdings,
    label,
    prune,
    size_bytes,
)
from s2scli.memory.memory import Memory, Origin, memory_file, writing

EN_DE = Origin.of_model("en", "deu_Latn", "tiny", "a" * 64)
OTHER_OPTIONS = EN_DE._replace(key="b" * 64)
HELLO = {"Hello": Translation("Hallo", ((0, 5, 0, 5),))}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a memory may be."""
    return tmp_path / "memory"


def remember(path: Path, origin: Origin, translations: dict[str, Translation]) -> None:
    """What a run leaves."""
    memory = Memory(path, origin)
    memory.remember(translations)
    memory.close()


def recall(path: Path, origin: Origin, *texts: str) -> dict[str, Translation]:
    """What the next run finds."""
    memory = Memory(path, origin)
    found = memory.recall(texts)
    memory.close()
    return found


def bring(path: Path, name: str, *units: TranslationUnit) -> tuple[int, int]:
    """Import units; how many they are, and how many are new."""
    with memory_file(path, create=True) as database:
        return add(database, name, units)[:2]


def test_translations_that_others_of_one_import_replace(path: Path) -> None:
    units = [TranslationUnit("en", "de", "One", target) for target in ("Ein", "Eins", "Eins")]
    other = TranslationUnit("en", "fr", "One", "Un")
    with memory_file(path, create=True) as database:
        assert add(database, "x", [*units, other]) == (4, 2, 1)
        assert add(database, "x", [*units, other]) == (4, 0, 1)


def all_entries(path: Path, selection: EntrySelection | None = None) -> list[tuple[str, str, int]]:
    """Source, target and uses."""
    with memory_file(path) as database:
        chosen = entries(database, selection or EntrySelection())
        return [(entry.source, entry.target, entry.uses) for entry in chosen]


def test_the_same_model_with_the_same_options_recalls(path: Path) -> None:
    remember(path, EN_DE, HELLO)
    assert recall(path, EN_DE, "Hello", "unknown") == HELLO
    assert recall(path, OTHER_OPTIONS, "Hello") == {}
    assert recall(path, EN_DE._replace(target_language="fr"), "Hello") == {}
    assert recall(path, EN_DE._replace(source_language="und"), "Hello") == {}
    remember(path, EN_DE, {"Hello": Translation("Guten Tag")})
    assert recall(path, EN_DE, "Hello") == {"Hello": Translation("Guten Tag", None)}
    assert all_entries(path) == [("Hello", "Guten Tag", 2)]


def test_people_come_before_models_and_the_new_before_the_old(path: Path) -> None:
    remember(path, EN_DE, {**HELLO, "Bye": Translation("Tschüs")})
    bring(
        path,
        "old",
        TranslationUnit("en", "de", "Hello", "Moin"),
        TranslationUnit("de", "en", "Bye", "?"),
    )
    for origin in (EN_DE, OTHER_OPTIONS, EN_DE._replace(name="another")):
        assert recall(path, origin, "Hello")["Hello"] == Translation("Moin", ())
    assert recall(path, EN_DE, "Bye")["Bye"].text == "Tschüs"
    bring(path, "new", TranslationUnit("en", "de", "Hello", "Servus"))
    assert recall(path, EN_DE, "Hello")["Hello"].text == "Servus"
    remember(path, EN_DE, HELLO)
    assert recall(path, EN_DE, "Hello")["Hello"].text == "Servus"
    bring(
        path, "old", TranslationUnit("en", "de", "Hello", "Ahoi")
    )  # corrected, so it is the newest
    assert recall(path, EN_DE, "Hello")["Hello"].text == "Ahoi"
    with memory_file(path) as database:
        prune(database, EntrySelection(origin="import:old"))
        prune(database, EntrySelection(origin="import:new"))
    assert recall(path, EN_DE, "Hello") == HELLO


def test_languages_are_known_by_all_their_codes() -> None:
    assert EN_DE[:2] == ("en", "de")
    assert Origin.of_model("pes_Arab", "zho_Hant", "m", "k")[:2] == ("fa", "zh-Hant")
    assert Origin.of_model("", "no language", "m", "k")[:2] == ("und", "und")
    assert Origin.of_model("zh-CN", "pt-BR", "m", "k")[:2] == ("zh", "pt")
    assert Origin.of_model("sr-Latn-RS", "arb", "m", "k")[:2] == ("sr-Latn", "ar")


def test_uses_are_counted(path: Path) -> None:
    remember(path, EN_DE, HELLO)
    memory = Memory(path, EN_DE)
    for _ in range(3):
        memory.recall(["Hello", "Hello"])
    memory.close()
    assert all_entries(path) == [("Hello", "Hallo", 3)]


@settings(deadline=None, max_examples=30)
@given(
    translations=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.builds(  # a memory keeps the words and what comes from what
            lambda text, links: Translation(text, links),
            st.text(st.characters(exclude_categories=["Cs"])),
            st.none() | st.lists(st.tuples(*[st.integers(0, 99)] * 4)).map(tuple),
        ),
    )
)
def test_everything_comes_back(
    tmp_path_factory: pytest.TempPathFactory, translations: dict[str, Translation]
) -> None:
    path = tmp_path_factory.mktemp("memories") / "memory"
    remember(path, EN_DE, translations)
    assert recall(path, EN_DE, *translations) == translations


def test_more_texts_than_one_question_holds(path: Path) -> None:
    known = {f"text {n}": Translation(f"Text {n}") for n in range(3000)}
    remember(path, EN_DE, known)
    assert recall(path, EN_DE, *known, "no") == known


def test_a_run_does_not_hold_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    one, other = Memory(path, EN_DE), Memory(path, OTHER_OPTIONS)
    one.remember(HELLO)
    one._written = 0  # its time to write has come
    one.remember({"Bye": Translation("Tschüs")})
    other._written = 0
    other.remember(HELLO)
    assert all_entries(path) == [("Hello", "Hallo", 0), ("Bye", "Tschüs", 0), ("Hello", "Hallo", 0)]
    one.close()
    other.close()


def test_others_that_write_all_the_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    memory = Memory(path, EN_DE)
    with memory_file(path) as database, writing(database):
        memory.recall(["Hello"])  # reading does not wait
        memory.remember(HELLO)
        with pytest.raises(LockedError, match="is locked by another process"):
            memory.close()


def test_a_thread_recalls_while_another_remembers(path: Path) -> None:
    texts = [f"text {n}" for n in range(200)]
    remember(path, EN_DE, {text: Translation(text.upper()) for text in texts})
    memory = Memory(path, EN_DE)
    found: list[int] = []
    reader = threading.Thread(
        target=lambda: found.extend(len(memory.recall(texts)) for _ in range(50))
    )
    reader.start()
    for number in range(50):
        memory._written = 0
        memory.remember({f"new {number}": Translation("x")})
    reader.join()
    memory.close()
    assert found == [200] * 50
    assert sum(uses for _, _, uses in all_entries(path)) == 200 * 50


WRITER = """
import sys
from pathlib import Path
from s2scli.data import Translation
from s2scli.memory.memory import Memory, Origin

path, name, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
memory = Memory(path, Origin("en", "de", name, "key"))
print("open", flush=True)
for n in range(number):
    memory._written = 0
    memory.remember({f"{name} {n} {i}": Translation("x" * 200) for i in range(10)})
memory.close()
"""


def writer(path: Path, name: str, number: int) -> subprocess.Popen[bytes]:
    """A process that writes a memory, ten entries at a time."""
    arguments = [sys.executable, "-c", WRITER, str(path), name, str(number)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE)


def test_processes_create_and_write_it_at_once(path: Path) -> None:
    processes = [writer(path, f"writer {n}", 60) for n in range(4)]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0] * 4
    with memory_file(path) as database:
        assert [holding.entries for holding in holdings(database, EntrySelection())] == [600] * 4


def test_a_kill_leaves_it_whole(path: Path) -> None:
    chance = random.Random(5)
    for name in "abcdef":
        with writer(path, name, 1_000_000) as process:
            assert process.stdout
            assert process.stdout.readline() == b"open\n"
            time.sleep(chance.uniform(0.02, 0.3))
            process.send_signal(signal.SIGKILL)
        with sqlite3.connect(path) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()
    with memory_file(path) as database:
        found = holdings(database, EntrySelection())
        assert len(found) >= 5
        assert all(holding.entries % 10 == 0 for holding in found)  # each turn whole or not at all


def test_what_is_no_memory(path: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="no translation memory"), memory_file(path):
        pass
    assert not path.exists()
    with pytest.raises(BadInputError, match="folder"):
        Memory(tmp_path, EN_DE)
    with pytest.raises(CannotCreateError, match="no folder"):
        Memory(tmp_path / "none" / "memory", EN_DE)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(BadInputError, match="not a translation memory, or is damaged"):
        Memory(path, EN_DE)
    assert path.read_bytes() == b"no database" * 1000
    exchange = path.with_suffix(".tmx")
    exchange.write_text("<tmx>" * 200)
    with pytest.raises(BadInputError) as caught:
        Memory(exchange, EN_DE)
    assert "s2s memory import" in (caught.value.advice)


def test_other_databases_stay_as_they_are(path: Path) -> None:
    for statement in ("CREATE TABLE entries (a)", "PRAGMA user_version = 1"):
        path.unlink(missing_ok=True)
        database = sqlite3.connect(path)
        database.execute(statement)
        database.commit()
        database.close()
        before = path.read_bytes()
        with pytest.raises(BadInputError, match="another program's"):
            Memory(path, EN_DE)
        assert path.read_bytes() == before


def test_a_newer_version(path: Path) -> None:
    remember(path, EN_DE, HELLO)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(BadInputError, match="another version of s2s"):
        Memory(path, EN_DE)


def test_damage_is_said_and_nothing_deleted(path: Path) -> None:
    texts = {f"text {n}": Translation("x" * 100) for n in range(2000)}
    remember(path, EN_DE, texts)
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(BadInputError, match="damaged"):
        recall(path, EN_DE, *texts)
    assert path.read_bytes() == data


def test_links_that_are_none(path: Path) -> None:
    remember(path, EN_DE, HELLO)
    with memory_file(path) as database, database:
        database.execute("UPDATE entries SET links = 'nonsense'")
    with pytest.raises(BadInputError, match="damaged"):
        recall(path, EN_DE, "Hello")


@pytest.fixture
def full(path: Path) -> Path:
    """A memory with a bit of everything."""
    remember(path, EN_DE, {"Hello": Translation("Hallo"), "Old door": Translation("Alte Tür")})
    remember(path, OTHER_OPTIONS, HELLO)
    recall(path, OTHER_OPTIONS, "Hello")
    bring(
        path,
        "acme",
        TranslationUnit("en", "fr", "Fire DOOR", "Porte"),
        TranslationUnit("fr", "en", "Porte", "Door"),
    )
    with memory_file(path) as database, database:
        day = time.time() - 10 * DAY_SECONDS
        database.execute("UPDATE entries SET used = ? WHERE source = 'Old door'", (day,))
    return path


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (EntrySelection(), {"Hello", "Old door", "Fire DOOR", "Porte"}),
        (EntrySelection(source_language="en", target_language="fr"), {"Fire DOOR"}),
        (EntrySelection(target_language="en"), {"Porte"}),
        (EntrySelection(origin="tiny"), {"Hello", "Old door"}),
        (EntrySelection(origin="tiny#bbbbbbbb"), {"Hello"}),
        (EntrySelection(origin="import:acme"), {"Fire DOOR", "Porte"}),
        (EntrySelection(origin="acme"), set()),
        (EntrySelection(text="dOOr"), {"Old door", "Fire DOOR", "Porte"}),
        (EntrySelection(text="TÜR"), {"Old door"}),
        (EntrySelection(text="%"), set()),
        (EntrySelection(days=9), {"Old door"}),
        (EntrySelection(days=11), set()),
        (EntrySelection(unused=True, origin="tiny#bbbbbbbb"), set()),
        (EntrySelection(unused=True), {"Hello", "Old door", "Fire DOOR", "Porte"}),
    ],
)
def test_selections(full: Path, selection: EntrySelection, expected: set[str]) -> None:
    found = all_entries(full, selection)
    assert {source for source, _, _ in found} == expected
    with memory_file(full) as database:
        assert count(database, selection) == len(found)
        assert sum(holding.entries for holding in holdings(database, selection)) == len(found)
        assert prune(database, selection) == len(found)
        assert count(database, selection) == 0
        assert count(database, EntrySelection()) == 5 - len(found)


def test_what_a_memory_holds(full: Path) -> None:
    with memory_file(full) as database:
        found = holdings(database, EntrySelection())
    assert [(label(holding.origin), holding.entries, holding.uses) for holding in found] == [
        ("tiny#aaaaaaaa", 2, 0),
        ("tiny#bbbbbbbb", 1, 1),
        ("import:acme", 1, 0),
        ("import:acme", 1, 0),
    ]
    assert found[0].characters == len("HelloHalloOld doorAlte Tür")


def test_pruning_shrinks_the_file_under_others(path: Path) -> None:
    remember(path, EN_DE, {f"text {n}": Translation("x" * 500) for n in range(5000)})
    other = Memory(path, EN_DE)
    with memory_file(path) as database:
        before = size_bytes(database)
        assert prune(database, EntrySelection(origin="tiny")) == 5000
        assert size_bytes(database) < before / 10
        assert database.execute("SELECT count(*) FROM origins").fetchone() == (0,)
    assert other.recall(["text 1"]) == {}
    other.remember(HELLO)
    other.close()
    assert path.stat().st_size < before / 10
    assert all_entries(path) == [("Hello", "Hallo", 0)]


def test_an_import_that_fails_leaves_nothing(path: Path) -> None:
    def units() -> object:
        yield TranslationUnit("en", "de", "Hello", "Hallo")
        raise BadInputError("broken")

    with (
        memory_file(path, create=True) as database,
        pytest.raises(BadInputError, match="broken"),
    ):
        add(database, "x", units())  # type: ignore[arg-type]
    assert all_entries(path) == []
    assert bring(
        path, "x", *[TranslationUnit("en", "de", "Hello", text) for text in ("Moin", "Hallo")]
    ) == (
        2,
        1,
    )
    assert all_entries(path) == [("Hello", "Hallo", 0)]
