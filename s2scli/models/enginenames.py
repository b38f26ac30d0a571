"""The engines that there are, as manifests name them (``s2scli.inference.engines.ENGINES``)."""

from __future__ import annotations

__all__ = ["CTRANSLATE2", "NUMPY", "ONNX"]

CTRANSLATE2, NUMPY, ONNX = "ctranslate2", "numpy", "onnx"
