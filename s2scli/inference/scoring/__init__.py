"""Models that score texts: encoders that ONNX Runtime runs."""
