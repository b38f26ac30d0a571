"""The page about the keys of a checkpoint's settings files."""

from __future__ import annotations

import json
from collections.abc import Iterator

from s2scli.models.convert import FAMILIES
from s2scli.models.convert.familykeys import known_keys
from s2scli.models.convert.imageprocessors import IMAGE_CLASSES, PREPROCESSOR, PREPROCESSOR_KEYS
from s2scli.models.convert.keys import CONFIG, FATES, FILES, GENERATION, Key
from s2scli.models.convert.partkeys import known_part_keys

__all__ = ["keys_page"]

HEAD = f"""# Keys of a checkpoint's settings files

`s2s convert` reads `{CONFIG}`, `{GENERATION}` and `{FILES[2]}`, of models that read
images `{PREPROCESSOR}` too, and knows what becomes of each key. This table is made from the code by
`scripts/update_docs.py`.

- **{FATES[0]}**: the model does what it says. A value that cannot be is refused.
- **{FATES[1]}**: outputs are the same whatever it says.
- **{FATES[2]}**: the engine has nothing for it. `s2s convert` warns of it, and `s2s models show`
  lists it.
- **{FATES[3]}**: the conversion ends with its name. Leaving it out would give other outputs.

A key that is not in the table is shown as without effect: transformers does not read it either.
Keys of `{GENERATION}` that stand in `{CONFIG}` count where transformers 4.57 takes them from
there: if there is no `{GENERATION}`, or if that says that it was made from `{CONFIG}`, and settings
were changed there later.

`null` asks for nothing, where a question of yes or no or a choice is meant for what is unusual. As
an answer it is "no"; as a size, a number or a word that must be there it is refused, as in
transformers, which cannot load such a model.
"""
PARTS = (
    "Models of two parts have an object of settings for each, where these keys mean what stands "
    "here, and all others what stands above; of outputs, the decoder's count."
)
IMAGES = f"""Models that read images have it. Known classes: {", ".join(IMAGE_CLASSES)}, also with
`Fast` or as `FeatureExtractor`. A key of another class is shown as without effect. `null` is the
class's own value for sizes, mean and deviation."""


def keys_page() -> str:
    """The page about all keys."""
    families = {family: known_keys(family) for family in FAMILIES}
    parts = [HEAD]
    for file in FILES:
        everywhere = [families[family][file] for family in FAMILIES]
        common = {
            name: key
            for name, key in everywhere[0].items()
            if all(keys.get(name) == key for keys in everywhere)
        }
        parts.append(f"## {file}, all families\n\n{_table(common)}")
        for family in FAMILIES:
            own = {n: k for n, k in families[family][file].items() if n not in common}
            if own:
                parts.append(f"## {file} of `{family}`\n\n{_table(own)}")
    for side in ("encoder", "decoder"):
        above = known_keys("")
        own = {
            name: key
            for name, key in known_part_keys(side).items()
            if name not in above[GENERATION] and above[CONFIG].get(name) != key
        }
        parts.append(f"## {CONFIG} of a part: the {side}\n\n{PARTS}\n\n{_table(own)}")
    parts.append(f"## {PREPROCESSOR}\n\n{IMAGES}\n\n{_table(PREPROCESSOR_KEYS)}")
    return "\n".join(parts)


def _table(keys: dict[str, Key]) -> str:
    rows = sorted(keys.items(), key=lambda item: (FATES.index(item[1].fate), item[0]))
    lines = ["| key | what becomes of it | what it is about |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {_fate(key)} | {key.about} |" for name, key in rows]
    return "\n".join(lines) + "\n"


def _fate(key: Key) -> str:
    kept = ", ".join(f"`{value}`" for value in _values(key))
    return f"{key.fate}, unless {kept}" if kept else key.fate


def _values(key: Key) -> Iterator[str]:
    if key.same:
        yield key.same
    if key.sampling:
        yield "do_sample: false"
    shown = [json.dumps(value, ensure_ascii=False) for value in key.neutral]
    # 1 and 1.0 are one number to a reader.
    yield from dict.fromkeys(value.removesuffix(".0") for value in shown)
