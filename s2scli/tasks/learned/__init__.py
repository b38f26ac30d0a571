"""Learned metrics: models that were trained to score as people do, as metrics like any other."""
