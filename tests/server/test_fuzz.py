"""Whatever is sent, the server answers, and never with a fault of its own."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s2scli.server.app import APIS
from tests.server.conftest import Running

ENDPOINTS = [endpoint for some, _ in APIS for endpoint in some]
NAMES = sorted({name for endpoint in ENDPOINTS for name in endpoint.fields})
WORDS = ["en", "de", "EN", "DE", "auto", "html", "xml", "tsv", "1.5x", "en-de", "warn"]
SHORT = st.text(max_size=5)
KINDS = st.sampled_from(["json", "form", "multi", ""])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ["en", "de", "EN", "DE", "auto", "html", "xml", "tsv", "1.5x", "en-de", "warn"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
BODIES = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), VALUES, max_size=6)
MANY = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
GOOD = {
    "q": "Yes.", "text": "Yes.", "source": "en", "target": "de", "target_lang": "DE",
    "question": "Who?", "context": "Tom.", "source_text": "Yes.", "target_text": "Ja.",
}  # fmt: skip


@MANY
@given(st.sampled_from(ENDPOINTS), BODIES, st.booleans())
def test_any_fields(server: Running, endpoint: Any, body: dict[str, Any], mixed: bool) -> None:
    fields = {**GOOD, **body} if mixed else body
    data = json.dumps(fields).encode()
    answer = server.client.request(
        endpoint.method,
        endpoint.path.replace("{number}", "x").replace("{name}", "y"),
        content=data,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code < 500, (endpoint.path, fields, answer.text)
    assert "Traceback" not in answer.text


@MANY
@given(
    st.sampled_from(ENDPOINTS),
    st.binary(max_size=200),
    st.sampled_from(["json", "form", "multi", ""]),
)
def test_any_bytes(server: Running, endpoint: Any, body: bytes, kind: str) -> None:
    kinds = {
        "json": "application/json",
        "form": "application/x-www-form-urlencoded",
        "multi": "multipart/form-data; boundary=x",
        "": "",
    }
    answer = server.client.request(
        endpoint.method,
        endpoint.path,
        content=body,
        headers={"Content-Type": kinds[kind]},
    )
    assert answer.status_code < 500, (endpoint.path, answer.text)
