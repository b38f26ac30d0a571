"""``--from auto``: what each line or document is in, and which model translates it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from s2scli.cli.options import ModelOptions
from s2scli.data import Decoding, Result, Segment
from s2scli.errors import UsageError
from s2scli.tasks.bylanguage import DETECTED, LANGUAGE, MODEL, TARGET, Interpreters, by_language

if TYPE_CHECKING:
    from s2scli.cli.console import Console
    from s2scli.cli.folders import Work
    from s2scli.cli.running import TextRun
    from s2scli.inference.model import Model
    from s2scli.session import Session
    from s2scli.tasks.documents import DocumentMonitor
    from s2scli.tasks.folder import Outcomes, Plan
    from s2scli.tasks.steps import Step

__all__ = ["Detecting"]

NAMED = 5
# Why lines stay as they are, in a person's words.
WHY = {
    TARGET: "already in the language of the output, and left as they are",
    LANGUAGE: "whose language is unknown, left as they are: name it with --from-default",
    MODEL: "in languages without an installed model, left as they are",
}


class Detecting:
    """A run on lines or documents of several languages.

    Args:
        asked: which model, and the languages.
        default: what lines are in whose language cannot be told; None for: they stay.
        search: the options of the search.

    Attributes:
        options: which model the run is to load as its own.

    Raises:
        UsageError: the language of the output is missing, or is the default.
        UnavailableError: no model translates into it.
    """

    def __init__(self, asked: ModelOptions, default: str | None, search: Mapping[str, Any]) -> None:
        from s2scli.languages.codes import same_language, written_code
        from s2scli.models.store import Wish, find_model

        target = asked.target_language
        if target is None and asked.model is None:
            raise UsageError("--from auto needs --to LANG, or a model", "Add --to de, for example.")
        if target and default and same_language(target, default):
            raise UsageError(f"--from-default {default} is the language of the output")
        wish = Wish(asked.model, "translate", default, target, asked.registry)
        manifest = find_model(wish).manifest
        sources = (*manifest.source_languages, *manifest.tokenizer.source_tokens)
        others = [code for code in sources if written_code(code) != written_code(target or "")]
        self._asked = asked
        self._search = search
        self._default = default or ""
        self._used: Interpreters | None = None
        self._verdicts: Counter[str] = Counter()
        self._without: Counter[str] = Counter()
        self.options = copy(asked)
        # The model is made ready for some language; each line has its own.
        self.options.source_language = default or next(iter(others), None)

    def translated(
        self,
        lines: Iterable[list[Segment]],
        it: TextRun,
        steps: Callable[[Model, Decoding], Sequence[Step]],
        look: Callable[[Decoding, Model], Decoding] | None,
    ) -> Iterator[list[Result]]:
        """The lines, each translated from its own language.

        Args:
            lines: the lines.
            it: the run.
            steps: what happens to a model's results.
            look: how a model decodes whose outputs are shown with more; None for as it is.
        """
        from s2scli.tasks.pivot import Counting
        from s2scli.tasks.translate import translate

        model, decoding, flow = it.engine
        counting = Counting(it.monitor)
        flow = flow._replace(whole_windows=True)

        def by(segments: list[Segment], own: Model) -> Iterator[list[Result]]:
            wanted = self._decoding(own, model, decoding)
            wanted = look(wanted, own) if look else wanted
            yield from translate([segments], own, wanted, flow, counting, steps=steps(own, wanted))

        interpreters = self._interpreters(it.session)
        for results in by_language(lines, interpreters, by, it.monitor):
            for result in results:
                self._count(result)
            yield results

    def of_documents(self, work: Work) -> Work:
        """What is done with documents, each by the model of its language."""

        def run(
            plan: Plan, session: Session, decoding: Decoding, monitor: DocumentMonitor
        ) -> Outcomes:
            from s2scli.tasks.documentlanguages import translate_by_language

            def by(part: Plan, own: Model) -> Outcomes:
                one = copy(session)
                one.model = own
                return work(part, one, self._decoding(own, session.model, decoding), monitor)

            return translate_by_language(plan, self._interpreters(session), by)

        return run

    def _interpreters(self, session: Session) -> Interpreters:
        model = session.model
        opener = None if self._asked.model else session.beside
        self._used = Interpreters(model, model.languages[1], self._default, opener)
        return self._used

    def _decoding(self, model: Model, own: Model, decoding: Decoding) -> Decoding:
        """How a model decodes: as the run's own does, or by the same options."""
        if model.manifest == own.manifest:
            return decoding
        other = model.decoding({**self._search, "n_best": decoding.n_best})
        return replace(
            other,
            beam_size=max(other.beam_size, other.n_best),
            min_length=min(other.min_length, other.max_length),
        )

    def facts(self, others: Callable[[], Mapping[str, object]]) -> dict[str, object]:
        """What the run's signature says of it and of others, when the run is done."""
        from s2scli.inference.engines import package_version

        models = [one.manifest for one in self._used.loaded] if self._used else []
        found: dict[str, object] = {**others(), "from": "auto"}
        if self._default:
            found["from-default"] = self._default
        found["detection"] = f"py3langid-{package_version('py3langid')}"
        found["models"] = "+".join(sorted(f"{m.name}-{m.fingerprint}" for m in models))
        return found

    def _count(self, result: Result) -> None:
        note = result.notes[DETECTED]
        kept = note["kept"]
        if kept:
            self._verdicts[kept] += 1
        elif note["from"] and note["language"] != note["from"]:
            self._verdicts[""] += 1
        if kept == MODEL:
            self._without[note["language"]] += 1

    def report(self, console: Console) -> None:
        """Say what became of lines that were not translated from a language that was found."""
        if count := self._verdicts[""]:
            console.warn(f"lines taken for {self._default}, for their language is unknown: {count}")
        for kept, words in WHY.items():
            if count := self._verdicts[kept]:
                named = ", ".join(f"{code} {n}" for code, n in self._without.most_common(NAMED))
                console.warn(f"lines {words}: {count}{f' ({named})' if kept == MODEL else ''}")
