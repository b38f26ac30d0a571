"""Languages: what people and models call them, and when two of them are the same."""
