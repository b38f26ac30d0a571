"""A real headless browser: pages are opened, looked at and clicked on, over its DevTools protocol.

See https://chromedevtools.github.io/devtools-protocol/.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

__all__ = ["CHROMIUM", "Browser", "browser"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECONDS = 60


class Browser:
    """A page in a browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0
        self._asked = False  # whether a question of the page is open
        self._saved = 0  # downloads that are complete
        self.faults: list[str] = []  # what went wrong in the page
        self.call("Page.enable")
        self.call("Runtime.enable")
        self.call("Log.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol; its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._connection.send(json.dumps(message))
        while True:
            found = json.loads(self._connection.recv(timeout=SECONDS))
            if found.get("id") == self._number:
                assert "error" not in found, found
                result: dict[str, Any] = found["result"]
                return result
            self._note(found)

    def _note(self, found: dict[str, Any]) -> None:
        """Keep what an event says."""
        if found.get("method") == "Runtime.exceptionThrown":
            self.faults.append(str(found["params"]["exceptionDetails"]))
        if found.get("method") == "Log.entryAdded":
            entry = found["params"]["entry"]
            if entry["level"] == "error":
                self.faults.append(f"{entry['text']} {entry.get('url', '')}")
        if found.get("method") == "Page.javascriptDialogOpening":
            self._asked = True
        if found.get("method") == "Browser.downloadProgress":
            self._saved += found["params"]["state"] == "completed"

    def open(self, url: str, width: int = 1000, height: int = 900, *, dark: bool = False) -> None:
        """Open a page in a window of a size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def evaluate(self, code: str) -> Any:
        """The value of an expression in the page."""
        found = self.call(
            "Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, code: str) -> Any:
        """Wait until an expression is true; its value."""
        end = time.monotonic() + SECONDS
        while not (value := self.evaluate(code)):
            assert time.monotonic() < end, f"never: {code}"
            time.sleep(0.05)
        return value

    def type(self, text: str) -> None:
        """Type a text where the cursor is."""
        self.call("Input.insertText", text=text)

    def press(self, key: str, code: str, number: int, modifiers: int = 0) -> None:
        """Press a key.

        Args:
            key: what it means.
            code: where it is on the keyboard.
            number: Windows' number of it.
            modifiers: 1 for Alt, 2 for Ctrl, 8 for Shift, or a sum of them.
        """
        text = {"Enter": "\r", " ": " "}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.call(
                "Input.dispatchKeyEvent",
                type=kind, key=key, code=code, windowsVirtualKeyCode=number, modifiers=modifiers,
                **more,
            )  # fmt: skip

    def download_to(self, folder: Path) -> None:
        """Save what is downloaded in a folder."""
        self.call(
            "Browser.setDownloadBehavior",
            behavior="allow", downloadPath=str(folder), eventsEnabled=True,
        )  # fmt: skip

    def wait_for_download(self) -> None:
        """Wait until a download is complete; its file stands empty before."""
        while not self._saved:
            self._note(json.loads(self._connection.recv(timeout=SECONDS)))
        self._saved -= 1

    def choose_file(self, selector: str, path: Path) -> None:
        """Choose a file in a field."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def answer_dialog(self, accept: bool) -> None:
        """Wait for a question of the page, and agree to it or not."""
        while not self._asked:
            self._note(json.loads(self._connection.recv(timeout=SECONDS)))
        self._asked = False
        self.call("Page.handleJavaScriptDialog", accept=accept)

    def picture(self, path: Path) -> None:
        """Save what the window shows, as PNG."""
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(data))


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with an empty page."""
    assert CHROMIUM is not None
    # Its last processes may still be writing when it has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [
                CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-dev-shm-usage", "--remote-debugging-port=0",
                f"--user-data-dir={folder}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield from _connected(Path(folder, "DevToolsActivePort"), process)
        finally:
            process.kill()
            process.wait()


def _connected(port: Path, process: subprocess.Popen[bytes]) -> Iterator[Browser]:
    import httpx

    end = time.monotonic() + SECONDS
    while not (port.exists() and port.read_text().count("\n")):
        assert process.poll() is None, "the browser has ended"
        assert time.monotonic() < end, "the browser does not answer"
        time.sleep(0.05)
    number = port.read_text().split("\n")[0]
    pages = httpx.get(f"http://127.0.0.1:{number}/json", timeout=SECONDS).json()
    page = next(each for each in pages if each["type"] == "page")
    with connect(page["webSocketDebuggerUrl"], max_size=None, proxy=None) as connection:
        yield Browser(connection)
