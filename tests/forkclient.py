"""``s2s`` as shells start it, but by a process that forks itself (``tests/forks.py``).

It imports little. Its arguments: the socket of that process, and those of ``s2s``.
"""

from __future__ import annotations

import json
import os
import socket
import sys


def main(address: str, arguments: list[str]) -> None:
    """Have the command run with this process's streams, and end as it ends."""
    request = {"arguments": arguments, "env": dict(os.environ), "folder": os.getcwd()}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        socket.send_fds(server, [b"."], [0, 1, 2])
        server.sendall(json.dumps(request).encode() + b"\n")
        code = int(server.makefile("r").readline())
    if code < 0:
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
