"""``preprocessor_config.json``: how images become pixels, as slow processors do it (4.57)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.configobject import MAX_SIZE, ConfigObject
from s2scli.models.convert.keys import HARMLESS, OBEYED, REFUSED, SHOWN, Key, all_as
from s2scli.models.images import EXACT, SHORTEST, ImageRecipe

__all__ = ["IMAGE_CLASSES", "PREPROCESSOR", "PREPROCESSOR_KEYS", "image_recipe"]

PREPROCESSOR = "preprocessor_config.json"
FILTERS = range(6)  # Pillow's
CHANNELS = 3
HALF = [0.5, 0.5, 0.5]
OWN = {"size", "crop_size"}  # of which null is the class's own
NULL = {"image_mean": HALF, "image_std": HALF}


class _Class(NamedTuple):
    """A class of processors.

    Attributes:
        resize: ``EXACT`` or ``SHORTEST``.
        usual: what it means by keys that are left out.
        crops: whether it may crop.
        documents: whether it turns, makes thumbnails and pads.
    """

    resize: str
    usual: Mapping[str, Any]
    crops: bool = False
    documents: bool = False


_COMMON = {
    "do_resize": True,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": HALF,
    "image_std": HALF,
}
IMAGE_CLASSES = {
    "ViTImageProcessor": _Class(EXACT, {**_COMMON, "size": 224, "resample": 2}),
    "DeiTImageProcessor": _Class(
        EXACT,
        {**_COMMON, "size": 256, "resample": 3, "do_center_crop": True, "crop_size": 224},
        crops=True,
    ),
    "DonutImageProcessor": _Class(
        SHORTEST,
        {
            **_COMMON,
            "size": {"height": 2560, "width": 1920},
            "resample": 2,
            "do_thumbnail": True,
            "do_align_long_axis": False,
            "do_pad": True,
        },
        documents=True,
    ),
}
# ``model_type`` of an encoder → the class that it has if the file names none.
_USUAL = {
    "vit": "ViTImageProcessor",
    "deit": "DeiTImageProcessor",
    "swin": "ViTImageProcessor",
    "donut-swin": "DonutImageProcessor",
    "resnet": "ViTImageProcessor",
}
PREPROCESSOR_KEYS: dict[str, Key] = {
    **all_as(OBEYED, "the class", "image_processor_type feature_extractor_type"),
    **all_as(OBEYED, "sizes", "do_resize size resample do_center_crop crop_size"),
    **all_as(OBEYED, "numbers", "do_rescale rescale_factor do_normalize image_mean image_std"),
    **all_as(OBEYED, "pages (Donut)", "do_thumbnail do_align_long_axis do_pad"),
    "do_convert_rgb": Key(HARMLESS, "every image becomes RGB, as in transformers' pipelines"),
    "processor_class": Key(HARMLESS, "the class that also holds the tokenizer"),
    "data_format": Key(REFUSED, "the channels come first", ("channels_first",)),
    "input_data_format": Key(REFUSED, "images are read from files", ()),
    "random_padding": Key(REFUSED, "pages are padded alike on both sides", (False,)),
    **all_as(
        HARMLESS,
        "of fast processors, which do the same by torch",
        "device return_tensors disable_grouping default_to_square size_divisor pad_size",
    ),
}


def image_recipe(
    checkpoint: Checkpoint, encoder: str, image: tuple[int, int], shown: dict[str, Any]
) -> ImageRecipe:
    """How a checkpoint wants images.

    Args:
        checkpoint: the checkpoint.
        encoder: ``model_type`` of its encoder.
        image: height and width of the images that its encoder takes.
        shown: gets the settings that stay without effect.

    Raises:
        InvalidModelError: the file is missing, or asks for what cannot be done or does not fit.
    """
    content = checkpoint.json(PREPROCESSOR)
    kind, name = _class(content, encoder)
    settings = _Settings(ConfigObject({**kind.usual, **_given(content)}, PREPROCESSOR))
    shown.update(_checked(content, kind, name))
    if not settings.flag("do_resize"):
        raise InvalidModelError(f"{PREPROCESSOR} resizes nothing (do_resize), but the model must")
    size = settings.size("size", turned=kind.documents)
    cropped = kind.crops and settings.flag("do_center_crop")
    final = settings.size("crop_size") if cropped else size
    if kind.documents and not (settings.flag("do_thumbnail") and settings.flag("do_pad")):
        raise InvalidModelError(
            f"{PREPROCESSOR} gives images of any size (do_thumbnail, do_pad); the model takes one"
        )
    if final != image:
        raise InvalidModelError(
            f"{PREPROCESSOR} makes images of {final[0]} by {final[1]} pixels, but the model takes "
            f"{image[0]} by {image[1]}"
        )
    normal = settings.flag("do_normalize")
    return ImageRecipe(
        height=final[0],
        width=final[1],
        resize=kind.resize,
        resize_height=size[0],
        resize_width=size[1],
        resample=settings.filter(),
        turn=kind.documents and settings.flag("do_align_long_axis"),
        thumbnail=kind.documents,
        scale=settings.number("rescale_factor") if settings.flag("do_rescale") else 1.0,
        mean=settings.row("image_mean") if normal else (),
        deviation=settings.row("image_std", positive=True) if normal else (),
    )


def _given(content: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, with what transformers makes of those that are null."""
    null = {name for name, value in content.items() if value is None}
    given = {name: value for name, value in content.items() if name not in null & OWN}
    return given | {name: value for name, value in NULL.items() if name in null}


def _class(content: Mapping[str, Any], encoder: str) -> tuple[_Class, str]:
    named = content.get("image_processor_type") or content.get("feature_extractor_type")
    name = str(named or _USUAL[encoder]).removesuffix("Fast")
    name = name.replace("FeatureExtractor", "ImageProcessor")
    if name not in IMAGE_CLASSES:
        raise InvalidModelError(
            f"{PREPROCESSOR} names the class {named}, which s2s lacks",
            f"Known classes: {', '.join(IMAGE_CLASSES)}.",
        )
    return IMAGE_CLASSES[name], name


def _checked(content: Mapping[str, Any], kind: _Class, name: str) -> dict[str, Any]:
    """The settings that stay without effect.

    Raises:
        InvalidModelError: one asks for what cannot be left out.
    """
    shown: dict[str, Any] = {}
    for key_name, value in content.items():
        key = PREPROCESSOR_KEYS.get(key_name, Key(SHOWN, "unknown"))
        if not key.asks(value, content):
            continue
        if key.fate == REFUSED:
            raise InvalidModelError(
                f"{PREPROCESSOR} sets {key_name} to {value!r}, which cannot be obeyed: {key.about}"
            )
        # What another class has is nothing to this one, as in transformers.
        of_others = key.fate == OBEYED and key_name not in kind.usual and "_type" not in key_name
        if key.fate == SHOWN or (of_others and value is not False):
            shown[f"{name}.{key_name}"] = value
    return shown


class _Settings:
    """The numbers of the file, none taken on trust."""

    def __init__(self, content: ConfigObject) -> None:
        self._content = content

    def _wrong(self, name: str) -> InvalidModelError:
        return InvalidModelError(f"{PREPROCESSOR} gives {name} as {self._content.content[name]!r}")

    def flag(self, name: str) -> bool:
        """An answer to a question of yes or no."""
        return self._content.flag(name, default=False)

    def size(self, name: str, *, turned: bool = False) -> tuple[int, int]:
        """Height and width: a number for both, an object, or a row (width first if ``turned``)."""
        given = self._content.content[name]
        if isinstance(given, dict) and given.keys() == {"height", "width"}:
            given = [given["height"], given["width"]]
        elif isinstance(given, list) and turned:
            given = given[::-1]
        pair = given if isinstance(given, list) else [given, given]
        if len(pair) != 2 or not all(type(n) is int and 1 <= n <= MAX_SIZE for n in pair):
            raise self._wrong(name)
        return pair[0], pair[1]

    def filter(self) -> int:
        """Pillow's number of a filter."""
        number = self._content.content["resample"]
        if type(number) is not int or number not in FILTERS:
            raise self._wrong("resample")
        return number

    def number(self, name: str) -> float:
        """A positive number."""
        value = self._content.content[name]
        if type(value) not in (int, float) or not 0 < value < math.inf:
            raise self._wrong(name)
        return float(value)

    def row(self, name: str, *, positive: bool = False) -> tuple[float, ...]:
        """A number for each channel, or one for all."""
        value = self._content.content[name]
        row = value if isinstance(value, list) else [value] * CHANNELS
        numbers = all(type(n) in (int, float) and math.isfinite(n) for n in row)
        if not numbers or len(row) != CHANNELS or (positive and min(row) <= 0):
            raise self._wrong(name)
        return tuple(map(float, row))
