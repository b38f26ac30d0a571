"""Compare s2s with g2p_en itself (2.1.0): 200 made words through its real checkpoint.

``pip download g2p_en --no-deps`` brings both; unpack the wheel, and from the root of the
repository::

    PYTHONPATH=. python scripts/check_g2p.py WHEEL_DIRECTORY
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.words import made_words

CHECKPOINT = "checkpoint20.npz"
# What g2p_en imports for whole texts, of which words need nothing.
BESIDE = ("nltk", "nltk.corpus", "nltk.tokenize", "inflect")


def reference(directory: Path) -> Any:
    """Its class, loaded without its data for whole texts."""
    for name in BESIDE:
        sys.modules[name] = MagicMock()
    package = directory / "g2p_en"
    spec = importlib.util.spec_from_file_location(
        "g2p_en", package / "__init__.py", submodule_search_locations=[str(package)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["g2p_en"] = module
    spec.loader.exec_module(module)
    return module.G2p()


def main() -> None:
    """Compare, word by word."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    theirs, words = reference(directory), made_words(200)
    with tempfile.TemporaryDirectory() as folder:
        convert(directory / "g2p_en" / CHECKPOINT, Path(folder) / "g2p", quantization="float32")
        model = Model(Path(folder) / "g2p", place("cpu", threads=1), job=Job("generate"))
        sources = [model.source(row) for row in model.encode(words)]
        found = model.submit(sources, model.decoding({})).result()
    ours = [hypotheses[0].text for hypotheses in found]
    expected = [" ".join(theirs.predict(word)) for word in words]
    equal = sum(one == other for one, other in zip(ours, expected, strict=True))
    print(f"{equal} of {len(words)} words are equal, such as {words[0]}: {ours[0]}")
    sys.exit(equal < len(words))


if __name__ == "__main__":
    main()
