"""Keys of ``config.json`` that graphs which others exported contradict: the graphs decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from s2scli.models.exported import CACHE
from s2scli.models.graphfiles import GraphFacts

__all__ = ["contradicted"]

# Names of one thing in the families' settings; the first that is there counts.
_ENCODER_LAYERS = ("encoder_layers", "num_layers", "num_hidden_layers", "n_layer")
_DECODER_LAYERS = (
    *("decoder_layers", "num_decoder_layers", "num_layers", "num_hidden_layers", "n_layer"),
)
_DECODER_HEADS = ("decoder_attention_heads", "num_heads", "num_attention_heads", "n_head")
_ATTENTION = "Softmax"  # once in each layer of an encoder
_FUSED = frozenset({"Attention", "MultiHeadAttention", "PackedMultiHeadAttention"})
_HEADS = 1  # the dimension of a cache that counts them
# The first layers of T5's feed-forward parts: one, or the gate and another.
_GATE = "wi_0"
_FORWARD = frozenset({"wi", _GATE})


def contradicted(config: Mapping[str, Any], graphs: Sequence[GraphFacts]) -> dict[str, Any]:
    """The settings that say something else than the graphs do, with their values.

    Args:
        config: what ``config.json`` says.
        graphs: the encoder and the decoders, in that order.
    """
    found: dict[str, Any] = {}
    encoder, *decoders = graphs
    layers = encoder.operators.get(_ATTENTION, 0)
    if layers and encoder.operators.keys().isdisjoint(_FUSED):
        found.update(_other(config, "encoder", _ENCODER_LAYERS, layers))
    for decoder in decoders:
        caches = {name: shape for name, shape in decoder.shapes.items() if CACHE.fullmatch(name)}
        numbers = {part for name in caches for part in name.split(".") if part.isdecimal()}
        heads = {shape[_HEADS] for shape in caches.values() if len(shape) > _HEADS}
        if numbers:
            found.update(_other(config, "decoder", _DECODER_LAYERS, len(numbers)))
        if len(heads) == 1 and (count := heads.pop()):
            found.update(_other(config, "decoder", _DECODER_HEADS, count))
    modules = frozenset[str]().union(*(graph.modules for graph in graphs))
    if modules.isdisjoint(_FORWARD):
        return found
    kind, gated = config.get("feed_forward_proj"), _GATE in modules
    if isinstance(kind, str) and kind.startswith("gated-") != gated:
        found["feed_forward_proj"] = kind
    if config.get("is_gated_act", gated) is not gated:
        found["is_gated_act"] = config["is_gated_act"]
    return found


def _other(
    config: Mapping[str, Any], side: str, names: Sequence[str], there: int
) -> Iterator[tuple[str, Any]]:
    """The setting of one side if it says another number than there is."""
    part = config.get(side)
    is_part = isinstance(part, dict)
    content: Mapping[str, Any] = part if isinstance(part, dict) else config
    name = next((each for each in names if isinstance(content.get(each), int)), None)
    if name and content[name] != there:
        yield f"{side}.{name}" if is_part else name, content[name]
