"""The command ``s2s translate``: single lines through an open pipe, many from file to file.

Many lines are a process of their own, whose start counts, unlike that of the others.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
from pathlib import Path

from peers.harness import Ask, Translate, measure


def load(ask: Ask) -> Translate:
    """A process that waits for lines; ``ask.how`` has more options."""
    command = [sys.executable, "-m", "s2scli", "translate", "--beam", str(ask.beam)]
    command += ["--threads", str(ask.threads), *ask.how.split()]
    pipe = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    to, of = pipe.stdin, pipe.stdout
    assert to
    assert of

    def translate(lines: list[str]) -> list[str]:
        if len(lines) == 1:
            to.write(f"{lines[0]}\n")
            to.flush()
            return [of.readline().removesuffix("\n")]
        pipe.communicate()  # it ends, so that its memory counts
        subprocess.run([*command, ask.input, "-o", ask.output], check=True)
        return Path(ask.output).read_text(encoding="utf-8").removesuffix("\n").split("\n")

    atexit.register(pipe.kill)
    return translate


if __name__ == "__main__":
    measure(load)
