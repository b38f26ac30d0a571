"""The command line: options to objects, one task call, a report.

``COMMANDS`` is the plug point: name → ("module:command", the one-line help), so that the list of
commands costs no import.
"""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "translate": ("s2scli.cli.translate:command", "Translate text, line by line."),
    "explain": ("s2scli.cli.explain:command", "Show why a model translates so."),
    "summarize": ("s2scli.cli.summarize:command", "Summarize texts of any length."),
    "answer": ("s2scli.cli.answer:command", "Answer questions from a text."),
    "generate": ("s2scli.cli.generate:command", "Run a model on any prompt, line by line."),
    "caption": ("s2scli.cli.caption:command", "Say what images show, image by image."),
    "detect": ("s2scli.cli.detect:command", "Tell the language of texts."),
    "rerank": ("s2scli.cli.rerank:command", "Choose the best of n-best lists."),
    "score": ("s2scli.cli.score:command", "Score translations, summaries and answers."),
    "evaluate": ("s2scli.cli.evaluate:command", "Run models over a test set and score them."),
    "judge": (
        "s2scli.cli.judge.group:command",
        "Let people judge outputs, and score systems by it.",
    ),
    "serve": ("s2scli.cli.serve:command", "Answer over HTTP with models that stay loaded."),
    "server": ("s2scli.cli.server.group:command", "Show or end the server that commands use."),
    "convert": ("s2scli.cli.convert:command", "Convert a checkpoint to a model that runs here."),
    "models": ("s2scli.cli.models.group:command", "List, download, show and remove models."),
    "bench": ("s2scli.cli.bench:command", "Measure the speed of a model here, and tune it."),
    "memory": ("s2scli.cli.memory.group:command", "Manage a translation memory."),
    "doctor": ("s2scli.cli.doctor:command", "Check what s2s needs, and what is missing."),
    "completion": ("s2scli.cli.completion:command", "Print the completion script of a shell."),
}
