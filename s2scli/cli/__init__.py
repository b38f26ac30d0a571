"""The command line: options to objects, one task call, a report.

``COMMANDS`` is the plug point: name → ("module:command", the one-line help), so that the list of
commands costs no import.
"""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "translate": ("s2scli.cli.translate:command", "Translate text, line by line."),
    "summarize": ("s2scli.cli.summarize:command", "Summarize texts of any length."),
    "answer": ("s2scli.cli.answer:command", "Answer questions from a text."),
    "generate": ("s2scli.cli.generate:command", "Run a model on any prompt, line by line."),
    "caption": ("s2scli.cli.caption:command", "Say what images show, image by image."),
    "score": ("s2scli.cli.score:command", "Score translations, summaries and answers."),
    "evaluate": ("s2scli.cli.evaluate:command", "Run models over a test set and score them."),
    "convert": ("s2scli.cli.convert:command", "Convert a checkpoint to a model that runs here."),
    "models": ("s2scli.cli.models.group:command", "List, download, show and remove models."),
    "memory": ("s2scli.cli.memory.group:command", "Manage a translation memory."),
    "doctor": ("s2scli.cli.doctor:command", "Check what s2s needs, and what is missing."),
    "completion": ("s2scli.cli.completion:command", "Print the completion script of a shell."),
}
