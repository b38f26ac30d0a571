"""Tags of template languages in markup: they are filled in before anybody reads the document."""

from __future__ import annotations

__all__ = ["TAG"]

# Mustache and Jinja, ERB, shells and JavaScript; none goes on to where another begins.
TAG = (
    r"\{\{(?:(?!\{\{|\}\})[\s\S]){1,1000}\}\}\}?|\{%(?:(?!\{%|%\})[\s\S]){1,1000}%\}|"
    r"<%(?:(?!<%|%>)[\s\S]){1,1000}%>|\$\{[^{}\n]{1,1000}\}"
)
