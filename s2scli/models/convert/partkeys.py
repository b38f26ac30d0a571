"""The outcome of each key of a part's configuration; see ``keys.py``."""

from __future__ import annotations

from s2scli.models.convert.familykeys import known_keys
from s2scli.models.convert.keys import (
    CONFIG,
    GENERATION,
    HARMLESS,
    OBEYED,
    REFUSED,
    Key,
    all_as,
)

__all__ = ["known_part_keys"]

_PART = {
    **all_as(
        OBEYED,
        "sizes",
        "model_type vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size "
        "max_position_embeddings type_vocab_size n_embd n_head n_layer n_positions n_inner",
    ),
    **all_as(
        OBEYED,
        "the layers",
        "hidden_act activation_function layer_norm_eps layer_norm_epsilon tie_word_embeddings",
    ),
    **all_as(
        OBEYED,
        "sizes of images and of what looks at them",
        "image_size patch_size num_channels embed_dim depths num_heads window_size mlp_ratio",
    ),
    **all_as(
        OBEYED,
        "sizes (TrOCR, mBART)",
        "d_model decoder_layers decoder_attention_heads decoder_ffn_dim",
    ),
    **all_as(
        OBEYED,
        "the layers (images, TrOCR)",
        "qkv_bias scale_embedding layernorm_embedding use_learned_position_embeddings",
    ),
    **all_as(
        OBEYED,
        "sizes and layers (ResNet, attending-lstm)",
        "embedding_size hidden_sizes layer_type downsample_in_first_stage "
        "downsample_in_bottleneck attention_size attention_activation initial_activation "
        "deep_output",
    ),
    "cross_attention_hidden_size": Key(OBEYED, "the decoder looks at the encoder's own numbers"),
    "use_absolute_embeddings": Key(REFUSED, "Swin has no table of positions here", (False,)),
    "pad_token_id": Key(OBEYED, "RoBERTa counts positions from the number after it"),
    "position_embedding_type": Key(REFUSED, "only one kind of positions is", ("absolute",)),
    "scale_attn_weights": Key(REFUSED, "the engine always scales", (True,)),
    "scale_attn_by_inverse_layer_idx": Key(REFUSED, "the engine scales alike", (False,)),
    "reorder_and_upcast_attn": Key(HARMLESS, "precision in training"),
    **all_as(
        HARMLESS,
        "the whole model's counts",
        "tie_encoder_decoder prefix task_specific_params tokenizer_class transformers_version",
    ),
    **all_as(
        HARMLESS,
        "training",
        "hidden_dropout_prob attention_probs_dropout_prob attn_pdrop embd_pdrop resid_pdrop "
        "dropout attention_dropout activation_dropout decoder_layerdrop encoder_layerdrop init_std "
        "classifier_dropout drop_path_rate encoder_stride",
    ),
    **all_as(
        HARMLESS,
        "parts that are not there",
        "directionality pooler_fc_size pooler_num_attention_heads pooler_num_fc_layers "
        "pooler_size_per_head pooler_type summary_activation summary_first_dropout "
        "summary_proj_to_labels summary_type summary_use_proj n_ctx "
        "pooler_output_size pooler_act out_features out_indices stage_names encoder_layers "
        "encoder_attention_heads encoder_ffn_dim num_layers path_norm use_mask_token "
        "add_final_layer_norm normalize_before normalize_embedding "
        "add_bias_logits static_position_embeddings",
    ),
}

# By type of a part: other names of its keys, which transformers takes over the keys themselves.
_OTHER_NAMES = {
    "gpt2": {
        "hidden_size": "n_embd",
        "max_position_embeddings": "n_positions",
        "num_attention_heads": "n_head",
        "num_hidden_layers": "n_layer",
    },
    "trocr": {
        "hidden_size": "d_model",
        "num_attention_heads": "decoder_attention_heads",
        "num_hidden_layers": "decoder_layers",
    },
}


def known_part_keys(side: str, kind: str = "") -> dict[str, Key]:
    """The keys of a part's configuration in ``config.json``.

    Args:
        side: ``encoder`` or ``decoder``, which is the one that generates.
        kind: the part's ``model_type``, if that matters.
    """
    others = {
        name: Key(REFUSED, f"another name of {other}", same=other)
        for name, other in _OTHER_NAMES.get(kind, {}).items()
    }
    decodes = side == "decoder"
    own = {
        "is_decoder": Key(REFUSED, "each part has its side", (decodes,)),
        "is_encoder_decoder": Key(HARMLESS, "the whole model has both sides"),
        "add_cross_attention": Key(REFUSED, "the decoder alone looks at the other", (decodes,)),
    }
    common = known_keys("")
    settings = (
        common[GENERATION]
        if decodes
        else dict.fromkeys(common[GENERATION], Key(HARMLESS, "of outputs"))
    )
    return {**settings, **common[CONFIG], **_PART, **others, **own}
