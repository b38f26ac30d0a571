"""Formats of marked-up prose: Markdown, HTML, reStructuredText, AsciiDoc, notebooks, EPUB."""
