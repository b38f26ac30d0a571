"""Formats of office programs: OOXML with Excel's workbooks, OpenDocument, PDF."""
