"""What the elements of paragraphs of runs are."""

from __future__ import annotations

__all__ = [
    "BEGIN",
    "BREAK",
    "CODE",
    "END",
    "FIELD",
    "GROUP",
    "HYPHEN",
    "LOOK",
    "PARAGRAPH",
    "RUBY",
    "RUBY_BASE",
    "RUN",
    "STYLE",
    "TAB",
    "TEXT",
    "VOID",
]

# What an element is; one that is none of these is a point.
PARAGRAPH, RUN, TEXT, GROUP = "paragraph", "run", "text", "group"
STYLE, LOOK = "style", "look"  # a paragraph's properties, a run's
VOID = "void"  # means nothing for another text
BREAK, HYPHEN = "break", "hyphen"
TAB = "tab"  # what is before it is another text than what is behind
BEGIN, END = "begin", "end"  # of a range
FIELD, CODE = "field", "code"
RUBY, RUBY_BASE = "ruby", "ruby base"  # a text with its reading; the reading comes before the text
