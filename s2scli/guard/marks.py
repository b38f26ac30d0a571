"""Signs that mean themselves: figures above the line, fractions, emoji and symbols, code, tags."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from s2scli.guard.facts import Facts
from s2scli.guard.limits import Limits
from s2scli.guard.signs import compared, missing

__all__ = ["small_figures", "symbols"]

# Figures that are one sign each: above and below the line, fractions, Roman ones, in circles.
_SMALL = "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u2188\u2460-\u249b]"
# Words that some of them may become.
_WORDS = {
    "²": "quadrat|square|\\bsq\\b|\\bqm\\b|carr[eé]|cuadrad|quadrad|kwadrat|kvadrat|квадрат|平方",
    "³": "kubik|cubi|\\bcu\\b|\\bcbm\\b|c[uú]bic|kubie|kubi[ck]|кубич|кубо|立方",
    "½": "hal[bfv]|\\bdemi|\\bmedi[ao]|mezz|mei[ao]|ein(?:und)?einhalb|anderthalb|полов|полтор|半",
    "¼": "viertel|quart|cuart|kwart|четверт|fourth|四分",
    "¾": "viertel|quart|cuart|kwart|четверт|fourth|四分",
    "⅓": "drittel|third|tier[sc]|ter[cz]|трет|derde|三分",
    "⅔": "drittel|third|tier[sc]|ter[cz]|трет|derde|三分",
}
# Arrows, technical signs, dingbats, emoji, and what fonts of one's own have. Not lines, shapes of
# lists, and signs of trade and of arithmetic, which translators replace and leave out.
_SYMBOLS = (
    "[\u2190-\u21ff\u2300-\u23ff\u24b6-\u24e9\u2600-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u20e3\ue000-\uf8ff\U000e0020-\U000e007f\U0001f000-\U0001faff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_BEYOND = "[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufdff\ufe70-\uffef\U00020000-\U0003ffff]"  # Latin
_ARROWS = "[-=]>|<[-=]"  # as others write them
# Signs between texts, and quotation marks without a partner, which are arrows.
_BETWEEN = r"(?<!\S)[·»›«‹¶†‡‣※](?!\S)"
_ITEM = r"\s*(\(?[ivx]{1,6}[.)])(?!\S|\s(?:e\.|Chr))"
_PAIR = "«.*»|‹.*›"
_RUN = r"(([=*#~+_<>|])\2+)"  # of one sign, as beside a title
# The same of signs that also are dashes and slashes.
_FRAME = r"\s*(-{3,}|/{2,})\s.*\s(-{3,}|/{2,})\s*"
# Signs around words that are stressed, in pairs.
_STRESS = r"(?<![\w*_~/\\])([*_~])(?=[^\W\d_])[^*_~\n]{1,100}(?<=\w)\1(?![\w*_~]|\.\w)"
_HASHTAG = r"(?<![\w&#/])#(?!\d+(?:st|nd|rd|th)\b)(?=\w*[^\W\d_])\w+"
# What a quotation mark of the old form ends is no code: `a' and `b'.
_CODE = r"(?<![`\\])`(?![^`'\n]*'[\s.,;:)])([^`\n]{1,300})`(?!`)"


def small_figures(source: str, target: str) -> tuple[list[str], list[str]]:
    """The figures of one sign that only a source has: lost ones, and those in another form."""
    gone = Counter(re.findall(_SMALL, source)) - Counter(re.findall(_SMALL, target))
    lost = [sign for sign in gone if not _is_there(sign, target)]
    return lost, [sign for sign in gone if sign not in lost]


def _is_there(sign: str, text: str) -> bool:
    """Whether a text has a figure in a form of its own: ``m^2``, ``1/2``, ``0,5``, ``IV``."""
    plain = re.escape(unicodedata.normalize("NFKC", sign).replace("\u2044", "/"))
    value = f"{unicodedata.numeric(sign):g}"
    decimal = re.escape(value).replace("\\.", "[.,]").removeprefix("0")
    is_raised = unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))
    # At a letter or a sign of its own, not as a digit of another number.
    before, behind = (r"(?:(?<=[^\W\d])|(?<=[*^)>]))", r"(?!\d)") if is_raised else ("", "")
    forms = [before + plain + behind, decimal if "." in value else before + value + behind]
    if words := _WORDS.get(sign):
        forms.append(f"(?i:{words})")
    return re.search("|".join(forms), text) is not None


def symbols(facts: Facts, limits: Limits) -> Iterator[str]:
    """Emoji, arrows and other symbols that are lost or new.

    Code between backticks, hashtags, words in a script of neither language, signs around stressed
    words, and the sign at the end, that are lost.
    """
    wanted, there = (Counter(re.findall(_SYMBOLS, text)) for text in (facts.source, facts.target))
    if wanted != there:
        if re.search(_ARROWS, facts.source + facts.target):
            wanted, there = (Counter(_without_arrows(each)) for each in (wanted, there))
        yield from compared(wanted, there)
    yield from _between(facts.source, facts.target)
    yield from _in_ascii(facts.source, facts.target)
    if facts.source.rstrip().endswith(("…", "...", ":", "??", "!!", "?!", "!?", "--", "—")):
        yield from _closing(facts.source, facts.target)
    if "`" in facts.source:
        yield from _lost(re.findall(_CODE, facts.source), facts.target)
    if re.search(_BEYOND, facts.source) and facts.source_language and facts.target_language:
        from s2scli.guard.scripts import strange_words

        found = strange_words(facts.source, facts.source_language, facts.target_language)
        yield from _lost(found, facts.target)


def _between(source: str, target: str) -> Iterator[str]:
    """Signs that stand alone between texts, and the numeral that begins an item, if it is lost."""
    if (item := re.match(_ITEM, source)) and not target.lstrip().startswith(item[1]):
        yield missing([item[1]])
    wanted = Counter(re.findall(_BETWEEN, source))
    if wanted and not re.search(_PAIR, source):
        gone = wanted - Counter(re.findall(_BETWEEN, target))
        if gone:
            yield missing(list(gone))


def _in_ascii(source: str, target: str) -> Iterator[str]:
    """Runs of a sign (``===``) that are lost or longer, and hashtags that are none any more."""
    wanted = Counter(run[0] for run in re.findall(_RUN, source))
    there = Counter(run[0] for run in re.findall(_RUN, target)) if wanted else {}
    if gone := [run for run, count in wanted.items() if there.get(run, 0) < count]:
        yield missing(gone)
    elif (framed := re.fullmatch(_FRAME, source)) and (
        [framed[1], framed[2]] != [*target.split()[:1], *target.split()[-1:]]
    ):
        yield missing(list(dict.fromkeys(framed.groups())))
    gone = [sign for sign in set(re.findall(_STRESS, source)) if target.count(sign) < 2]
    if re.search(r"(?<!\S)&&(?!\S)", source) and re.search(r"(?<!\S)&(?!\S)", target):
        gone.append("&&")
    if gone:
        yield missing(sorted(gone))
    tags, left = re.findall(_HASHTAG, source), re.findall(_HASHTAG, target)
    if len(left) < len(tags) and (gone := [tag for tag in tags if tag not in left]):
        yield missing(gone)


def _closing(source: str, target: str) -> Iterator[str]:
    """The ellipsis, the colon or the signs of a call at the end, if they are lost."""
    from s2scli.text.layout import closing  # which most lines do not need
    from s2scli.text.spans import table

    inside, kept = list(table().spans(source)), list(table().spans(target))
    if edits := closing(source, target, inside, kept):
        yield missing([edits[0][2].strip()])


def _lost(found: list[str], target: str) -> Iterator[str]:
    """A phrase for texts that are not in a translation, in whatever form of their letters."""
    plain = unicodedata.normalize("NFKC", target)
    lost = [each for each in found if unicodedata.normalize("NFKC", each) not in plain]
    if lost:
        yield missing(list(dict.fromkeys(lost)))


def _without_arrows(signs: Counter[str]) -> dict[str, int]:
    return {sign: count for sign, count in signs.items() if not "\u2190" <= sign <= "\u21ff"}
