"""Spaces before marks and endings, which some tokenizers leave, taken out of a text.

It is what transformers does where ``clean_up_tokenization_spaces`` is set
(``PreTrainedTokenizerBase.clean_up_tokenization``): the same rules, one after the other.
"""

from __future__ import annotations

__all__ = ["cleaned", "cleaned_away"]

RULES = (" .", " ?", " !", " ,", " ' ", " n't", " 'm", " 's", " 've", " 're")


def cleaned(text: str) -> str:
    """A text without the spaces that the rules take out."""
    for rule in RULES:
        text = text.replace(rule, rule.strip())
    return text


def cleaned_away(text: str) -> list[int]:
    """The places of the spaces that ``cleaned`` takes out of a text, in order."""
    places = list(range(len(text)))
    kept = text
    for rule in RULES:
        at = kept.find(rule)
        while at >= 0:
            last = at + len(rule) - 1
            gone = {at, last} if rule.endswith(" ") else {at}
            places = [place for number, place in enumerate(places) if number not in gone]
            kept = kept[:at] + rule.strip() + kept[last + 1 :]
            at = kept.find(rule, at + len(rule.strip()))
    return sorted(set(range(len(text))).difference(places))
