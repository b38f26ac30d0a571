"""Running models: the engine, its tokenizers, its devices."""
