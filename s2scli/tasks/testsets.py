"""Public test sets by name, through sacrebleu's own downloader and cache (``~/.sacrebleu``)."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from s2scli.errors import UnavailableError, UsageError

__all__ = ["testset_files"]


def testset_files(name: str, pair: str) -> tuple[Path, list[Path]]:
    """The source file and the reference files of a test set.

    Args:
        name: such as ``wmt14``.
        pair: such as ``en-de``.

    Raises:
        UsageError: sacrebleu knows no such set, or not for this pair.
        UnavailableError: it is not on this machine and cannot be fetched.
    """
    from sacrebleu.dataset import DATASETS

    if name not in DATASETS:
        near = get_close_matches(name, DATASETS, n=3)
        raise UsageError(
            f"There is no test set {name!r}",
            f"Did you mean {', '.join(near)}?" if near else "List them with: sacrebleu --list.",
        )
    dataset = DATASETS[name]
    if pair not in dataset.langpairs:
        raise UsageError(
            f"The test set {name} has no pair {pair!r}",
            f"It has: {', '.join(sorted(dataset.langpairs))}.",
        )
    try:
        files = [Path(file) for file in dataset.get_files(pair)]  # type: ignore[no-untyped-call]
    except (Exception, SystemExit) as error:  # the downloader ends the process when it fails
        raise UnavailableError(
            f"The test set {name} is not on this machine and cannot be fetched",
            "With a network, 's2s evaluate' fetches it once; or give --source and --reference.",
        ) from error
    fields = dataset.fieldnames(pair)
    references = [
        file for field, file in zip(fields, files, strict=True) if field.startswith("ref")
    ]
    return files[fields.index("src")], references
