from __future__ import annotations

import pytest

from s2scli.models.convert.alignment import choose_attention
from s2scli.models.convert.specs import transformer_spec


@pytest.mark.parametrize(("layers", "chosen"), [(1, 0), (2, 1), (3, 2), (6, 4), (12, 10)])
def test_all_heads_of_the_last_layer_or_of_that_before(layers: int, chosen: int) -> None:
    spec = transformer_spec.TransformerSpec.from_config((1, layers), 4)
    choose_attention(spec)
    assert (spec.decoder.alignment_layer, spec.decoder.alignment_heads) == (chosen, 0)
