"""Models on disk: what they are, where they are, and how checkpoints become models."""
