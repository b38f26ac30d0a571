"""``s2s models`` and what fetches models, against a hub on loopback, with the real client."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import CannotCreateError, InputOutputError, S2SError
from s2scli.models.manifest import Manifest, ShortlistRecord
from s2scli.models.shortlist import save_shortlist
from s2scli.models.store import bundled_directory, installed, remove
from tests.conftest import GOLDEN, Run, command
from tests.forks import Forks
from tests.hub import Hub, Repository

TINY = "tiny/marian"
LINE = b"Where is the station?\n"


@pytest.fixture
def marian(hub: Hub) -> Repository:
    """A small Marian repository with much that nobody needs."""
    repository = Repository.of(GOLDEN / "marian-tiny")
    repository.files |= {
        "tf_model.h5": bytes(50_000),
        "rust_model.ot": bytes(50_000),
        "modeling_marian.py": b"raise SystemExit",
        "pytorch_model.bin": bytes(50_000),
    }
    hub.repositories[TINY] = repository
    return repository


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A user's registry."""
    path = tmp_path / "mine.yaml"
    path.write_text(
        "models:\n"
        "  - {alias: tiny, hub: tiny/marian, tasks: [translate], from: [en], to: [de],\n"
        "     licence: apache-2.0, parameters: 0.3, download: 1, family: marian, about: small}\n"
        "  - {alias: welsh, hub: tiny/welsh, tasks: [translate], from: [en], to: [cy],\n"
        "     licence: apache-2.0, parameters: 0.3, download: 1, family: marian, about: small}\n"
    )
    return path


def complaint(done: subprocess.CompletedProcess[bytes], code: int) -> str:
    """The last line on stderr of a command that failed as expected."""
    text = done.stderr.decode()
    assert done.returncode == code, text
    assert "Traceback" not in text
    assert text.endswith("\n")
    return text.splitlines()[-1]


def leftovers(tmp_path: Path) -> list[str]:
    """What stands in the store beside complete models."""
    models = tmp_path / "home" / "models"
    names = [path.name for path in models.iterdir()] if models.exists() else []
    return [name for name in names if not (models / name / "s2s.json").exists()]


def test_the_address_of_a_page(s2s: Run, hub: Hub, marian: Repository) -> None:
    page = f"{hub.url}/{TINY}/tree/main"
    done = s2s("models", "pull", page)
    assert done.returncode == 0, done.stderr
    assert s2s("translate", "-m", page, stdin=LINE).returncode == 0
    shown = s2s("models", "show", f"{hub.url}/{TINY}", "--json")
    assert json.loads(shown.stdout)["name"] == TINY
    said = complaint(s2s("convert", page, "--revision", "v1", "-o", "x"), 2)
    assert "not that of" in said


def test_an_adapter_and_quantized_weights_are_not_fetched(
    s2s: Run, hub: Hub, marian: Repository
) -> None:
    marian.files["adapter_config.json"] = b"{}"
    assert "is an adapter (PEFT" in complaint(s2s("models", "pull", TINY), 65)
    assert hub.served == []


def test_a_users_session(s2s: Run, hub: Hub, marian: Repository, registry: Path) -> None:
    listed = s2s("models", "list", "--registry", registry, "--from", "English", "--to", "ger")
    assert b"\ntiny " in listed.stdout
    assert b"opus-mt-en-fr" not in listed.stdout
    done = s2s("models", "pull", "tiny", "--registry", registry)
    assert done.returncode == 0, done.stderr
    assert b"downloading tiny/marian" in done.stderr
    assert b"0.3 million" in done.stderr
    translated = s2s("translate", "-m", "tiny", stdin=LINE)
    assert translated.stdout.count(b"\n") == 1
    assert translated.stdout != LINE
    assert s2s("translate", "-m", TINY, stdin=LINE).stdout == translated.stdout
    directory = Path(s2s("models", "path", "tiny").stdout.decode().strip())
    assert directory.name == f"tiny@{marian.commit[:12]}-int8"
    manifest = Manifest.load(directory)
    assert (manifest.checkpoint, manifest.revision) == (TINY, marian.commit)
    assert manifest.licence == "apache-2.0"
    installed = json.loads(s2s("models", "list", "--installed", "--json").stdout)
    assert [model["name"] for model in installed] == ["en-de", "tiny"]
    shown = s2s("models", "show", "tiny").stdout.decode()
    assert "beam_size: 4" in shown
    assert marian.commit in shown
    assert json.loads(s2s("models", "show", "tiny", "--json").stdout)["family"] == "marian"
    assert b"tiny\tgood" in s2s("models", "verify").stdout
    assert s2s("models", "remove", "tiny").returncode == 0
    assert not directory.exists()
    complaint(s2s("translate", "-m", "tiny", stdin=LINE), 69)


REMOVAL: list[tuple[int, type[S2SError]]] = [
    (errno.EACCES, CannotCreateError),
    (errno.EROFS, CannotCreateError),
    (errno.EIO, InputOutputError),
]


@pytest.mark.parametrize(("code", "kind"), REMOVAL)
def test_why_nothing_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[S2SError]
) -> None:
    monkeypatch.setenv("S2S_HOME", str(tmp_path))
    directory = tmp_path / "models" / "own"
    shutil.copytree(bundled_directory("en-de"), directory)
    (model,) = (each for each in installed() if not each.bundled)

    def fail(*_: object, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", fail)
        with pytest.raises(kind) as found:
            remove([model])
    assert type(found.value) is kind
    remove([model])
    remove([model])  # as if another process had been faster
    assert not directory.exists()


def test_only_what_is_needed_is_fetched(s2s: Run, hub: Hub, marian: Repository) -> None:
    assert s2s("models", "pull", TINY).returncode == 0
    needed = [path.read_bytes() for path in (GOLDEN / "marian-tiny").iterdir()]
    assert sorted(marian.files[name] for name, _ in hub.served) == sorted(needed)


def test_convert_takes_hub_ids_and_writes_where_it_is_told(
    s2s: Run, marian: Repository, tmp_path: Path
) -> None:
    done = s2s(
        "convert", TINY, "-o", tmp_path / "m", "--quantization", "float32", "--revision", "main"
    )
    assert done.returncode == 0, done.stderr
    assert Manifest.load(tmp_path / "m").quantization == "float32"
    assert not list((tmp_path / "home" / "downloads").iterdir())
    assert "exists already" not in complaint(s2s("convert", "tiny/none", "-o", tmp_path / "n"), 69)


def test_a_kept_checkpoint_is_used_without_a_network(
    s2s: Run, hub: Hub, marian: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert s2s("models", "pull", TINY, "--keep-checkpoint").returncode == 0
    assert list((tmp_path / "hf").rglob("model.safetensors"))
    before = hub.requests
    done = s2s("models", "pull", TINY, "--quantization", "float32", "--offline")
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    done = s2s("convert", TINY, "--quantization", "int16", "-o", tmp_path / "m")
    assert done.returncode == 0, done.stderr
    assert Manifest.load(tmp_path / "m").revision == marian.commit
    assert hub.requests == before
    monkeypatch.delenv("HF_HUB_OFFLINE")
    served = len(hub.served)
    assert s2s("models", "pull", TINY, "--quantization", "float16").returncode == 0
    assert len(hub.served) == served


def test_the_cache_is_used_when_the_network_is_down(
    s2s: Run, marian: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert s2s("models", "pull", TINY, "--keep-checkpoint").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = f"http://127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("HF_ENDPOINT", nobody)
    done = s2s("convert", TINY, "--quantization", "int16", "-o", tmp_path / "m")
    assert done.returncode == 0, done.stderr
    assert f"Cannot reach the hub for {TINY}" in done.stderr.decode()
    assert f"using commit {marian.commit[:12]} of" in done.stderr.decode()
    assert Manifest.load(tmp_path / "m").revision == marian.commit
    assert "Cannot reach" in complaint(s2s("models", "pull", "tiny/other"), 69)


def test_what_a_replaced_model_had_beside_it_is_said(s2s: Run, tmp_path: Path) -> None:
    """Its shortlist, with the command that makes it again, and what a user has set."""
    again = ("convert", GOLDEN / "marian-tiny", "-o", tmp_path / "a m", "--force")
    done = s2s(*again)
    assert done.returncode == 0, done.stderr
    assert b"was replaced" not in done.stderr
    manifest = Manifest.load(tmp_path / "a m")
    record = ShortlistRecord(4, "0" * 64, ("en", "de"), 1, 1, 1, (), 1, 1, 1.0)
    own = manifest._replace(guard={"ratio": 1.25}, prompts={"translate": "Say: {text}"})
    save_shortlist(tmp_path / "a m", own, b"\ta\n", record)
    text = s2s(*again).stderr.decode()
    place = f"'{tmp_path / 'a m'}'"
    assert f"s2s models shortlist {place} --text FILE --from en --to de" in text
    assert 'had another guard: {"ratio": 1.25}' in text
    assert 'had another prompts: {"translate": "Say: {text}"}' in text
    assert b"was replaced" not in s2s(*again).stderr


@pytest.mark.parametrize("said", ["1", "true", "ON"])
def test_offline_in_the_words_of_transformers(
    s2s: Run, hub: Hub, marian: Repository, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("TRANSFORMERS_OFFLINE", said)
    assert "s2s runs offline" in complaint(s2s("models", "pull", TINY), 69)
    assert hub.requests == 0
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert s2s("models", "pull", TINY).returncode == 0


def test_advice_is_not_refused(s2s: Run, marian: Repository, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    for source in (TINY, GOLDEN / "marian-tiny"):
        for force in ((), ("--force",)):
            line = complaint(s2s("convert", source, "-o", file, *force), 73)
            assert "is not a model directory" in line
            assert "--force" not in line
    assert file.read_text() == "mine"
    (tmp_path / "empty").mkdir()
    done = s2s("convert", GOLDEN / "marian-tiny", "-o", tmp_path / "empty")
    assert done.returncode == 0, done.stderr


def test_homes_with_a_tilde(s2s: Run, marian: Repository, tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("translate:\n  model: ~/m\n")
    home = {**os.environ, "HOME": str(tmp_path), "S2S_HOME": "~/x", "S2S_CONFIG": "~/settings.yaml"}
    done = s2s("models", "pull", TINY, env=home, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "x" / "models").iterdir())
    assert not (tmp_path / "~").exists()
    assert str(tmp_path / "m") in complaint(s2s("translate", env=home, stdin=LINE), 69)


def test_offline_says_which_command_to_run(s2s: Run, marian: Repository, registry: Path) -> None:
    line = complaint(s2s("models", "pull", TINY, "--offline"), 69)
    assert line.endswith(f"With a network: s2s models pull {TINY}.")
    options = ("--registry", registry, "--offline")
    line = complaint(s2s("translate", "-m", "tiny", *options, stdin=LINE), 69)
    assert "Download it with: s2s models pull tiny (without a network, do so" in line


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("translate -m", "it with -m DIRECTORY"),
        ("translate --rerank qe:", "it with --rerank qe:DIRECTORY"),
        ("translate --rerank reverse:", "it with --rerank reverse:DIRECTORY"),
        ("score hyp ref --source src --metric bertscore:", "it with --metric bertscore:DIRECTORY"),
        ("models path", "that directory"),
        ("models shortlist --text src", "that directory"),
        ("models default", "that directory"),
    ],
)
def test_a_directory_is_named_as_the_model_was(s2s: Run, command: str, named: str) -> None:
    *words, last = command.split()
    model = (last + "opus-mt-en-fr",) if last.endswith(":") else (last, "opus-mt-en-fr")
    line = complaint(s2s(*words, *model, stdin=b"Hello.\n"), 69)
    assert f"prints, and name {named})" in line


def test_without_a_model_one_that_speaks_the_languages_is_offered(
    s2s: Run, hub: Hub, marian: Repository, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories["tiny/welsh"] = marian
    monkeypatch.setenv("S2S_TRANSLATE_REGISTRY", str(registry))
    pair = ("--from", "English", "--to", "Welsh")
    line = complaint(s2s("translate", *pair, stdin=LINE), 69)
    assert "s2s models pull welsh" in line
    assert not hub.served  # never by surprise
    done = s2s("translate", *pair, "--yes", stdin=LINE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\n") == 1
    served = len(hub.served)
    again = s2s("translate", "--from", "en", "--to", "cym", stdin=LINE)
    assert again.stdout == done.stdout
    assert len(hub.served) == served


def test_the_users_default_comes_first(s2s: Run, marian: Repository) -> None:
    bundled = s2s("translate", "--from", "en", "--to", "de", stdin=LINE).stdout
    assert s2s("models", "pull", TINY).returncode == 0
    tiny = s2s("translate", "-m", TINY, stdin=LINE).stdout
    assert tiny != bundled
    assert s2s("models", "default", TINY, "--from", "en", "--to", "German").returncode == 0
    assert s2s("translate", "--from", "eng", "--to", "de", stdin=LINE).stdout == tiny
    other = s2s("models", "default", TINY, "--task", "summarize")
    assert (other.returncode, b"was trained for: (translate)" in other.stderr) == (0, True)
    assert s2s("models", "default", "--task", "summarize", "--unset").returncode == 0
    assert s2s("models", "default").stdout == f"translate en-de\t{TINY}\n".encode()
    assert s2s("models", "default", "--from", "en", "--to", "de", "--unset").returncode == 0
    assert s2s("models", "default").stdout == b""
    complaint(s2s("models", "default", "nonsense"), 69)
    assert s2s("models", "default", TINY, "--from", "en", "--to", "German").returncode == 0
    done = s2s("models", "remove", TINY)
    assert b"no default any more for: translate en-de" in done.stderr
    assert s2s("models", "default").stdout == b""
    assert s2s("translate", "--from", "en", "--to", "de", stdin=LINE).stdout == bundled


@pytest.mark.parametrize(
    ("change", "code", "expected"),
    [
        ({"status": 403, "error": "GatedRepo"}, 69, "is gated: its authors must grant you access"),
        ({"status": 429}, 69, "too many requests"),
        ({"status": 500}, 69, "The hub answered 500"),
        ({"token": "secret"}, 69, "or it is private"),
        ({"lies": {"model.safetensors"}}, 65, "does not have the hash"),
        ({"lies": {"vocab.json"}}, 65, "does not have the hash"),
    ],
)
def test_what_goes_wrong_at_the_hub_is_said(
    s2s: Run,
    marian: Repository,
    tmp_path: Path,
    change: dict[str, Any],
    code: int,
    expected: str,
) -> None:
    for name, value in change.items():
        setattr(marian, name, value)
    assert expected in complaint(s2s("models", "pull", TINY), code)
    assert not leftovers(tmp_path)
    assert not (tmp_path / "home" / "models").exists()


def test_names_and_revisions_that_do_not_exist(s2s: Run, marian: Repository) -> None:
    assert "no model tiny/nothing on the hub" in complaint(
        s2s("models", "pull", "tiny/nothing"), 69
    )
    assert "no such revision" in complaint(s2s("models", "pull", TINY, "--revision", "v9"), 69)
    assert "Did you mean t5-small" in complaint(s2s("models", "pull", "t5-smal"), 69)
    line = complaint(s2s("models", "pull", "../../etc/nothing"), 66)
    assert "There is no checkpoint directory" in line


def test_a_token_opens_private_models(
    s2s: Run, marian: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    marian.token = "secret"
    monkeypatch.setenv("HF_TOKEN", "secret")
    assert s2s("models", "pull", TINY).returncode == 0


def test_no_network(s2s: Run, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert "Cannot reach the hub" in complaint(s2s("models", "pull", TINY), 69)


def test_repositories_without_usable_weights(s2s: Run, marian: Repository) -> None:
    for name in ("model.safetensors", "pytorch_model.bin"):
        del marian.files[name]
    line = complaint(s2s("models", "pull", TINY), 65)
    assert "only tf_model.h5" in line


def test_a_cut_connection_is_resumed(s2s: Run, hub: Hub, marian: Repository) -> None:
    """All that came is kept, but for a block."""
    marian.files["README.md"] = b"---\nlicense: mit\n---\n" + os.urandom(3_000_000)
    marian.cut = [2_000_000] + [0] * 40
    text = complaint(s2s("models", "pull", TINY), 69)
    assert "what came so far is kept, but for 64 kB at most" in text
    marian.cut = []
    done = s2s("models", "pull", TINY)
    assert done.returncode == 0, done.stderr
    starts = [start for name, start in hub.served if name == "README.md"]
    assert starts[0] == 0
    assert 2_000_000 - (64 << 10) <= starts[-1] <= 2_000_000


def test_a_full_disk(s2s: Run, marian: Repository, tmp_path: Path) -> None:
    size = len(marian.files["model.safetensors"]) // 2

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    line = complaint(s2s("models", "pull", TINY, preexec_fn=limit), 74)
    assert "disk is full" in line
    assert not leftovers(tmp_path)
    assert s2s("models", "pull", TINY).returncode == 0


def test_too_little_space_is_seen_before_anything_is_fetched(
    hub: Hub, marian: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    from s2scli.errors import InputOutputError
    from s2scli.models import install
    from s2scli.models.convert.run import Labels
    from s2scli.models.hub import RemoteFile, RemoteModel
    from s2scli.models.store import model_directory

    request = install.Request(TINY)
    remote = RemoteModel(TINY, None, "0" * 40, "mit", (RemoteFile("x", 10**15, "", ""),))
    target = model_directory("x", "", "int8")
    plan = install.InstallPlan(request, Labels(name="x"), target, remote)
    with pytest.raises(InputOutputError, match=r"needs 1600000\.0 GB at .* set S2S_HOME"):
        install.install(plan, lambda *_: None)
    assert not hub.served
    assert shutil.disk_usage("/").free < 10**15


def test_two_processes_do_the_work_once(hub: Hub, marian: Repository, tmp_path: Path) -> None:
    arguments = command("models", "pull", TINY, "--quiet")
    processes = [subprocess.Popen(arguments, stderr=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr
    assert [name for name, _ in hub.served].count("model.safetensors") == 1
    assert not leftovers(tmp_path)


def test_what_a_broken_download_left_is_no_part_of_another_model(
    s2s: Run, hub: Hub, marian: Repository, tmp_path: Path
) -> None:
    """Both are to be in a directory of the same name."""
    other = Repository(dict(marian.files), lies={"vocab.json"})
    other.files["generation_config.json"] = b'{"num_beams": 7, "max_length": 11}'
    hub.repositories["tiny/other"] = other
    del marian.files["generation_config.json"]
    complaint(s2s("convert", "tiny/other", "-o", tmp_path / "a" / "m"), 65)
    assert s2s("convert", TINY, "-o", tmp_path / "b" / "m").returncode == 0
    assert s2s("convert", TINY, "-o", tmp_path / "c").returncode == 0
    found = [Manifest.load(tmp_path / place).decoding for place in ("b/m", "c")]
    assert found[0] == found[1]


@pytest.mark.parametrize("delay", [0.4, 0.7, 0.9, 1.1])
def test_a_killed_pull_leaves_nothing_half(
    s2s: Run, hub: Hub, marian: Repository, tmp_path: Path, delay: float
) -> None:
    process = subprocess.Popen(command("models", "pull", TINY), stderr=subprocess.DEVNULL)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert all(name.startswith(".") for name in leftovers(tmp_path))
    listed = json.loads(s2s("models", "list", "--installed", "--json").stdout)
    assert {model["name"] for model in listed} <= {"en-de", TINY}
    assert s2s("models", "pull", TINY).returncode == 0
    assert not leftovers(tmp_path)
    assert s2s("translate", "-m", TINY, stdin=LINE).returncode == 0


def test_a_licence_that_asks_is_accepted_once(s2s: Run, hub: Hub, marian: Repository) -> None:
    for licence in ("cc-by-nc-4.0", ""):
        marian.licence = licence
        marian.files["README.md"] = f"---\nlicense: {licence}\n---\n".encode()
        line = complaint(s2s("models", "pull", TINY), 78)
        assert "--accept-license" in line
        assert not [name for name, _ in hub.served if name == "model.safetensors"]
        assert s2s("models", "pull", TINY, "--accept-license").returncode == 0
        assert s2s("models", "pull", TINY, "--force").returncode == 0
        assert s2s("models", "remove", TINY).returncode == 0
        hub.served.clear()


def test_settings_may_accept_licences(
    s2s: Run, marian: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marian.licence = "cc-by-nc-4.0"
    settings = tmp_path / "settings.yaml"
    monkeypatch.setenv("S2S_CONFIG", str(settings))
    settings.write_text("models:\n  pull:\n    accept-license: true\n")
    assert s2s("models", "pull", TINY).returncode == 0
    settings.write_text("models:\n  pull:\n    acept-license: true\n")
    assert "Did you mean accept-license" in complaint(s2s("models", "list"), 78)
    settings.write_text("models:\n  pul: {}\n")
    assert "Did you mean pull" in complaint(s2s("models", "list"), 78)


def test_a_damaged_model_never_reaches_the_engine(s2s: Run, marian: Repository) -> None:
    assert s2s("models", "pull", TINY).returncode == 0
    directory = Path(s2s("models", "path", TINY).stdout.decode().strip())
    data = bytearray((directory / "model.bin").read_bytes())
    data[len(data) // 2] ^= 1
    (directory / "model.bin").write_bytes(data)
    line = complaint(s2s("translate", "-m", TINY, stdin=LINE), 65)
    assert "model.bin is damaged" in line
    done = s2s("models", "verify", TINY)
    assert done.returncode == 65
    assert b"damaged: model.bin" in done.stdout
    assert s2s("models", "pull", TINY, "--force").returncode == 0
    assert s2s("models", "verify", TINY).returncode == 0


@pytest.mark.parametrize("name", ["a\nb", " a", "", "../a", "~a", ".a", "/a", "a,b", "en-de"])
def test_a_model_is_named_so_that_it_can_be_asked_for(s2s: Run, tmp_path: Path, name: str) -> None:
    done = s2s("convert", GOLDEN / "t5", "--name", name)
    assert done.returncode == 2
    assert b"empty" in done.stderr if not name else b"Give another name" in done.stderr
    if name.isprintable() and name and "/" not in name:  # of the directory, if no other is given
        shutil.copytree(GOLDEN / "t5", tmp_path / name)
        assert s2s("convert", tmp_path / name).returncode == 2
    assert b"good" not in s2s("models", "verify", name).stdout or name == "en-de"


def test_the_bundled_model_stays(s2s: Run) -> None:
    assert "part of the package" in complaint(s2s("models", "remove", "en-de"), 2)
    assert "needs no download" in complaint(s2s("models", "pull", "en-de"), 69)


def test_show_a_model_that_is_only_known(s2s: Run) -> None:
    text = s2s("models", "show", "bart-cnn").stdout.decode()
    assert "facebook/bart-large-cnn" in text
    assert "ROUGE-L (rougeLsum) 41.0 on CNN/DailyMail" in text
    complaint(s2s("models", "show", "nonsense"), 69)
    complaint(s2s("models", "path", "bart-cnn"), 69)


def test_the_session_in_the_guide(
    hub: Hub, marian: Repository, forks: Forks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (GOLDEN.parents[1] / "docs" / "guides" / "models.md").read_text("utf-8")
    block = guide.partition("<!-- session -->\n```sh\n")[2].partition("```")[0]
    commands = [line for line in block.splitlines() if line]
    assert len(commands) >= 8
    hub.repositories = {"Helsinki-NLP/opus-mt-en-fr": marian}
    program = tmp_path / "bin" / "s2s"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {forks.program} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    outputs = []
    for line in commands:
        done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=120)
        assert done.returncode == 0, (line, done.stderr)
        outputs.append(done.stdout)
    assert b"\nopus-mt-en-fr " in outputs[0]
    assert outputs[2].count(b"\n") == 1
    assert b"removed" in done.stderr


def test_a_person_is_asked(hub: Hub, marian: Repository, registry: Path, tmp_path: Path) -> None:
    """On a terminal, a missing model is offered; the answer is read before the text."""
    import pty

    arguments = command("translate", "-m", "tiny", "--registry", registry)
    for answer, code in ((b"n\n", 69), (b"y\n", 0)):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            arguments, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
        ) as process:
            os.write(ours, answer + LINE + b"\x04")
            assert process.stdout
            output = process.stdout.read()
            assert process.wait(timeout=60) == code
        shown = os.read(ours, 100_000).decode()
        assert "is not installed (1 MB, license apache-2.0). Download tiny?" in shown
        assert bool(output) == (code == 0)
        os.close(theirs)
        os.close(ours)
