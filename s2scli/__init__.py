"""s2s: translate, summarize and score text from the shell, or from Python (``s2scli.load``)."""

from __future__ import annotations

from s2scli._version import __version__

TYPE_CHECKING = False  # as that of typing, whose import takes a third of a command at a server
if TYPE_CHECKING:
    from typing import Any

    from s2scli.api import TextModel, load
    from s2scli.folders import summarize_folder, translate_folder
    from s2scli.pipelines import pipeline
    from s2scli.reranking import rerank
    from s2scli.tasks.tree import Selection

__all__ = [
    "Selection",
    "TextModel",
    "__version__",
    "load",
    "pipeline",
    "rerank",
    "summarize_folder",
    "translate_folder",
]

_HOMES = {
    "Selection": "s2scli.tasks.tree:Selection",
    "TextModel": "s2scli.api:TextModel",
    "load": "s2scli.api:load",
    "pipeline": "s2scli.pipelines:pipeline",
    "rerank": "s2scli.reranking:rerank",
    "summarize_folder": "s2scli.folders:summarize_folder",
    "translate_folder": "s2scli.folders:translate_folder",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from s2scli import plugs

    return plugs.load(_HOMES[name])


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
