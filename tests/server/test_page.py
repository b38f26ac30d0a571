"""The server's page in a real browser: typing, other translations, documents, both widths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from s2scli.server.limits import RequestLimits
from tests.browser import CHROMIUM, Browser, browser
from tests.server.conftest import Running, running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]
TARGET = "document.getElementById('target').textContent"


@pytest.fixture(scope="module")
def page() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def ready(page: Browser, url: str, width: int = 1000, *, dark: bool = False) -> None:
    page.open(url, width, dark=dark)
    page.wait("document.getElementById('to').options.length")


def test_text_is_translated_as_it_is_typed(page: Browser, server: Running) -> None:
    ready(page, server.url)
    assert page.evaluate("document.activeElement.id") == "source"
    page.type("Where is the station?")
    assert page.wait(f"{TARGET} && {TARGET}") == "Wo ist der Bahnhof?"
    page.evaluate("document.getElementById('terms').value = 'station = Haltestelle'")
    page.evaluate("document.getElementById('terms').dispatchEvent(new Event('input'))")
    page.wait(f"{TARGET}.includes('Haltestelle')")
    assert not page.faults


def words(page: Browser, place: int) -> str:
    return str(page.evaluate(f"document.querySelectorAll('#target .word')[{place}].textContent"))


def test_another_translation_is_chosen_with_the_keyboard(page: Browser, server: Running) -> None:
    ready(page, f"{server.url}/?source=en&target=de&q=I%20like%20the%20old%20house.%0AYes.")
    before = page.wait(f"{TARGET} && {TARGET}")
    first, second = words(page, 0), words(page, 1)
    page.evaluate("document.querySelectorAll('#target .word')[1].focus()")
    page.press("Enter", "Enter", 13)
    count = page.wait("document.querySelectorAll('#others button').length")
    assert count > 1
    # Each goes on from that word, and by another one.
    rest = page.evaluate("[...document.querySelectorAll('#others button')].map(b => b.textContent)")
    assert all(each.startswith("… ") for each in rest)
    assert second not in [each.split()[1] for each in rest]
    page.press("Escape", "Escape", 27)
    assert page.evaluate("document.activeElement.textContent") == second
    page.press("Enter", "Enter", 13)
    page.wait("document.activeElement.matches('#others button')")
    page.press("Enter", "Enter", 13)
    after = page.wait(f"{TARGET} !== {before!r} && {TARGET}")
    assert after == f"{first} {rest[0].removeprefix('… ')}\n{before.split(chr(10))[1]}"
    assert not page.faults


def test_a_long_line_has_other_translations_too(page: Browser, server: Running) -> None:
    """One that is translated in parts has none from a word on; but of all of it."""
    text = "The house is small. " * 60
    ready(page, server.url)
    page.type(text)
    page.wait(f"{TARGET} && {TARGET}")
    page.evaluate("document.querySelectorAll('#target .word')[3].click()")
    page.wait("document.getElementById('status').textContent.startsWith('There is no other') || "
              "document.querySelectorAll('#others button').length")  # fmt: skip


def test_what_the_guard_finds_is_shown(page: Browser, server: Running) -> None:
    ready(page, server.url)
    page.type("aaaa bbbb cccc 5,000,000.25 USD and 31.12.1999 at 25:61")
    found = page.wait("document.getElementById('findings').textContent")
    assert "5,000,000.25" in found


def test_a_document_is_sent_and_saved(page: Browser, server: Running, tmp_path: Path) -> None:
    source = tmp_path / "letter.md"
    source.write_text("# A letter\n\nWhere is the station?\n")
    ready(page, server.url)
    page.choose_file("#file", source)
    page.evaluate("document.getElementById('send').click()")
    name = page.wait("document.querySelector('#result a')?.download")
    assert name == "letter.de.md"
    path = page.evaluate("document.querySelector('#result a').getAttribute('href')")
    assert "Wo ist der Bahnhof?" in server.client.get(path).text
    source.write_bytes(b"\xff\xfe\x00broken")
    page.choose_file("#file", source)
    page.evaluate("document.getElementById('send').click()")
    page.wait("/UTF/.test(document.getElementById('result').textContent)")


def test_a_key_is_asked_for_where_one_is_needed(page: Browser) -> None:
    with running(limits=RequestLimits(keys=("secret",))) as server:
        ready(page, f"{server.url}/?source=en&target=de&q=Yes.")
        page.wait("/API key/.test(document.getElementById('status').textContent)")
        assert page.evaluate("document.getElementById('keyrow').hidden") is False
        page.evaluate("document.getElementById('key').value = 'secret'")
        page.evaluate("document.getElementById('key').dispatchEvent(new Event('change'))")
        assert page.wait(f"{TARGET} && {TARGET}") == "Ja."


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_window(
    page: Browser, server: Running, width: int, dark: bool, tmp_path: Path
) -> None:
    long = "Donaudampfschiffahrtsgesellschaft" * 4
    ready(page, f"{server.url}/?source=en&target=de&q={long}", width=width, dark=dark)
    page.wait(f"{TARGET} && {TARGET}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 5000
    # Every field has a name for those who do not see the page.
    names = page.evaluate(
        "[...document.querySelectorAll('input, select, textarea, button')].every("
        "each => each.labels?.length || each.textContent.trim() || each.ariaLabel)"
    )
    assert names
