"""``s2s caption`` as a process: what goes in, what comes out, what is said of broken images."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handbook.records import RECORDS

from s2scli.models.convert.run import Labels, convert
from s2scli.text.tagged import fields_of
from tests.conftest import GOLDEN, Run
from tests.drawings import FORM, SENTENCE, form, line, save, scene, shapeless

pytest.importorskip("onnxruntime")
pillow = pytest.importorskip("PIL")


@pytest.fixture(scope="module")
def trocr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "trocr"
    convert(GOLDEN / "trocr", directory, quantization="int8")
    return directory


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Twelve images in a folder of folders, the sixth one broken."""
    folder = tmp_path / "album"
    (folder / "more").mkdir(parents=True)
    for seed in range(12):
        save(line(seed)[0], folder / ("more" if seed > 7 else ".") / f"{seed:02}.png")
    (folder / "05.png").write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    (folder / "notes.txt").write_text("no image")
    (folder / "elsewhere").symlink_to(folder / "more")
    (folder / ".hidden.png").write_bytes(b"no image")
    return folder


TEXTS = [line(seed)[1] for seed in range(12)]


def test_a_folder_gives_a_line_for_each_image(s2s: Run, trocr: Path, album: Path) -> None:
    done = s2s("caption", "-m", str(trocr), str(album))
    assert done.returncode == 3
    lines = done.stdout.decode().split("\n")
    assert len(lines) == 13
    assert lines[5] == ""
    right = sum(a == b for a, b in zip(lines, TEXTS, strict=False))
    assert right >= 9  # of eleven
    assert b"s2s: failed: " in done.stderr
    assert b"05.png" in done.stderr
    assert b"notes.txt" not in done.stderr + done.stdout
    assert b"note: skipped what is no image: 2 (elsewhere, .txt)\n" in done.stderr


def test_lists_and_standard_input(s2s: Run, trocr: Path, album: Path) -> None:
    paths = "".join(f"{album / name}\n" for name in ("03.png", "gone.png", "00.png"))
    listed = s2s("caption", "-m", str(trocr), stdin=paths.encode())
    assert listed.returncode == 3
    assert b"gone.png cannot be read: No such file" in listed.stderr
    (album / "list").write_text(paths)
    again = s2s("caption", "-m", str(trocr), "--files-from", str(album / "list"))
    assert again.stdout == listed.stdout
    alone = s2s("caption", "-m", str(trocr), str(album / "03.png"), str(album / "00.png"))
    assert alone.returncode == 0
    assert listed.stdout.decode().split("\n")[::2][:2] == alone.stdout.decode().split("\n")[:2]


def test_json_lines_have_the_path_and_the_reason(s2s: Run, trocr: Path, album: Path) -> None:
    names = [str(album / "05.png"), str(album / "04.png")]
    report = album / "report.json"
    more = ("--format", "jsonl", "--n-best", "2", "--report", str(report))
    done = s2s("caption", "-m", str(trocr), *names, *more)
    broken, good = map(json.loads, done.stdout.decode().splitlines())
    assert (broken["source"], broken["target"], broken["hypotheses"]) == (names[0], "", [])
    assert "05.png" in broken["error"]
    assert good["source"] == names[1]
    assert len(good["hypotheses"]) == 2
    assert "error" not in good
    facts = json.loads(report.read_text())
    assert (facts["images"], facts["failed"]) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("gone.png",), 66, "There is no file gone.png"),
        (("-",), 2, "Standard input holds no image"),
        (("empty",), 66, "The folder empty has no images"),
    ],
)
def test_inputs_that_are_none(
    s2s: Run, trocr: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "empty").mkdir()
    done = s2s("caption", "-m", str(trocr), *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, b"")
    assert words.encode() in done.stderr


def test_each_model_reads_what_it_can(s2s: Run, trocr: Path, album: Path) -> None:
    done = s2s("translate", "-m", str(trocr), stdin=b"text\n")
    assert done.returncode == 2
    assert b"reads images, not texts. Use 's2s caption'" in done.stderr
    done = s2s("caption", "-m", "en-de", str(album / "00.png"))
    assert done.returncode == 2
    assert b"reads texts, not images" in done.stderr


def test_what_comes_out_does_not_depend_on_the_batch(s2s: Run, trocr: Path, album: Path) -> None:
    """In int8, where that is not a matter of course."""
    outputs = {
        s2s(
            *("caption", "-m", str(trocr), str(album), "--scores"),
            *("--batch-tokens", size, "--threads", "2"),
        ).stdout
        for size in ("1", "30", "1000")
    }
    assert len(outputs) == 1


def test_models_are_evaluated_on_images(s2s: Run, trocr: Path, album: Path) -> None:
    (album / "05.png").unlink()
    seeds = [seed for seed in range(12) if seed != 5]
    paths = [album / ("more" if seed > 7 else ".") / f"{seed:02}.png" for seed in seeds]
    (album / "images").write_text("".join(f"{path}\n" for path in paths))
    (album / "right").write_text("".join(f"{TEXTS[seed]}\n" for seed in seeds))
    test = ("--source", str(album / "images"), "--reference", str(album / "right"))
    done = s2s("evaluate", "-m", str(trocr), "--task", "caption", *test, "--json")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)["cells"][0]["scores"]
    assert scores.keys() == {"cider", "bleu", "meteor"}


def _bomb(path: Path) -> Path:
    """Fourteen thousand pixels a side, in a few kilobytes."""
    from PIL import Image

    Image.new("1", (14_000, 14_000)).save(path)
    return path


def test_bombs_and_programs_are_refused(s2s: Run, trocr: Path, tmp_path: Path) -> None:
    script = tmp_path / "page.png"
    script.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(touched) (w) file\n")
    done = s2s("caption", "-m", str(trocr), str(_bomb(tmp_path / "bomb.png")), str(script))
    assert (done.returncode, done.stdout) == (3, b"\n\n")
    assert b"bomb.png has more than 178 million pixels" in done.stderr
    assert b"page.png is not an image in a known format" in done.stderr


def test_images_of_all_modes_and_upright(s2s: Run, trocr: Path, tmp_path: Path) -> None:
    from PIL import Image

    picture = Image.fromarray(line(3)[0])
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    picture.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    for mode in ("L", "RGBA", "P", "LA", "CMYK"):
        suffix = "tif" if mode == "CMYK" else "png"
        picture.convert(mode).save(tmp_path / f"{mode}.{suffix}")
    picture.save(tmp_path / "first.gif", save_all=True, append_images=[Image.new("RGB", (9, 9))])
    done = s2s("caption", "-m", str(trocr), str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.decode().split()) == {TEXTS[3]}
    assert (
        done.stderr
        == b"s2s: warning: files with several images, of which only the first is read: 1\n"
    )


def test_what_the_model_does_not_see_is_said(s2s: Run, trocr: Path, tmp_path: Path) -> None:
    from PIL import Image

    ink = Image.fromarray(line(3)[0]).convert("L").point(lambda grey: 255 - grey)
    clear = Image.new("RGBA", ink.size)
    clear.putalpha(ink)
    clear.save(tmp_path / "ink.png")
    frames = [Image.new("L", (9, 9), grey) for grey in (0, 99)]
    for suffix in ("tif", "gif", "webp"):
        frames[0].save(tmp_path / f"two.{suffix}", save_all=True, append_images=frames[1:])
    done = s2s("caption", "-m", str(trocr), str(tmp_path))
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 4
    assert b"several images, of which only the first is read: 3\n" in done.stderr
    assert b"transparent parts, which have the color stored beneath (often black)" in done.stderr


def test_greys_of_16_bits_keep_their_steps(s2s: Run, trocr: Path, tmp_path: Path) -> None:
    from PIL import Image

    greys = np.asarray(Image.fromarray(line(3)[0]).convert("L")).astype(np.uint16) * 257
    for suffix in ("png", "tif"):
        Image.fromarray(greys).save(tmp_path / f"deep.{suffix}")
    header = f"P5 {greys.shape[1]} {greys.shape[0]} 65535\n".encode()
    (tmp_path / "deep.pgm").write_bytes(header + greys.astype(">u2").tobytes())
    done = s2s("caption", "-m", str(trocr), str(tmp_path))
    assert (done.returncode, done.stdout.decode().split()) == (0, [TEXTS[3]] * 3), done.stderr


def test_tiff_says_what_its_greys_mean(tmp_path: Path) -> None:
    from PIL import Image

    from s2scli.inference.images import open_image

    greys = np.arange(1 << 12, dtype=np.uint16).reshape(64, 64)
    Image.fromarray(~(greys << 4)).save(tmp_path / "negative.tif", tiffinfo={262: 0})
    (tmp_path / "twelve.tif").write_bytes(tiff_of_12_bits(greys))
    for name in ("negative", "twelve"):
        found = np.asarray(open_image(tmp_path / f"{name}.tif"))
        np.testing.assert_array_equal(found[:, :, 0], greys >> 4)


def tiff_of_12_bits(greys: np.ndarray[Any, Any]) -> bytes:
    """A file of greys from 0 to 4095, two in three bytes."""
    height, width = greys.shape
    even, odd = (greys[:, start::2].astype(np.uint16) for start in (0, 1))
    data = np.stack([even >> 4, (even & 15) << 4 | odd >> 8, odd & 255], -1).astype(np.uint8)
    tags = [(256, width), (257, height), (258, 12), (259, 1), (262, 1), (273, 8), (277, 1)]
    tags += [(278, height), (279, data.size)]
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    start = struct.pack("<2sHI", b"II", 42, 8 + data.size)
    return start + data.tobytes() + struct.pack("<H", len(tags)) + rows + bytes(4)


@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_greys_of_unknown_range_are_refused(
    s2s: Run, trocr: Path, tmp_path: Path, kind: type[np.number[Any]]
) -> None:
    from PIL import Image

    Image.fromarray(np.ones((9, 9), kind)).save(tmp_path / "deep.tif")
    done = s2s("caption", "-m", str(trocr), str(tmp_path / "deep.tif"))
    assert (done.returncode, done.stdout) == (3, b"\n")
    assert b"deep.tif has greys of 32 bits, and which of them is white is not known" in done.stderr


def test_without_the_packages_their_extra_is_named(s2s: Run, trocr: Path, album: Path) -> None:
    for package, extra in (("PIL", "vision"), ("onnxruntime", "onnx"), ("onnx", "onnx")):
        code = f"import sys; sys.modules['{package}'] = None"
        folder = album / package
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(code)
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        done = s2s("caption", "-m", str(trocr), str(album / "00.png"), env=environment)
        assert done.returncode == 69, done.stderr
        assert f"pip install 's2scli[{extra}]'".encode() in done.stderr


def test_one_line_for_each_of_many_images(s2s: Run, trocr: Path, tmp_path: Path) -> None:
    """More than are held at a time; those that are the same are looked at once."""
    path = save(line(3)[0], tmp_path / "a.png")
    other = save(np.asarray(line(4)[0]), tmp_path / "b.png")
    names = [str(other if number % 7 == 0 else path) for number in range(3000)]
    done = s2s("caption", "-m", str(trocr), stdin="\n".join(names).encode())
    assert done.returncode == 0
    expected = [TEXTS[4] if number % 7 == 0 else TEXTS[3] for number in range(3000)]
    assert done.stdout.decode().splitlines() == expected


def test_a_damaged_end_is_named(s2s: Run, trocr: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    from PIL import Image

    Image.fromarray(line(1)[0]).save(buffer, "PNG")
    (tmp_path / "cut.png").write_bytes(buffer.getvalue()[:80])
    done = s2s("caption", "-m", str(trocr), str(tmp_path / "cut.png"))
    assert (done.returncode, done.stdout) == (3, b"\n")
    assert b"cut.png" in done.stderr


def test_lengths_are_in_tokens(s2s: Run, trocr: Path, album: Path) -> None:
    done = s2s("caption", "-m", trocr, "--max-length", "1.5x", album)
    assert done.returncode == 2
    assert b"images have no tokens" in done.stderr


@pytest.fixture(scope="module")
def donut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "donut"
    convert(GOLDEN / "donut", directory, quantization="int8")
    return directory


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("pages")
    return [str(save(form(seed)[0], folder / f"{seed}.png")) for seed in range(12)]


def test_a_prompt_tells_the_task(s2s: Run, donut: Path, pages: list[str]) -> None:
    """Fields as JSON, and sentences, of the same images."""
    told = ("--prompt", FORM, "--prompt-tokens")
    done = s2s("caption", "-m", str(donut), *pages, *told, "--fields")
    assert (done.returncode, done.stderr) == (0, b"")
    found = [json.loads(row) for row in done.stdout.decode().splitlines()]
    plain = [json.loads(shapeless(row)) for row in done.stdout.decode().splitlines()]
    tokens = ("<middle/>", "<above/>", "<left/>")
    drawn = [shapeless(form(seed)[1]).removeprefix(FORM) for seed in range(12)]
    wanted = [fields_of(text, tokens) for text in drawn]
    assert sum(a == b for a, b in zip(plain, wanted, strict=True)) >= 9
    done = s2s("caption", "-m", str(donut), *pages, *told, "--format", "jsonl")
    rows = [json.loads(row) for row in done.stdout.decode().splitlines()]
    assert [row["fields"] for row in rows] == found
    assert set(rows[0]) == set(RECORDS["A caption"][1]) - {"error"}
    assert all("<" not in row["target"] for row in rows)
    done = s2s("caption", "-m", str(donut), *pages, "--prompt", SENTENCE, "--prompt-tokens")
    texts = done.stdout.decode().splitlines()
    right = [shapeless(scene(seed)[1]) for seed in range(12)]
    assert sum(shapeless(a) == b for a, b in zip(texts, right, strict=True)) >= 9


def test_an_alias_may_have_its_task(
    s2s: Run, donut: Path, pages: list[str], tmp_path: Path
) -> None:
    labels = Labels(name="m", prompts={"caption": FORM})
    convert(GOLDEN / "donut", tmp_path / "m", quantization="int8", labels=labels)
    own = s2s("caption", "-m", str(tmp_path / "m"), pages[0], "--fields")
    told = ("--prompt", FORM, "--prompt-tokens", "--fields")
    assert own.stdout == s2s("caption", "-m", str(donut), pages[0], *told).stdout != b""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--prompt", FORM), "begins with a special token. Add --prompt-tokens"),
        (("--prompt", "form"), "does not begin with a special token of donut. Those are: "),
        (("--prompt", "{text}", "--prompt-tokens"), "has slots"),
        (("--prompt-tokens",), "--prompt-tokens has no effect without --prompt"),
        (("--prompt", FORM + " a" * 80, "--prompt-tokens"), "and the model donut writes 32"),
    ],
)
def test_prompts_that_cannot_be_obeyed(
    s2s: Run, donut: Path, pages: list[str], arguments: tuple[str, ...], words: str
) -> None:
    done = s2s("caption", "-m", str(donut), pages[0], *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert words in done.stderr.decode()


def test_captions_that_begin_with_a_prompt(
    s2s: Run, trocr: Path, album: Path, tmp_path: Path
) -> None:
    names = [str(album / "00.png"), str(album / "03.png")]
    done = s2s("caption", "-m", str(trocr), *names, "--prompt", "12")
    assert done.returncode == 0, done.stderr
    assert all(row.startswith("12") for row in done.stdout.decode().splitlines())
    # A model that does not say its start, as those before prompts.
    older = Path(shutil.copytree(trocr, tmp_path / "older"))
    content = json.loads((older / "s2s.json").read_text())
    assert content["tokenizer"].pop("target_start") == ["</s>"]
    (older / "s2s.json").write_text(json.dumps(content))
    assert s2s("caption", "-m", str(older), *names, "--prompt", "12").stdout == done.stdout
    done = s2s("caption", "-m", str(trocr), *names, "--fields")
    assert done.returncode == 2
    assert b"The model trocr marks no fields" in done.stderr
