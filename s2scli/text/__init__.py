"""Plain text: where its sentences end, and how it is cut to fit a model."""
