"""The text-to-text pipelines that transformers 5 removed, on this engine.

``pipeline`` takes the arguments and returns the structures of transformers 4.57's (see
``transformers.pipelines.text2text_generation`` there)::

    from s2scli import pipeline

    summarizer = pipeline("summarization", model="bart-cnn")
    summarizer("A long text …", max_length=60)  # [{"summary_text": "…"}]

What differs, on purpose: a text that is too long for the model is summarized part by part, or
translated sentence by sentence, where transformers failed or lost its end; ``max_length`` counts
even where the model itself sets none; nothing is fetched from the hub (``s2s models pull``).
Samples (``do_sample=True``) are drawn with our own random numbers: ``seed`` is an argument, and a
call gives the same samples again. Arguments that have no counterpart are refused by name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from s2scli.api import TextModel, load
from s2scli.errors import UsageError, WrongTypeError
from s2scli.limits import SAMPLING
from s2scli.plugs import suggestion
from s2scli.tasks.answer import Answer, Question
from s2scli.text.cleaned import cleaned
from s2scli.typed import refusal, typed

__all__ = ["Pipeline", "pipeline"]

Record = dict[str, Any]
Run = Callable[[Iterable[Any], Record], Iterator[list[Record]]]
# Task → (ours, the name in the returned keys).
TASKS = {
    "translation": ("translate", "translation"),
    "summarization": ("summarize", "summary"),
    "text2text-generation": ("generate", "generated"),
    "question-answering": ("answer", "answer"),
}
TRANSLATION = re.compile(r"translation_(\w+)_to_(\w+)")
DEFAULT_MAX_LENGTH = 256  # of transformers' pipelines, where a model sets none
# Theirs → (ours, what to add).
LENGTHS = {
    "max_length": ("max_length", -1),
    "min_length": ("min_length", -1),
    "max_new_tokens": ("max_length", 0),
    "min_new_tokens": ("min_length", 0),
}
RENAMED = {
    "num_beams": "beam_size",
    "num_return_sequences": "n_best",
    "length_penalty": "length_penalty",
    "repetition_penalty": "repetition_penalty",
    "no_repeat_ngram_size": "no_repeat_ngram_size",
}
SAMPLE = "do_sample"
DEFAULT_TOP_K = 50  # of transformers; it counts beside ``do_sample`` alone
# Accepted with the values that change nothing here.
HARMLESS: Mapping[str, Callable[[Any], bool]] = {
    "early_stopping": lambda value: value in (True, False, None),
    "return_text": lambda value: value in (True, None),
    "return_tensors": lambda value: not value,
    "use_cache": lambda value: isinstance(value, bool),
    "batch_size": lambda value: isinstance(value, int),  # the engine makes its own batches
    "num_workers": lambda value: isinstance(value, int),
    "framework": lambda value: value in ("pt", None),
    "use_fast": lambda value: isinstance(value, bool),
    "trust_remote_code": lambda value: not value,
    "token": lambda value: True,
    "num_beam_groups": lambda value: value in (1, None),
    "truncation": lambda value: value in (False, None, "do_not_truncate"),
}


@typed
def pipeline(
    task: str | None = None,
    model: str | Path | TextModel | None = None,
    *,
    tokenizer: str | None = None,
    device: Any = None,
    dtype: Any = "auto",
    torch_dtype: Any = None,
    revision: str | None = None,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    **options: Any,
) -> Pipeline:
    """Make a pipeline as transformers 4.57 did.

    Args:
        task: ``translation``, ``translation_XX_to_YY``, ``summarization``,
            ``text2text-generation`` or ``question-answering``.
        model: alias, hub id or directory of an installed model, or a loaded model.
        tokenizer: None, or the model's own.
        device: -1 or ``"cpu"``, or the index of a GPU, ``"cuda"``, ``"cuda:1"``.
        dtype: ``"auto"`` (as stored), or ``float32``, ``float16``, ``bfloat16`` (torch's too).
        torch_dtype: the older name of ``dtype``.
        revision: must be that of the installed model.
        src_lang: language of the input, for multilingual models; each call may name another.
        tgt_lang: language of the output; as above.
        **options: defaults for each call.

    Raises:
        UsageError: an argument is unknown or has no counterpart.
        UnavailableError: the model is not installed.
    """
    if task is None:
        raise UsageError("A pipeline needs a task", f"Known: {', '.join(TASKS)}.")
    languages = TRANSLATION.fullmatch(task)
    kind = "translation" if languages else task
    if kind not in TASKS:
        raise UsageError(f"There is no pipeline {task!r} here", suggestion(task, TASKS))
    if languages:
        src_lang, tgt_lang = src_lang or languages[1], tgt_lang or languages[2]
    if tokenizer is not None and tokenizer != model:
        raise UsageError("tokenizer must be the model's own", "Leave it out.")
    if not isinstance(model, TextModel):
        where, index = _device(device)
        model = load(
            model,
            TASKS[kind][0],
            source=src_lang,
            target=tgt_lang,
            device=where,
            device_index=(index,),
            compute_type=_compute_type(torch_dtype if torch_dtype is not None else dtype),
        )
    manifest = model.model.manifest
    if revision and manifest.revision and not manifest.revision.startswith(revision):
        raise UsageError(
            f"The installed {manifest.name} is revision {manifest.revision}",
            f"Download the other: s2s models pull {manifest.checkpoint} --revision {revision}.",
        )
    return Pipeline(kind, model, {"src_lang": src_lang, "tgt_lang": tgt_lang, **options})


class Pipeline:
    """A task with a model: call it on a text, a list of texts or an iterator of texts.

    Attributes:
        task: the task's name, without languages.
        model: the loaded model.
    """

    def __init__(self, task: str, model: TextModel, options: Mapping[str, Any]) -> None:
        self.task = task
        self.model = copy(model)
        self.model.model = model.model.uncleaned()  # each call says whether texts are cleaned
        self._options = {name: value for name, value in options.items() if value is not None}
        runs: dict[str, Run] = {
            "translation": self._translate,
            "summarization": self._summarize,
            "text2text-generation": self._generate,
            "question-answering": self._answer,
        }
        self._run = runs[task]
        # Refuse now what would be refused at each call.
        _decoding({name: self._options[name] for name in self._options.keys() - self._of_answers})

    def __call__(self, inputs: Any = None, **options: Any) -> Any:
        """Run it.

        Args:
            inputs: a text, a list of texts, or any other iterable of texts. For question
                answering, a mapping with ``question`` and ``context`` or a list of such, or give
                these two by name.
            **options: ``max_length``, ``min_length``, ``max_new_tokens``, ``num_beams`` …; to draw
                samples, ``do_sample``, ``temperature``, ``top_k``, ``top_p`` and ``seed``; to
                translate, ``src_lang`` and ``tgt_lang``.

        Returns:
            For a text, a list of records, one per returned sequence. For a list of texts, the
            records, or lists of them if there are several per text. For another iterable, an
            iterator over lists of records. For question answering, a record or a list of them.

        Raises:
            UsageError: an option is unknown or has no counterpart.
            WrongTypeError: the inputs are neither text nor an iterable of texts.
        """
        for name in ("src_lang", "tgt_lang"):
            if name in options and self.task != "translation":
                raise UsageError(f"{name} at the call is for translation, not for {self.task}")
        given = {**self._options, **options}
        if self.task == "question-answering":
            return self._answers(inputs, given)
        if isinstance(inputs, str):
            return next(self._run([inputs], given))
        if isinstance(inputs, list | tuple):
            found = list(self._run(inputs, given))
            return [r[0] for r in found] if all(len(r) == 1 for r in found) else found
        if isinstance(inputs, Iterable) and not isinstance(inputs, bytes | bytearray | Mapping):
            return self._run(inputs, given)
        raise WrongTypeError(refusal("The input", inputs, "a text or an iterable of texts"))

    @property
    def _of_answers(self) -> set[str]:
        """What is said of answers, and not of how they are decoded."""
        return {"top_k"} if self.task == "question-answering" else set()

    def _translate(self, texts: Iterable[str], options: Record) -> Iterator[list[Record]]:
        languages = {"source": options.get("src_lang"), "target": options.get("tgt_lang")}
        decoding = self._lengths(_decoding(options), "translate", **languages)
        for result in self.model.translate(texts, **languages, **decoding):
            hypotheses = [hypothesis.text for hypothesis in result.hypotheses] or [result.text]
            yield self._records(hypotheses, options)

    def _summarize(self, texts: Iterable[str], options: Record) -> Iterator[list[Record]]:
        decoding = self._lengths(_decoding(options), "summarize")
        if decoding.pop("n_best", 1) > 1:
            raise UsageError("num_return_sequences has no counterpart for summaries")
        for summary in self.model.summarize(texts, **decoding):
            yield self._records([summary.text], options)

    def _generate(self, texts: Iterable[str], options: Record) -> Iterator[list[Record]]:
        decoding = self._lengths(_decoding(options), "generate")
        for result in self.model.generate(texts, **decoding):
            yield self._records([h.text for h in result.hypotheses] or [""], options)

    def _answer(self, questions: Iterable[Question], options: Record) -> Iterator[list[Record]]:
        best = options.pop("top_k", 1)
        decoding = self._lengths(_decoding(options), "answer")
        for found in self.model.answer(questions, **decoding):
            yield _answer_records(found)[:best] or [_no_answer()]

    def _answers(self, inputs: Any, options: Record) -> Any:
        question, context = options.pop("question", None), options.pop("context", None)
        if inputs is None:
            inputs = {"question": question, "context": context}
        single = isinstance(inputs, Mapping) and isinstance(inputs.get("question"), str)
        if not isinstance(best := options.get("top_k", 1), int) or best < 1:
            raise UsageError(f"top_k is {best!r}; it is a number from 1")
        several = best > 1
        found = list(self._run(_questions(inputs), options))
        records = found if several else [rows[0] for rows in found]
        return records[0] if single else records

    def _records(self, texts: Iterable[str], options: Record) -> list[Record]:
        key = f"{TASKS[self.task][1]}_text"
        clean = options.get("clean_up_tokenization_spaces")
        return [{key: cleaned(text) if clean else text} for text in texts]

    def _lengths(self, decoding: Record, task: str, **languages: Any) -> Record:
        """With transformers' default for a model that sets none."""
        model = self.model.doing(task, **languages)
        own = {**model.manifest.decoding, **model.frame.decoding}
        most = min(DEFAULT_MAX_LENGTH, model.manifest.max_target_tokens)
        return decoding if "max_length" in own else {"max_length": most, **decoding}


def _decoding(options: Mapping[str, Any]) -> Record:
    """Fields of ``Decoding`` from transformers' names.

    Raises:
        UsageError: an option is unknown, has no counterpart, or has no effect beside others.
    """
    found: Record = {}
    given = {name: value for name, value in options.items() if value is not None}
    for name in ("src_lang", "tgt_lang", "clean_up_tokenization_spaces"):
        given.pop(name, None)
    if given.get(SAMPLE) in (True, False) and given.pop(SAMPLE):
        found = _sampling(given)
    for name, value in given.items():
        if name in LENGTHS:
            ours, more = LENGTHS[name]
            least = -more if ours == "min_length" else 1 - more
            if not isinstance(value, int) or value < least:
                raise UsageError(f"{name} is {value!r}; it is a number from {least}")
            if ours not in found or name.endswith("new_tokens"):
                found[ours] = max(1, value + more)
        elif name in RENAMED:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise UsageError(f"{name} is {value!r}; it is a number")
            found[RENAMED[name]] = value
        elif name in SAMPLING and name not in found:
            raise UsageError(f"{name}={value!r} has no effect without do_sample=True")
        elif name not in SAMPLING and not (name in HARMLESS and HARMLESS[name](value)):
            raise UsageError(
                f"The pipeline's argument {name}={value!r} has no counterpart here",
                suggestion(name, (*LENGTHS, *RENAMED, *SAMPLING)),
            )
    several = found.get("n_best", 1)
    if several > found.get("beam_size", several) and not found.get("sample"):
        raise UsageError("num_return_sequences has to be at most num_beams")
    return found


def _sampling(given: Mapping[str, Any]) -> Record:
    """How samples are drawn.

    Raises:
        UsageError: beams are to be sampled, too.
    """
    if given.get("num_beams", 1) != 1:
        raise UsageError(
            f"num_beams={given['num_beams']!r} has no counterpart here beside do_sample=True",
            "Each sample is drawn by itself: leave num_beams out.",
        )
    own = {name: given[name] for name in SAMPLING if name in given}
    return {"sample": True, "top_k": DEFAULT_TOP_K, **own}


def _questions(inputs: Any) -> Iterator[Question]:
    if isinstance(inputs, Mapping):
        question, context = inputs.get("question"), inputs.get("context")
        questions = [question] if isinstance(question, str) else question
        if not isinstance(questions, Sequence) or not questions:
            raise WrongTypeError(refusal("question", question, "a text or a list of texts"))
        contexts = [context] * len(questions) if isinstance(context, str) else context
        if not isinstance(contexts, Sequence) or len(questions) != len(contexts):
            raise UsageError("question and context must be texts, or lists of the same length")
        inputs = [{"question": q, "context": c} for q, c in zip(questions, contexts, strict=True)]
    if not isinstance(inputs, Iterable):
        raise WrongTypeError(refusal("The input", inputs, "a mapping or a list of mappings"))
    for number, row in enumerate(inputs):
        if not isinstance(row, Mapping) or not {"question", "context"} <= row.keys():
            raise UsageError("Each input must have the keys 'question' and 'context'")
        yield Question(number, row["question"], row["context"])


def _answer_records(found: Answer) -> list[Record]:
    """Candidates as in transformers; offsets are those of the answer in the context."""
    records = []
    for candidate in found.candidates:
        text = candidate.hypothesis.text
        start = found.question.context.find(text, candidate.start) if text else -1
        records.append(
            {
                "score": math.exp(candidate.hypothesis.score),
                "start": start if start >= 0 else None,
                "end": start + len(text) if start >= 0 else None,
                "answer": text,
            }
        )
    return records


def _no_answer() -> Record:
    return {"score": 0.0, "start": None, "end": None, "answer": ""}


def _device(device: int | str | None) -> tuple[str, int]:
    """Ours and its number, from theirs (torch's devices are read by their names)."""
    name = "cpu" if device is None or device == -1 else str(device)
    if name.isdigit():
        return "cuda", int(name)
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda", "auto") or (number and not number.isdigit()):
        raise UsageError(f"There is no device {device!r} here", "Give -1, 'cpu', 0 or 'cuda:0'.")
    return kind, int(number or 0)


def _compute_type(dtype: Any) -> str:
    name = str(dtype).rpartition(".")[2]
    return "default" if name in ("auto", "None") else name
