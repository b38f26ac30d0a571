"""Lexical shortlists: made from a model itself, checked, stored, used where they may be."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2scli
from s2scli.data import Decoding, Piece, Segment
from s2scli.errors import BadInputError, GateError, InvalidModelError, UsageError
from s2scli.flow.options import FlowOptions
from s2scli.flow.service import FlowService
from s2scli.inference.device import place
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.engines.recomputing import GreedyPlan
from s2scli.inference.engines.shortlisted import NearTies, RescoredLater
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.inference.shortlist import apart
from s2scli.inference.suppression import target_vocabulary
from s2scli.models.catalogue import shortlist_facts
from s2scli.models.convert.run import convert
from s2scli.models.integrity import damaged_files
from s2scli.models.manifest import FILE_NAME, SHORTLIST_FILE, Manifest, ShortlistRecord
from s2scli.models.shortlist import Reach, Shortlist, remove_shortlist, save_shortlist
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from s2scli.tasks.shortlist.checking import Check, Promise, Trial, least_share
from s2scli.tasks.shortlist.choice import SIZES, Size, choose
from s2scli.tasks.shortlist.making import Material, make_shortlist, none_holds
from s2scli.tasks.shortlist.yields import Yields, count
from s2scli.tasks.translate import translate
from tests.conftest import GOLDEN, Run

NOUNS = (
    "house",
    "dog",
    "car",
    "book",
    "garden",
    "letter",
    "train",
    "city",
    "bread",
    "door",
    "school",
    "bag",
)
QUALITIES = ("old", "new", "small", "good", "big", "beautiful", "expensive")
FRAMES = (
    "The {noun} is {quality}.",
    "I see a {quality} {noun}.",
    "Is the {noun} {quality}?",
    "We have a {quality} {noun}.",
    "My {noun} is not {quality}.",
    "She has a {quality} {noun}.",
    "This is a {quality} {noun}.",
)
LINES = [f.format(noun=n, quality=q) for f, n, q in product(FRAMES, NOUNS, QUALITIES)]
CHECKED = LINES[::10]
KNOWN = "Is the old city beautiful?"
UNKNOWN = "The hospital was closed yesterday because of a strike."


def silent(_stage: str, _done: float, _total: float) -> None:
    """Nobody is told."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the bundled model with a shortlist for plain sentences."""
    directory = tmp_path_factory.mktemp("models") / "short"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), directory)
    model = opened(directory)
    make_shortlist(model, directory, Material.of(["\n".join(LINES)], CHECKED), silent, 0.9)
    return directory


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The same, for tests that change it."""
    return Path(shutil.copytree(made, tmp_path / "short"))


def opened(directory: Path) -> Model:
    return Model(directory, place("cpu", threads=1), job=Job("translate"))


def record_of(directory: Path) -> ShortlistRecord:
    record = Manifest.load(directory).shortlist
    assert record
    return record


def store(directory: Path, shortlist: Shortlist, longest: int = 0) -> None:
    """Store a shortlist as if it were the one that was checked."""
    data, manifest = shortlist.encoded(), Manifest.load(directory)
    hashed = sha256(data).hexdigest()
    record = record_of(directory)._replace(bytes=len(data), sha256=hashed, longest=longest)
    save_shortlist(directory, manifest, data, record)


def rows_of(directory: Path) -> dict[str, set[str]]:
    """The shortlist as the engine reads it: candidates by source token."""
    lines = (directory / SHORTLIST_FILE).read_text("utf-8").removesuffix("\n").split("\n")
    return {
        s: set(targets.split(" ")) for s, _, targets in (line.partition("\t") for line in lines)
    }


def written(model: Model, *texts: str, **given: Any) -> list[list[str]]:
    """The tokens of translations that are decoded together."""
    sources = [model.source(tokens) for tokens in model.encode(texts)]
    batch = model.engine.submit(sources, model.decoding(given)).result()
    return [hypothesis.tokens for hypothesis, *_ in batch]


def test_the_record_says_how_it_was_made_and_what_was_found(made: Path) -> None:
    record = record_of(made)
    assert record.lines + record.checked == len(LINES)
    assert record.languages == ("en", "de")
    assert record.beams == (1, 4)
    assert 100 < record.candidates < 2000
    assert 0.9 <= record.sure < record.equal <= 1
    assert record.known == 1
    assert record.alike
    assert record.alike > 98.5
    assert record.faster
    assert shortlist_facts(record)["faster"] == f"{record.faster:.2f} times, each line alone"
    assert len(record.texts[0]) == 64
    assert record.bleu is None


def test_only_candidates_are_written(made: Path) -> None:
    """The list as it is, with rows for tokens that were never seen: what it makes of a text."""
    model, rows = opened(made), rows_of(made)
    (source,) = model.encode([UNKNOWN])
    candidates = rows[""].union(["<unk>"], *(rows.get(token, set()) for token in source))
    engine = model.engine
    assert isinstance(engine, CTranslate2Engine)
    engine._reach = Reach(frozenset((*source, "</s>")))
    ((hypothesis, *_),) = engine.submit(
        [model.source(source)], model.decoding({"shortlist": True})
    ).result()
    assert set(hypothesis.tokens) <= candidates
    assert not set(written(model, UNKNOWN)[0]) <= candidates


@pytest.mark.parametrize("beam", [1, 4])
def test_a_source_with_tokens_that_it_does_not_know_has_the_whole_vocabulary(
    made: Path, beam: int
) -> None:
    model = opened(made)
    texts = [UNKNOWN, KNOWN, "Hospitals strike.", LINES[0], UNKNOWN[:-1]]
    found = written(model, *texts, shortlist=True, beam_size=beam)
    alone = [written(model, text, shortlist=True, beam_size=beam)[0] for text in texts]
    whole = [written(model, text, beam_size=beam)[0] for text in texts]
    assert found == alone == whole


def test_sources_that_it_does_not_know_have_batches_of_their_own(made: Path) -> None:
    model = opened(made)
    decoding = model.decoding({"shortlist": True})
    other = model.decoding({"shortlist": True, "beam_size": 2})
    texts = [KNOWN, UNKNOWN, LINES[0], UNKNOWN]
    pieces = [
        Piece(Segment(number, text), 0, model.source(model.encode([text])[0]), text)
        for number, text in enumerate(texts)
    ]
    pieces[3] = pieces[3]._replace(decoding=other)
    (found,) = apart([pieces], model, decoding)
    assert found[::2] == pieces[::2]
    assert found[1] == pieces[1]._replace(decoding=model.decoding({}))
    assert found[3] == pieces[3]._replace(decoding=model.decoding({"beam_size": 2}))


def test_a_run_decodes_them_apart(made: Path) -> None:
    model = opened(made)
    known = ["My dog is old.", "My car is new.", "My city is small."]
    unknown = [UNKNOWN.replace("yesterday", day) for day in ("yesterday", "today", "again")]
    texts = [text for pair in zip(known, unknown, strict=True) for text in pair]
    assert [len(tokens) for tokens in model.encode(texts)] == 3 * [5, 12]
    options = FlowOptions.on(model.device)
    with FlowService(model.workers, options) as service:
        options = options._replace(service=service, whole_windows=True)
        blocks = [[Segment(number, text) for number, text in enumerate(texts)]]
        found = list(translate(blocks, model, model.decoding({"shortlist": True}), options))
        assert service.sizes == {3: 2}
    whole = translate(blocks, model, model.decoding({}), FlowOptions.on(model.device))
    assert [r.text for run in found for r in run] == [r.text for run in whole for r in run]


def test_a_source_that_is_longer_than_was_checked_has_the_whole_vocabulary(copied: Path) -> None:
    """With a list of no candidates, so that whatever it serves comes out otherwise."""
    store(copied, Shortlist(frozenset(), dict.fromkeys(rows_of(copied), ())), longest=6)
    model = opened(copied)
    texts = ["My dog is old.", "I see a small house, and a new car."]
    assert [len(model.source(tokens)) for tokens in model.encode(texts)] == [6, 12]
    found, whole = written(model, *texts, shortlist=True), written(model, *texts)
    assert [one == other for one, other in zip(found, whole, strict=True)] == [False, True]


def test_a_check_says_up_to_which_length_it_holds(copied: Path) -> None:
    """With the candidates of the shorter lines alone."""
    model = opened(copied)
    long = [line.replace(".", " because of the weather.") for line in CHECKED if "." in line]
    sources, rows = model.encode([*CHECKED, *long]), rows_of(copied)
    candidates = {token for tokens in written(model, *CHECKED) for token in tokens}
    shortlist = Shortlist(
        frozenset(candidates),
        {token: rows.get(token, set()) & candidates for row in sources for token in [*row, "</s>"]},
    )
    trial = Trial(model, sources, (), Promise(0.9))
    store(copied, shortlist)
    check = trial.check(shortlist, opened(copied))
    assert check.longest == max(map(len, model.encode(CHECKED)))
    assert not check.holds(Promise(0.9))
    assert f"--longest {check.longest}." in str(none_holds(check, 0.9).advice)


def test_the_whole_vocabulary_decides_near_ties(model: Model) -> None:
    """Two hypotheses whose places are exchanged, as if a shortlist had seen them so."""
    sources = [model.source(tokens) for tokens in model.encode([KNOWN, LINES[0], LINES[9]])]
    batch = model.engine.submit(sources, model.decoding({"n_best": 2})).result()
    exchanged = [
        [worse._replace(score=-0.1), better._replace(score=-0.101)] for better, worse in batch
    ]
    far = [[worse._replace(score=-0.1), better._replace(score=-0.2)] for better, worse in batch]
    rules = NearTies(model.engine.score, 1.0, 0)
    found = RescoredLater(Finished(exchanged), sources, rules).result()
    assert [one.tokens for (one,) in found] == [several[0].tokens for several in batch]
    for (one,), (better, _) in zip(found, batch, strict=True):
        assert one.score == pytest.approx(better.score, abs=1e-3)
    kept = RescoredLater(Finished(far), sources, rules).result()
    assert [one.tokens for (one,) in kept] == [several[1].tokens for several in batch]


@pytest.mark.parametrize(
    ("tokens", "apart", "close"),
    [
        ("a b c d e f g h x", 0.029, True),  # with the end, in one token and more
        ("a b c d e f g h x", 0.05, False),
        ("x b c d e f g h i", 0.09, True),  # in all ten
        ("x b c d e f g h i", 0.1, False),
        ("a b c d e f g h", 0.05, False),
    ],
)
def test_ties_are_nearer_where_less_differs(tokens: str, apart: float, close: bool) -> None:
    best = TokenHypothesis(list("abcdefghi"), -0.2, 10, False)
    length = len(tokens.split()) + 1
    for penalty in (0.0, 1.0, 2.0):
        rules = NearTies(list, penalty, 0)
        value = rules.value(best) - apart / 10**penalty
        score = value * length**penalty / length
        other = TokenHypothesis(tokens.split(), score, length, False)
        assert rules.are_close(best, other) == close


class Finished(NamedTuple):
    """A batch that is decoded already."""

    hypotheses: list[list[TokenHypothesis]]

    def result(self) -> list[list[TokenHypothesis]]:
        return self.hypotheses


@pytest.mark.parametrize("name", ["marian-tiny", "m2m100", "mbart50"])
def test_a_greedy_search_tells_what_else_it_could_have_written(name: str, tmp_path: Path) -> None:
    convert(GOLDEN / name, tmp_path / name, quantization="float32")
    job = Job("translate", *(() if name == "marian-tiny" else ("en", "de")))
    model = Model(tmp_path / name, place("cpu", threads=1), job=job)
    engine, frame = model.engine, model.frame
    assert isinstance(engine, CTranslate2Engine)
    sources = [model.source(tokens) for tokens in model.encode([KNOWN, LINES[0]])]
    decoding = model.decoding({"beam_size": 1, "max_length": 20, "forced_end": False})
    given = (frame.target_prefix, frame.start_given)
    expected = engine.submit(sources, decoding, *given).result()
    ranked = engine.ranked(sources, [h.tokens for h, *_ in expected], 5, *given)
    found = list(engine.stepper.greedy(sources, *given, GreedyPlan(19, 5, 8)))
    for source, search, (hypothesis, *_), steps in zip(
        sources, found, expected, ranked, strict=True
    ):
        places = search.shares.argmax(1)
        best = [engine.stepper.tokens[n] for n in search.tokens[range(len(places)), places]]
        assert [token for token in best if token != "</s>"] == hypothesis.tokens
        assert search.attention.shape == (len(best), len(source))
        for shares, step in zip(search.shares, steps[: len(best)], strict=True):
            logs = sorted(np.log(shares), reverse=True)
            assert logs == pytest.approx([log for _, log in step.best], abs=1e-3)


def test_signs_and_copies_are_candidates(made: Path) -> None:
    rows = rows_of(made)
    vocabulary = target_vocabulary(made)
    assert vocabulary
    assert {"<0x00>", "<0xFF>", "?", "7", "▁"} & vocabulary <= rows[""]
    assert {"▁train"} <= rows[""] | rows["▁train"]


def test_outputs_with_it_are_those_of_the_model_alone(made: Path) -> None:
    with s2scli.load(made, threads=1) as model:
        whole = [result.text for result in model.translate(CHECKED)]
        short = [result.text for result in model.translate(CHECKED, shortlist=True)]
    assert sum(map(str.__eq__, whole, short)) >= 0.97 * len(CHECKED)


@pytest.mark.parametrize(
    "options",
    [
        {"n_best": 2},
        {"sample": True},
        {"search": "reference"},
        {"coverage_penalty": 0.2},
        {"prefix": "Das"},
    ],
)
def test_it_is_refused_where_it_would_change_more_than_a_few_texts(
    made: Path, options: dict[str, Any]
) -> None:
    with (
        s2scli.load(made, threads=1) as model,
        pytest.raises(UsageError, match="one output of the engine's own search"),
    ):
        model.translate(KNOWN, shortlist=True, **options)


def test_a_step_that_wants_several_hypotheses_gets_those_of_the_whole_vocabulary() -> None:
    short = Decoding(shortlist="abc")
    assert short.is_shortlisted
    for changed in ({"n_best": 2}, {"prefix": ("Das",)}, {"sample": True}, {"search": "reference"}):
        assert not Decoding(shortlist="abc", **changed).is_shortlisted


def test_a_model_without_one_says_so(copied: Path) -> None:
    remove_shortlist(copied, Manifest.load(copied))
    with s2scli.load(copied, threads=1) as model:
        assert model.translate(KNOWN, shortlist=False).text
        with pytest.raises(UsageError, match="has no shortlist"):
            model.translate(KNOWN, shortlist=True)


def test_one_for_other_languages_is_not_used(copied: Path) -> None:
    manifest = Manifest.load(copied)
    other = record_of(copied)._replace(languages=("en", "fr"))
    manifest._replace(shortlist=other).save(copied)
    with (
        s2scli.load(copied, threads=1) as model,
        pytest.raises(UsageError, match="for en-fr, not for en-de"),
    ):
        model.translate(KNOWN, shortlist=True)


def test_a_changed_file_is_found_out(copied: Path) -> None:
    with (copied / SHORTLIST_FILE).open("ab") as file:
        file.write(b"x\ty\n")
    assert list(damaged_files(copied, Manifest.load(copied))) == [SHORTLIST_FILE]
    with pytest.raises(InvalidModelError, match=f"{SHORTLIST_FILE}.*--remove"):
        s2scli.load(copied, threads=1)


def test_removing_leaves_the_model_as_it_was(copied: Path) -> None:
    remove_shortlist(copied, Manifest.load(copied))
    assert not (copied / SHORTLIST_FILE).exists()
    bundled = Manifest.load(bundled_directory(DEFAULT_MODEL))
    assert Manifest.load(copied) == bundled._replace(shortlist=None)
    old = json.loads((copied / FILE_NAME).read_text("utf-8"))
    del old["shortlist"]
    (copied / FILE_NAME).write_text(json.dumps(old))
    assert Manifest.load(copied).shortlist is None
    assert list(damaged_files(copied, Manifest.load(copied))) == []


def test_it_does_not_change_what_a_model_is_called_in_keys(made: Path) -> None:
    """Journals and memories of runs without it hold on."""
    bundled = Manifest.load(bundled_directory(DEFAULT_MODEL))
    assert Manifest.load(made).fingerprint == bundled.fingerprint


def test_larger_sizes_hold_smaller_ones(model: Model) -> None:
    engine = model.engine
    assert isinstance(engine, CTranslate2Engine)
    yields = count(model, engine, model.encode(LINES[::4]), silent)
    vocabulary = target_vocabulary(bundled_directory(DEFAULT_MODEL))
    assert vocabulary
    lists = [choose(yields, vocabulary, size) for size in SIZES]
    for source in model.encode(LINES[::50]):
        found = [each.candidates(source) for each in lists]
        assert all(smaller <= larger for smaller, larger in pairwise(found))


def test_what_was_yielded_most_often_comes_first() -> None:
    yields = Yields()
    yields.frequency.update({"der": 9, "Hund": 3, "Hunde": 1})
    yields.by_token["dog"].update({"Hund": 3, "der": 2, "Hunde": 1})
    yields.by_token["cat"].update({"Katze": 3})
    yields.seen.update({"dog": 5, "cat": 4})
    known = {"der", "Hund", "Hunde", "Katze", "dog", ".", "<0x0A>"}
    found = choose(yields, known, Size(1, 1), ["</s>"])
    assert found.always == {"der", ".", "<0x0A>"}
    assert found.by_token == {"dog": {"Hund", "dog"}, "</s>": set()}
    assert choose(yields, known, Size(1, 2)).by_token == {"dog": {"Hund", "Hunde", "dog"}}
    shares = Size(1, 2, 0.0005)  # of five steps, in thousandths: 2.5
    assert choose(yields, known, shares).by_token == {"dog": {"Hund", "dog"}}


def test_a_source_is_served_if_all_tokens_are_known_and_it_is_short_enough() -> None:
    short = Shortlist(frozenset(), {"dog": (), "</s>": ()})
    assert short.reach().serves(["dog", "dog", "</s>"])
    assert not short.reach().serves(["dog", "cat", "</s>"])
    assert short.reach(2).serves(["dog", "</s>"])
    assert not short.reach(2).serves(["dog", "dog", "</s>"])


def test_tokens_that_the_file_cannot_hold_are_left_out() -> None:
    odd = Shortlist(frozenset({"a", "b c"}), {"x": ("d\te", "f"), "y z": ("a",)})
    assert odd.encoded() == b"\ta\nx\tf\n"


def test_too_little_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="at least 150"):
        Material.of(["\n".join(LINES[:50] * 9)])
    with pytest.raises(BadInputError, match="2 references for 1 lines"):
        Material.of(["\n".join(LINES)], ["Hello!"], ["Hallo!", "Welt!"])


@pytest.mark.parametrize(("lines", "count"), [([" "], 0), ([KNOWN] * 87, 87)])
def test_too_little_to_be_sure_is_refused(made: Path, lines: list[str], count: int) -> None:
    material = Material.of(["\n".join(LINES)], lines)
    with pytest.raises(BadInputError, match=f"{count} lines are too few .* 88 are needed"):
        make_shortlist(opened(made), made, material, silent)


@pytest.mark.parametrize(
    ("met", "of", "least"), [(88, 88, 0.97), (980, 1000, 0.9713), (97, 100, 0.9273), (0, 0, 0)]
)
def test_how_sure_a_share_is(met: int, of: int, least: float) -> None:
    """Wilson's interval, one-sided, 95%, reckoned by hand."""
    assert least_share(met, of) == pytest.approx(least, abs=5e-4)


def test_one_that_does_not_hold_is_not_stored(copied: Path) -> None:
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    check = [UNKNOWN, "Neurosurgeons hypothesize about synapses."]
    material = Material.of(["\n".join(LINES[::2])], check)
    with pytest.raises(GateError, match=r"used for 0.0% of the lines"):
        make_shortlist(opened(copied), copied, material, silent, 0.3)
    assert {path.name: path.read_bytes() for path in copied.iterdir()} == before


def test_a_check_with_references_has_bleu(copied: Path) -> None:
    references = ["Ist die alte Stadt schön?", "Das Haus ist nicht alt."]
    material = Material.of(["\n".join(LINES[::2])], [KNOWN, "My house is not old."], references)
    record = make_shortlist(opened(copied), copied, material, silent, 0.3)
    assert record.bleu == record.bleu_without
    assert record.checked == 2


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        (Check(0.98, 0.972, 0.9, 800, 99.0, None, 1.5), True),
        (Check(0.98, 0.969, 0.9, 800, 99.0, None, 1.5), False),
        (Check(0.98, 0.972, 0.9, 800, 98.4, None, 1.5), False),
        (Check(0.98, 0.972, 0.9, 800, 98.4, (30.0, 30.09), 1.5), True),
        (Check(0.98, 0.972, 0.9, 800, 99.0, (30.0, 30.11), 1.5), False),
    ],
)
def test_what_must_hold(check: Check, holds: bool) -> None:
    assert check.holds(Promise()) is holds


def test_the_command(s2s: Run, tmp_path: Path) -> None:
    directory, text = tmp_path / "short", tmp_path / "lines.txt"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), directory)
    text.write_text("\n".join(LINES[::2]))
    none = s2s("models", "shortlist", directory)
    assert (none.returncode, b"Give --text" in none.stderr) == (2, True)
    check = tmp_path / "check.txt"
    check.write_text("\n".join(CHECKED[::2]))
    more = ("--check", check, "--equal", 90, "--longest", 6)
    done = s2s("models", "shortlist", directory, "--text", text, *more)
    assert done.returncode == 0, done.stderr
    assert b"of their translations" in done.stderr
    shown = json.loads(s2s("models", "show", directory, "--json").stdout)
    assert shown["shortlist"]["for"] == "en-de"
    assert shown["shortlist"]["for_lines_of"].startswith("at most 7 tokens")
    gone = s2s("models", "shortlist", directory, "--remove")
    assert (gone.returncode, str(directory) in gone.stderr.decode()) == (0, True)
    again = s2s("models", "shortlist", directory, "--remove")
    assert (again.returncode, b"has no shortlist" in again.stderr) == (2, True)


def test_the_package_stays_as_it_is(s2s: Run) -> None:
    done = s2s("models", "shortlist", "en-de", "--remove")
    assert (done.returncode, b"part of the package" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "used"),
    [
        ((), True),
        (("--shortlist",), True),
        (("--beam", 2), True),
        (("--no-shortlist",), False),
        (("--format", "jsonl"), False),
        (("--scores",), False),
        (("--suppress", "Stadt"), False),
        (("--min-length", 3), False),
        (("--prefix", "Ist"), False),
        (("--search", "reference"), False),
        (("--min-confidence", "0.1", "--guard", "warn"), False),
    ],
)
def test_lines_are_translated_with_it_where_it_was_checked(
    s2s: Run, made: Path, options: tuple[object, ...], used: bool
) -> None:
    done = s2s("translate", "-m", made, "--signature", *options, stdin=KNOWN.encode())
    assert done.returncode == 0, done.stderr
    assert (f"|shortlist:{record_of(made).name}|" in done.stderr.decode()) is used


@pytest.mark.parametrize(("options", "place"), [((), "model"), (("--shortlist",), "flag")])
def test_it_is_named_with_the_other_settings(
    s2s: Run, made: Path, options: tuple[str, ...], place: str
) -> None:
    done = s2s("translate", "-m", made, "-v", *options, stdin=KNOWN.encode())
    named = [line for line in done.stderr.decode().splitlines() if "shortlist" in line]
    assert named == [f"s2s: shortlist {record_of(made).name} ({place})"]


def test_documents_are_translated_without_it(s2s: Run, made: Path, tmp_path: Path) -> None:
    """What is decoded together differs when a run is taken up again."""
    (tmp_path / "a.md").write_text(f"{KNOWN}\n")
    target = tmp_path / "b.md"
    done = s2s("translate", "-m", made, "--signature", tmp_path / "a.md", "-o", target)
    assert done.returncode == 0, done.stderr
    assert b"shortlist" not in done.stderr
    assert target.read_text()


def test_a_model_that_is_pulled_gets_one_if_it_holds(s2s: Run, tmp_path: Path) -> None:
    """The small checkpoint says something else for each line: none holds, and the model stays."""
    text = tmp_path / "lines.txt"
    text.write_text("\n".join(LINES[::2]))
    done = s2s("models", "pull", GOLDEN / "marian-tiny", "--shortlist", text)
    assert (done.returncode, b"No shortlist surely keeps" in done.stderr) == (4, True)
    (line,) = s2s("models", "path", "marian-tiny").stdout.decode().splitlines()
    assert Manifest.load(Path(line)).shortlist is None
    missing = s2s("models", "pull", GOLDEN / "marian-tiny", "--force", "--shortlist", "none.txt")
    assert missing.returncode == 66
