"""What ``s2s bench --tune`` found: the fastest way to run a model on this machine.

It stands in a file of its own beside the settings file, which belongs to the user. Whatever is
given by a flag, a variable or the settings file comes first.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from s2scli.disk.atomic import write_whole
from s2scli.errors import ConfigurationError, write_error
from s2scli.settings import tuned_path

__all__ = ["Tuned", "all_tuned", "forget", "keep", "tuned_for"]

SCHEMA = 1


class Tuned(NamedTuple):
    """The fastest way to run a model.

    Attributes:
        model: the model's name.
        fingerprint: of its files.
        device: ``cpu`` or ``cuda``.
        cores: how many cores there were; with another number it does not hold.
        threads: CPU threads in all; 0 for one per core.
        batch_tokens: maximum source tokens per batch.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        gain: its speed by that of the defaults.
    """

    model: str
    fingerprint: str
    device: str
    cores: int
    threads: int
    batch_tokens: int
    compute_type: str
    gain: float


def all_tuned() -> list[Tuned]:
    """All that was found.

    Raises:
        ConfigurationError: the file is damaged.
    """
    path = tuned_path()
    try:
        content: Any = json.loads(path.read_bytes())
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {content['schema']}")
        found = [Tuned(**each) for each in content["models"]]
        if any(map(_is_wrong, found)):
            raise ValueError("a value of another type")
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ConfigurationError(
            f"Cannot read {path}, which 's2s bench --tune' wrote: {error}", "Delete it."
        ) from error
    return found


def _is_wrong(found: Tuned) -> bool:
    texts = (found.model, found.fingerprint, found.device, found.compute_type)
    numbers = (found.cores, found.threads, found.batch_tokens)
    return not (
        all(isinstance(text, str) for text in texts)
        and all(type(number) is int and number >= 0 for number in numbers)
    )


def tuned_for(fingerprint: str, device: str, cores: int) -> Tuned | None:
    """What was found for a model on this machine; None if nothing was.

    Raises:
        ConfigurationError: the file is damaged.
    """
    key = (fingerprint, device, cores)
    return next((each for each in all_tuned() if _key(each) == key), None)


def keep(found: Tuned) -> None:
    """Remember what was found, instead of what was found before.

    Raises:
        ConfigurationError: the file is damaged.
        CannotCreateError: it cannot be written.
    """
    _write([*(each for each in all_tuned() if _key(each) != _key(found)), found])


def forget(fingerprint: str) -> int:
    """Forget what was found for a model; how many entries these were.

    Raises:
        ConfigurationError: the file is damaged.
        CannotCreateError: it cannot be written.
    """
    before = all_tuned()
    after = [each for each in before if each.fingerprint != fingerprint]
    if len(after) < len(before):
        _write(after)
    return len(before) - len(after)


def _key(found: Tuned) -> tuple[str, str, int]:
    return found.fingerprint, found.device, found.cores


def _write(found: list[Tuned]) -> None:
    path = tuned_path()
    content = {"schema": SCHEMA, "models": [each._asdict() for each in found]}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(f"Cannot create {path.parent}", error) from error
    write_whole(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())
