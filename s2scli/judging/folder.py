"""The folder of an evaluation: the blind key, a sheet for each annotator, a place for answers."""

from __future__ import annotations

from pathlib import Path

from s2scli.disk.atomic import write_whole
from s2scli.disk.directories import whole_directory
from s2scli.errors import CannotCreateError
from s2scli.judging.design import Design, write_design
from s2scli.judging.pages import page
from s2scli.judging.spreadsheets import spreadsheet

__all__ = ["ANSWERS", "SHEETS", "check_new", "write_folder"]

SHEETS, ANSWERS = "sheets", "answers"
ADVICE = "Name a new folder, or remove this one if nobody needs its answers."


def check_new(folder: Path) -> None:
    """Make sure that no other evaluation is in the place of a new one.

    Raises:
        CannotCreateError: something is there.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise CannotCreateError(f"{folder} exists already", ADVICE)


def write_folder(folder: Path, design: Design) -> None:
    """Write all that an evaluation needs, whole or not at all.

    Args:
        folder: where; nothing may be in it.
        design: the design.

    Raises:
        CannotCreateError: something is there, or it cannot be created.
        InputOutputError: it cannot be written.
    """
    check_new(folder)
    with whole_directory(folder, replace=False, advice=ADVICE) as new:
        for name in (SHEETS, ANSWERS):
            (new / name).mkdir()
        for annotator in design.annotators:
            sheet = new / SHEETS / annotator
            write_whole(sheet.with_suffix(".html"), page(design, annotator).encode())
            write_whole(sheet.with_suffix(".csv"), spreadsheet(design, annotator))
        write_design(new, design)
