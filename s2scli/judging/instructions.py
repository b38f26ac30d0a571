"""What annotators are told, in plain words."""

from __future__ import annotations

from s2scli.judging.design import Design
from s2scli.judging.kinds import DIRECT, MQM, RELATIVE, SUMMARY
from s2scli.judging.mqm import CATEGORIES

__all__ = ["ABOUT", "SEVERITIES_ABOUT", "TITLES", "instructions", "labels"]

TITLES = {
    DIRECT: "Rate translations",
    RELATIVE: "Compare translations",
    MQM: "Mark errors of translations",
    SUMMARY: "Rate summaries",
}
# Criterion → the question that its rating answers.
ABOUT = {
    "adequacy": "How much of the meaning of the source does the translation express?",
    "fluency": "How good is its language, whatever it says?",
    "relevance": "Does the summary have what is important in the text, and nothing else?",
    "consistency": "Is everything that the summary says also said in the text?",
    "coherence": "Do the sentences follow from each other, and make one whole?",
}
SEVERITIES_ABOUT = {
    "neutral": "you would write it in another way, but it is not wrong",
    "minor": "it is noticed, and the meaning stays",
    "major": "it changes the meaning, or makes the text hard to understand",
    "critical": "it makes the text useless, or does harm",
}
_START = {
    DIRECT: "Read the source and the translation. Then rate the translation on each scale.",
    RELATIVE: "Read the source and the two translations. Then say which translation is better.",
    MQM: "Read the source and the translation. Then mark every error of the translation.",
    SUMMARY: "Read the text and the summary. Then rate the summary on each scale.",
}
_MQM = (
    "Mark as little of the text as shows the error. Mark in the source what is missing.",
    "If one stretch has several errors, mark it once for each.",
    "If nothing is wrong, mark nothing, and say that all errors are marked.",
)
_SCALES = "Use the whole scale."
_ALL = (
    "Judge each text for itself. One may come twice; judge it anew.",
    "Nobody tells you where the texts come from, and you need not guess.",
)
_DOCUMENTS = "Of a document, parts follow each other. Judge each as a part of the whole."


def labels(kind: str) -> tuple[str, str]:
    """What the source and the output are called.

    Args:
        kind: a key of ``KINDS``.
    """
    return ("Text", "Summary") if kind == SUMMARY else ("Source", "Translation")


def instructions(design: Design) -> list[str]:
    """What an annotator is told, sentence after sentence in a few lines.

    Args:
        design: the design.
    """
    lines = [_START[design.kind]]
    for name, least, most in design.criteria:
        lines.append(f"{name}: {ABOUT[name]} {least} is the worst, {most} the best.")
    if design.kind == MQM:
        lines += _MQM
        lines += [f"{name}: {about}." for name, about in SEVERITIES_ABOUT.items()]
        lines += [f"{name}: {about}." for name, about in CATEGORIES.items()]
    if design.criteria:
        lines.append(_SCALES)
    lines += _ALL
    if any(segment.document is not None for segment in design.segments):
        lines.append(_DOCUMENTS)
    return lines
