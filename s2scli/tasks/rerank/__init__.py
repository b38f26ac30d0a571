"""Reranking: which of several hypotheses is the best, by other measures than the search's own."""
