"""Metrics are compared with people on the same outputs; page and tables say what was found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
from measuring.annotators import Crowd, simulated

from s2scli.errors import BadInputError, MissingInputError, UsageError
from s2scli.judging.collection import Collection
from s2scli.judging.design import write_design
from s2scli.judging.findings import judge
from s2scli.judging.results import Draws, Findings
from s2scli.tasks.judgement import JudgementReport, MetricChoice, score_judgements
from s2scli.tasks.judgement.metrics import MetricCheck, check_metrics
from s2scli.tasks.judgement.page import render
from s2scli.tasks.judgement.record import record
from s2scli.tasks.judgement.sections import sections

QUICK = Draws(100, 200, 5)
CROWD = Crowd(qualities=(80, 65, 50), segments=40)
SENTENCE = "the old house by the sea was sold to a family from the north last year"


def with_texts(kind: str) -> Collection:
    """The worse a system is, the more words of the reference its outputs lack."""
    collection = simulated(kind, CROWD, 3)
    draw = np.random.default_rng(4)
    segments = []
    for segment in collection.design.segments:
        words = SENTENCE.split()
        draw.shuffle(words)
        outputs = {
            name: " ".join(words[: 14 - 3 * lost - int(draw.integers(3))])
            for lost, name in enumerate(segment.outputs)
        }
        segments.append(segment._replace(outputs=outputs, reference=" ".join(words)))
    return collection._replace(design=collection.design._replace(segments=tuple(segments)))


def found(collection: Collection) -> Findings:
    words = {each.id: len(each.source.split()) for each in collection.design.segments}
    return judge(collection, words, QUICK, passing_only=False)


def checked(collection: Collection, *names: str) -> list[MetricCheck]:
    return [*check_metrics(names, {}, collection.design, found(collection))]


def test_correlations_are_those_of_the_tables() -> None:
    from scipy import stats

    collection = with_texts("direct")
    human = found(collection).criteria[0].human
    segments = collection.design.segments
    scores = np.array(
        [
            [
                sacrebleu.sentence_chrf(each.outputs[name], [each.reference or ""]).score
                for name in collection.design.systems
            ]
            for each in segments
        ]
    )
    (check, _) = checked(collection, "chrf")
    assert (check.metric, check.criterion, check.left_out) == ("chrf", "adequacy", 0)
    people, metric = human.ravel(), scores.ravel()
    assert check.outputs.units == 120
    assert check.outputs.pearson == pytest.approx(stats.pearsonr(people, metric).statistic)
    assert check.outputs.kendall == pytest.approx(stats.kendalltau(people, metric).statistic)
    assert check.outputs.pairs == 120
    assert check.outputs.accuracy is not None
    assert check.outputs.accuracy > 0.7
    references = [[each.reference or "" for each in segments]]
    corpus = [
        sacrebleu.corpus_chrf([each.outputs[name] for each in segments], references).score
        for name in collection.design.systems
    ]
    people = np.nanmean(human, axis=0)
    assert check.systems.pearson == pytest.approx(stats.pearsonr(people, corpus).statistic)
    assert check.systems[2:] == (1.0, 3, 1.0, None)


def test_of_metrics_lower_ones_may_be_better() -> None:
    (check,) = checked(with_texts("mqm"), "ter")
    assert check.systems.accuracy == 1.0
    assert check.outputs.pearson is not None
    assert check.outputs.pearson > 0.3


def test_comparisons_have_accuracies_alone() -> None:
    (check,) = checked(with_texts("relative"), "chrf")
    assert (check.outputs.pearson, check.outputs.kendall) == (None, None)
    assert check.outputs.accuracy is not None
    assert check.outputs.accuracy > 0.6
    assert check.systems.kendall == 1.0


def test_segments_without_references_are_left_out() -> None:
    collection = with_texts("summary")
    segments = collection.design.segments
    some = [segments[0]._replace(reference=None), segments[1]._replace(reference=" ")]
    fewer = collection.design._replace(segments=(*some, *segments[2:]))
    check = checked(collection._replace(design=fewer), "rouge1")[0]
    assert check.left_out == 2
    assert check.outputs.units == 38 * 3
    none = collection.design._replace(
        segments=tuple(each._replace(reference=None) for each in segments)
    )
    with pytest.raises(UsageError, match="no judged segment has one"):
        checked(collection._replace(design=none), "bleu")
    with pytest.raises(UsageError, match="no metric 'blue'"):
        checked(collection, "blue")


def test_words_of_scripts_without_spaces() -> None:
    collection = with_texts("mqm")
    segments = tuple(
        each._replace(
            reference="猫坐在垫子上。", outputs=dict.fromkeys(each.outputs, "猫在垫子上。")
        )
        for each in collection.design.segments
    )
    chinese = collection._replace(design=collection.design._replace(segments=segments))
    bleu, chrf = checked(chinese, "bleu", "chrf")
    assert (bleu.splits_at_spaces, chrf.splits_at_spaces) == (True, False)


def written(folder: Path, collection: Collection) -> Path:
    """The folder of an evaluation, with a file of answers of each annotator."""
    answers = folder / "answers"
    answers.mkdir(parents=True)
    write_design(folder, collection.design)
    for annotator in collection.design.annotators:
        rows = []
        for each in collection.answered(annotator):
            row: dict[str, object] = {"task": each.task, "ratings": dict(each.ratings)}
            if each.preference:
                row["preference"] = each.preference
            if each.errors is not None:
                row["errors"] = [error._asdict() for error in each.errors]
            rows.append(row)
        content = {
            "schema": 1,
            "design": collection.design.id,
            "annotator": annotator,
            "answers": rows,
        }
        (answers / f"{annotator}.json").write_text(json.dumps(content), "utf-8")
    return folder


def report(folder: Path, *files: Path) -> JudgementReport:
    return score_judgements(folder, files, MetricChoice(["chrf"]), QUICK, passing_only=False)


@pytest.mark.parametrize("kind", ["direct", "relative", "mqm", "summary"])
def test_files_say_what_was_collected(kind: str, tmp_path: Path) -> None:
    collection = with_texts(kind)
    folder = written(tmp_path / "evaluation", collection)
    (folder / "answers" / ".hidden").write_text("no answers")
    made = report(folder)
    assert (made.name, made.files) == ("evaluation", 3)
    for ours, theirs in zip(made.findings.criteria, found(collection).criteria, strict=True):
        assert ours.systems == theirs.systems
        assert ours.agreement == theirs.agreement
    titles = [section.title for section in sections(made)]
    assert titles[0].startswith("Systems by ")
    assert titles[-2:] == ["Annotators", "Metrics against people"]
    assert ("Errors" in titles) == (kind == "mqm")
    for section in sections(made):
        assert all(len(row) == len(section.columns) for row in section.rows)
        assert set(section.right) <= set(section.columns)
    content = record(made)
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_files_of_one_annotator_that_agree_are_one(tmp_path: Path) -> None:
    collection = with_texts("direct")
    folder = written(tmp_path / "evaluation", collection)
    path = folder / "answers" / "annotator0.json"
    content = json.loads(path.read_text())
    early = json.loads(path.read_text())
    early["answers"] = early["answers"][:10]
    early["answers"][0]["ratings"].pop("fluency")
    (folder / "answers" / "early.json").write_text(json.dumps(early))
    assert report(folder).findings.annotators == found(collection).annotators
    late = {**content, "answers": [{**content["answers"][3]}]}
    late["answers"][0]["ratings"] = {"fluency": 1}
    (folder / "answers" / "late.json").write_text(json.dumps(late))
    with pytest.raises(BadInputError, match=r"late\.json: answers\[0\] and .*answers\[3\]"):
        report(folder)
    made = report(folder, path)
    assert [each.answers for each in made.findings.annotators] == [81, 0, 0]


def test_a_folder_without_answers(tmp_path: Path) -> None:
    folder = written(tmp_path / "evaluation", with_texts("direct"))
    for path in (folder / "answers").iterdir():
        path.unlink()
    with pytest.raises(MissingInputError, match="no answers"):
        report(folder)
    (folder / "answers").rmdir()
    with pytest.raises(MissingInputError, match="answers"):
        report(folder)


def test_a_page_escapes_what_comes_from_outside(tmp_path: Path) -> None:
    collection = with_texts("mqm")
    hostile = "<img src=x onerror=alert(1)>%%TITLE%%"
    design = collection.design
    tasks = tuple(
        task._replace(
            shown=tuple(
                each._replace(system=hostile if each.system == "system0" else each.system)
                for each in task.shown
            )
        )
        for task in design.tasks
    )
    segments = tuple(
        each._replace(
            outputs={hostile if k == "system0" else k: v for k, v in each.outputs.items()}
        )
        for each in design.segments
    )
    renamed = design._replace(
        systems=(hostile, *design.systems[1:]), tasks=tasks, segments=segments
    )
    folder = written(tmp_path / "evaluation", collection._replace(design=renamed))
    text = render(report(folder))
    assert "<img" not in text
    assert "<script" not in text
    assert "&lt;img src=x" in text
    assert not re.search(r"(src|href)\s*=\s*[\"']?(http|//)|url\(|@import", text)
    assert text.count('class="dot"') == 3
