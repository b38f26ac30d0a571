"""What ``scripts/make_corpus.py`` is made of: one module a kind of producer."""
