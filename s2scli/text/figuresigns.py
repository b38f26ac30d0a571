"""Signs at figures: ``$5``, ``5 %``, ``20 °C``, ``§ 5``, ``# 5``, ``< 5``; and the words for them.

A translation may write a sign as a word (``5 Dollar``, ``Nr. 5``, ``etwa 40``), and one for several
figures (``5 bis 10 %``). The words are those that translations of these signs have, not all that a
language has: a sign whose word is not known is put back as the source has it, so that no meaning is
lost by that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from s2scli.data import Span

__all__ = ["CURRENCIES", "apart", "around", "beside", "counted", "doubled", "has_sign", "signs_in"]

_SPACE = "[ \u00a0\u2009\u202f]"
CURRENCIES = "$€£¥₹₽₩"
_UNITS = frozenset(f"{CURRENCIES}%‰°")
_ABOUT = (
    r"\b(?:about|around|approx|roughly|some|ca\.|c\.|circa|zirka|etwa|rund|ungefähr|um die|environ|"
    r"près de|quelque|unos|unas|alrededor|aproximad|cerca de|cerca|ongeveer|około|około|omkring|"
    r"około|ungefär|noin|примерно|около|приблизно)|大约|约|約|およそ|ほぼ|약|حوالي|लगभग"
)
_MORE = (
    r"\b(?:more|greater|over|above|mehr|größer|über|höher|plus|supérieur|más|mayor|superior|mais|"
    r"maior|più|maggiore|superiore|oltre|meer|groter|boven|więcej|ponad|powyżej|mer|större|"
    r"больше|более|свыше)\b|大于|超过|より大|보다 큰|초과"
)
_LESS = (
    r"\b(?:less|fewer|smaller|under|below|weniger|kleiner|unter|niedriger|moins|inférieur|menos|"
    r"menor|inferior|meno|minore|inferiore|minder|kleiner|onder|mniej|poniżej|mindre|under|"
    r"меньше|менее)\b|小于|少于|未満|より小|보다 작은|미만"
)
# Sign → what may stand for it in a translation.
_WORDS = {
    "%": "[%٪％]|pro[cz]ent|per ?cent|pour ?cent|por ?cento|por ciento|процент|відсот|प्रतिशत|"
    "퍼센트|パーセント|yüzde|százalék|بالمائة|بالمئة",
    "‰": "‰|pro ?mille|per ?mille?|pour mille|por mil|промилле",
    "°": r"[°º℃℉]|\bgrad(?:er?|en|[oi]s?)?\b|\bgraus?\b|degr|stopni|градус|度|도|درجة|डिग्री",
    "$": "[$＄]|doll?ar|dólar|dollár|USD|доллар|долар|美元|美金|ドル|달러|डॉलर|دولار",
    "€": r"€|\beuro(?!p)|\bEUR\b|евро|євро|欧元|歐元|ユーロ|유로|यूरो|يورو",
    "£": "£|pfund|pound|livre|libra|sterlin|GBP|фунт|英镑|ポンド|파운드|पाउंड|جنيه",
    "¥": "[¥￥]|円|元|日圆|yen|yuan|JPY|CNY|RMB|иен|юан|엔|위안",
    "₹": r"₹|\brs\b|rupi|rupee|roupie|rupia|INR|рупи|रुपय|रुपए|卢比|ルピー|루피",
    "₽": r"₽|\brub|\broub|руб|卢布|ルーブル|루블",
    "₩": r"₩|\bwon|KRW|вон|韩元|ウォン|원",
    "#": r"[#＃№]|\bnr\b\.?|\bno\.? ?(?=\d)|\bn[º°]|nummer|number|num[eé]r|номер|号|號|番|第|번",
    "§": r"§|\babs(?:atz|chnitt|\.)|paragra|section|\bsec\.|article|artikel|art[íi]c|абзац|"
    "параграф|стать|条|節|조",
    "±": r"±|\+/[-−–]|plus\W{0,3}(?:minus|moins)|más o menos|mais ou menos|più o meno|плюс",
    "≈": f"[≈~≃≅]|{_ABOUT}",
    "<": f"<|{_LESS}",
    ">": f">|{_MORE}",
    "≤": rf"[≤⩽]|<=|{_LESS}|\b(?:at most|up to|no more|höchstens|maximal|bis zu|au plus|"
    r"como máximo|no máximo|al massimo|hoogstens|не более)|以下|以内|最多|이하",
    "≥": rf"[≥⩾]|>=|{_MORE}|\b(?:at least|or more|mindestens|wenigstens|ab|au moins|al menos|"
    r"pelo menos|almeno|minstens|не менее)\b|以上|至少|이상",
}
_SAME = {"№": "#", "~": "≈", "≃": "≈", "＄": "$", "￥": "¥", "％": "%", "⩽": "≤", "⩾": "≥"}
_SIGNS = re.compile(f"<=|>=|[{re.escape(''.join([*_WORDS, *_SAME]))}]")
_BEFORE = re.compile(
    rf"(?:[{CURRENCIES}]{_SPACE}|"
    # Neither C#, &#5; and /#5, nor 3~5 and /~5, nor ->5, <b>5 and x>5: but p<5.
    rf"(?:(?<![\w&#/\\])#|[№§±≈≃≤≥⩽⩾]|§§|(?<![\w~/])(?<!\d{_SPACE})~|"
    rf"(?:(?<![^\s(\[])|(?<=[\s(][A-Za-z]))[<>]=?){_SPACE}?)\Z"
)
_BEHIND = re.compile(
    r"[^\W\d_]*(?:[%‰]|°(?:[CFK](?!\w))?)?"
    rf"(?:(?<=\d){_SPACE}?(?:°[CFK]?(?!\w)|[‰{CURRENCIES}](?!{_SPACE}?\d)|%(?![\w(<{{]|{_SPACE}?\d)))?"
)
_JOINING = re.compile(rf"{_SPACE}?(?:[-–—/,;&]|,?{_SPACE}?[^\W\d_]{{1,4}}|[~、から至]){_SPACE}?")
WIDEST = 20  # letters before a figure that are taken to be of it
FAR = 24  # characters between a figure and its sign or word: "5 Millionen US-Dollar"


def around(text: str, start: int, end: int) -> Span:
    """Where a figure is with the letters and signs of it."""
    first = start
    while first and start - first < WIDEST and _touches(text[first - 1]):
        first -= 1
    before = _BEFORE.search(text, max(0, first - 4), first)
    behind = _BEHIND.match(text, end)
    return before.start() if before else first, behind.end() if behind else end


def signs_in(text: str) -> list[str]:
    """The signs in what is around a figure, each in one form, once."""
    if text.isalnum():
        return []
    found = ({"<=": "≤", ">=": "≥"}.get(sign, sign) for sign in _SIGNS.findall(text))
    return list(dict.fromkeys(_SAME.get(sign, sign) for sign in found))


def has_sign(sign: str, text: str) -> bool:
    """Whether a sign is in a text, or a word for it."""
    return _pattern(sign).search(text) is not None


def counted(sign: str, text: str, figures: Sequence[Span], most: int) -> int:
    """How many signs a text has, or words for them; one that several figures share is several.

    Args:
        sign: the sign.
        text: the text.
        figures: where its figures are, in order.
        most: how many are asked for: there may be more.
    """
    found = [match.span() for match in _pattern(sign).finditer(text)]
    if not found or len(found) >= most:
        return len(found)
    return len(found) + _shared(text, figures, found)


def beside(sign: str, text: str, figures: Sequence[Span]) -> int:
    """How many signs stand at the figures of a text, or words for them."""
    first, last = {start for start, _ in figures}, {end for _, end in figures}
    return sum(
        not first.isdisjoint((match.end(), match.end() + 1))
        or not last.isdisjoint((match.start(), match.start() - 1))
        for match in _pattern(sign).finditer(text)
    )


def apart(sign: str, text: str, figures: Sequence[Span]) -> int:
    """How many signs of a text, or words for them, stand at none of its figures."""
    return len(_pattern(sign).findall(text)) - beside(sign, text, figures)


def doubled(sign: str, text: str, figures: Sequence[Span]) -> int:
    """How many figures of a text have a sign, or a word for it, on both sides: ``$5 $``."""
    found = [match.span() for match in _pattern(sign).finditer(text)]
    starts, ends = {start for start, _ in found}, {end for _, end in found}
    return sum(
        not ends.isdisjoint((first, first - 1)) and not starts.isdisjoint((last, last + 1))
        for first, last in figures
    )


def _shared(text: str, figures: Sequence[Span], found: Sequence[Span]) -> int:
    """How many figures have a sign by another beside them: ``5 bis 10 %``, ``Nr. 5 und 6``."""
    ends = {end for _, end in found}
    leading = [not ends.isdisjoint((start, start - 1)) for start, _ in figures]
    borders = [*(start for start, _ in figures), len(text) + 2]
    starts = [a for a, b in found if borders[bisect_left(borders, b)] - b > 1]
    trailing = []
    for (_, end), border in zip(figures, borders[1:], strict=True):
        first = bisect_left(starts, end)
        trailing.append(first < len(starts) and starts[first] <= min(end + FAR, border))
    own = [one or other for one, other in zip(leading, trailing, strict=True)]
    # One with a unit of its own shares no other: ¥10 and 3 EUR.
    others = [
        not one and _has_unit(text, *figure) for one, figure in zip(own, figures, strict=True)
    ]
    pairs = [
        (number, number + 1)
        for number, ((_, one), (other, _)) in enumerate(pairwise(figures))
        if not (others[number] or others[number + 1]) and _JOINING.fullmatch(text, one, other)
    ]
    for one, other in pairs:
        leading[other] = leading[other] or leading[one]
    for one, other in reversed(pairs):
        trailing[one] = trailing[one] or trailing[other]
    return sum(map(any, zip(leading, trailing, strict=True))) - sum(own)


def _has_unit(text: str, start: int, end: int) -> bool:
    """Whether the sign of a currency, ``%`` or ``°`` stands at a figure."""
    before, behind = text[max(0, start - 2) : start].rstrip(), text[end : end + 2].lstrip()
    return before[-1:] in _UNITS or behind[:1] in _UNITS


@cache
def _pattern(sign: str) -> re.Pattern[str]:
    return re.compile(_WORDS[sign], re.IGNORECASE)


def _touches(sign: str) -> bool:
    return sign.isalpha() or sign in CURRENCIES
