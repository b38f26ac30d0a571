"""An environment of its own for each program, with pinned versions."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["REQUIREMENTS", "python_in"]

TORCH = ("torch==2.13.0", "sentencepiece==0.2.3", "sacremoses==0.2.0")
# Name → what is installed there. A plain torch of PyPI brings gigabytes for GPUs: a build for CPUs
# can be named by pip's settings (such as PIP_FIND_LINKS).
REQUIREMENTS = {
    "transformers-4.57": (*TORCH, "transformers==4.57.6"),
    "transformers-5": (*TORCH, "transformers==5.24.0"),
    "easynmt": ("torch==2.13.0", "sentencepiece==0.2.3", "transformers==4.57.6", "EasyNMT==2.0.2"),
    "argos": ("torch==2.13.0", "argostranslate==1.11.0", "ctranslate2==4.8.5"),
    "marian": ("pymarian==1.12.42", "numpy==2.4.6"),
}


def python_in(name: str, folder: Path) -> Path:
    """The Python of an environment, which is made when it is missing or has other versions.

    Args:
        name: one of ``REQUIREMENTS``.
        folder: where environments are kept.

    Raises:
        subprocess.CalledProcessError: the packages cannot be installed.
    """
    home = folder / name
    python, marker = home / "bin" / "python", home / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS[name]) + "\n"
    if not marker.exists() or marker.read_text(encoding="utf-8") != wanted:
        print(f"Installing {' '.join(REQUIREMENTS[name])}", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS[name]]
        subprocess.run(command, check=True, stdout=sys.stderr)
        marker.write_text(wanted, encoding="utf-8")
    return python
