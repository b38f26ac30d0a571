"""Values that are CSS: declarations, rules, and what stands after a colon in them.

Small words of CSS are words of people as well. A value is CSS if all its words are of CSS and one
of them is a length, a time, a colour or a function, or if it is made of declarations.
https://www.w3.org/TR/css-syntax-3/
"""

from __future__ import annotations

import re

__all__ = ["is_style"]

_PROPERTY_NAMES = (
    "all animation appearance background border bottom clear color columns content cursor "
    "direction display fill filter flex float font gap grid height inset left margin opacity order "
    "outline overflow padding position quotes resize right rotate scale stroke top transform "
    "transition translate visibility width zoom"
)
_PARTED = re.compile(
    r"z-index|(?:align|animation|background|border|box|column|flex|font|grid|justify|letter|line|"
    r"list|margin|max|min|object|outline|overflow|padding|pointer|row|text|transform|transition|"
    r"user|vertical|white|word)-[a-z-]{2,40}"
)
# Those whose values have names of a page's own, or of fonts.
_FREE = re.compile(
    r"(?:--|-(?:webkit|moz|ms|o)-)[\w-]{1,80}|animation(?:-name)?|font(?:-family)?|content|"
    r"background(?:-image)?|transition(?:-property)?|grid-(?:area|template-areas)|will-change"
)
_KEYWORD_NAMES = (
    "auto none left right top bottom inherit initial unset revert normal solid dashed dotted "
    "double groove ridge outset "
    "hidden visible scroll fixed absolute relative static sticky block inline inline-block "
    "inline-flex inline-grid table center middle start end stretch baseline flex-start flex-end "
    "space-between space-around space-evenly row column row-reverse column-reverse wrap nowrap "
    "bold bolder lighter italic oblique small-caps underline overline line-through uppercase "
    "lowercase capitalize ease ease-in ease-out ease-in-out linear step-start step-end infinite "
    "forwards backwards both alternate reverse cover contain repeat no-repeat repeat-x repeat-y "
    "border-box content-box padding-box pointer default text move not-allowed grab transparent "
    "currentColor currentcolor black white red green blue yellow orange purple gray grey silver "
    "maroon navy teal olive lime aqua fuchsia pink brown gold cyan magenta serif sans-serif "
    "monospace system-ui thin medium thick !important"
)
# Families that are called by words or names of something else.
_NAMED_FAMILIES = (
    "Arial Baskerville Calibri Cambria Candara Consolas Constantia Corbel Courier Didot Futura "
    "Garamond Geneva Georgia Helvetica Impact Inter Lato Menlo Monaco Montserrat Optima Oswald "
    "Palatino Poppins Raleway Roboto Rockwell Symbol Tahoma Times Ubuntu Verdana Wingdings"
)
_PROPERTIES, _KEYWORDS, _NAMED = (
    frozenset(names.split()) for names in (_PROPERTY_NAMES, _KEYWORD_NAMES, _NAMED_FAMILIES)
)
_NUMBER = r"-?(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})"
_UNITS = r"px|r?em|v[hw]|vmin|vmax|pt|deg|fr|m?s|ch"
_SIGN = re.compile(
    rf"{_NUMBER}(?:{_UNITS})(?![\w%])|#[\da-fA-F]{{3,8}}(?!\w)|"
    r"[a-z][a-z-]{1,40}\((?:[^()]|\([^()]{0,200}\)){0,500}\)"
)
_WORD = re.compile(rf"{_NUMBER}%?(?![\w%])|!?[A-Za-z-]{{1,60}}|\"[^\"]{{0,200}}\"|'[^']{{0,200}}'")
_BETWEEN = re.compile(r"\s*[,/]\s*|\s+|\Z")
# Keys of texts, whatever they look like.
_TEXTS = re.compile(
    r"(?i:titles?|labels?|texts?|names?|descriptions?|messages?|captions?|headings?|notes?|summary|"
    r"hints?|tooltip|help|msg|subject|questions?|answers?)"
)
_STYLES = re.compile(r"(?:\w*[._-])?(?:style|styles|css)|\w*(?:Style|Styles|Css|CSS)")
_FONTS = re.compile(
    r"(?:[\w-]*[._-])?(?:font(?:[_-]?(?:[nN]ame|[fF]ace))?|typeface)|\w*Font(?:Name|Face)?"
)
_FONT = re.compile(
    rf"((?:(?:italic|oblique|bold|bolder|lighter|small-caps|[1-9]00) ){{0,3}})"
    rf"{_NUMBER}(?:px|r?em|pt|%)(?:/[\d.]{{1,5}}(?:px|r?em|%)?)? [\"'A-Za-z][\w \"',-]{{0,200}}"
)
_FAMILIES = re.compile(r"(?:[\w-]*[._-])?font-?_?family|\w*[fF]ontFamily")
_GENERIC = r"serif|sans-serif|monospace|system-ui|cursive|fantasy|-apple-system|inherit"
_FAMILY = re.compile(
    rf"(?:(?!Font)[\"']?[A-Z][\w-]{{0,40}}(?: [A-Z\d][\w-]{{0,40}}){{0,4}}[\"']?|{_GENERIC})"
)
_MOVING = re.compile(r"(?:[\w-]*[._-])?(?:animation|transition)|\w*(?:Animation|Transition)")
_MOVE = re.compile(r"[a-z][\w .,()-]{0,300}")
# Keys that are properties, with a word of CSS: textAlign, font-weight.
_KEYS = re.compile(r"display|cursor|overflow|visibility|float|background|border|outline|flex")
_HUMP = re.compile(r"(?<=[a-z])[A-Z]")
_FUNCTION = re.compile(
    r"(?:minmax|repeat|min|max|fit-content|drop-shadow|blur|brightness|contrast|grayscale|"
    r"hue-rotate|saturate|sepia|steps|matrix(?:3d)?|perspective|"
    r"(?:translate|scale|rotate|skew)(?:[XYZ]|3d)?)\((?=[^()]{0,80}\d)[a-z\d\s.,%()-]{1,300}\)"
)
_AT = re.compile(r"@(?:media|supports|keyframes|font-face|layer|container)\b[^{}]{0,300}\{")
_RULE = re.compile(r"[^{}]{1,300}\{([^{}]{1,4000})\}\s*")


def is_style(key: str, value: str) -> bool:
    """Whether a value is CSS.

    Args:
        key: its key.
        value: what it says.
    """
    if _TEXTS.fullmatch(key):
        return False
    if _FUNCTION.fullmatch(value) or (_AT.match(value) and value.endswith("}")):
        return True
    if (font := _FONT.fullmatch(value)) and (font[1] or _FONTS.fullmatch(key)):
        return True
    families = value.split(", ")
    if _FONTS.fullmatch(key) and _NAMED.issuperset(families):
        return True
    if _FAMILIES.fullmatch(key) or (families[1:] and re.fullmatch(_GENERIC, families[-1])):
        return all(map(_FAMILY.fullmatch, families))
    if _MOVING.fullmatch(key) and _MOVE.fullmatch(value) and _SIGN.search(value):
        return True
    property_ = _HUMP.sub(lambda hump: f"-{hump[0].lower()}", key)
    if _KEYS.fullmatch(key) or _PARTED.fullmatch(property_):
        return value != key and _is_value(value, least=1, signs=0)
    return _is_value(value, least=2) or _are_declarations(key, value) or _are_rules(value)


def _is_value(value: str, *, least: int, signs: int = 1) -> bool:
    """Whether all words of a value are of CSS.

    Args:
        value: what it says.
        least: how many they are at least.
        signs: how many of them no person would write, at least.
    """
    reached = words = found = 0
    is_first = True
    while reached < len(value):
        sign = _SIGN.match(value, reached)
        word = sign or _WORD.match(value, reached)
        if not word or not (between := _BETWEEN.match(value, word.end())):
            return False
        if not sign and word[0][0].isalpha() and not _is_known(word[0], is_first):
            return False
        words, found = words + 1, found + bool(sign or word[0] == "auto")
        reached, is_first = between.end(), "," in between[0]
    return words >= least and found >= signs


def _is_known(word: str, is_first: bool) -> bool:
    """Whether a word is of CSS; names of properties are the first ones of transitions."""
    if word in _KEYWORDS:
        return True
    return is_first and (word in _PROPERTIES or _PARTED.fullmatch(word) is not None)


def _are_declarations(key: str, value: str) -> bool:
    declarations = [part for part in value.split(";") if part.strip()]
    alone = len(declarations) == 1 and not _STYLES.fullmatch(key)
    return ":" in value and all(_is_declaration(part, int(alone)) for part in declarations)


def _is_declaration(text: str, signs: int) -> bool:
    name, _, value = text.partition(":")
    name, value = name.strip(), value.strip()
    if _FREE.fullmatch(name):
        return bool(value) and (not signs or _SIGN.search(value) is not None)
    is_property = name in _PROPERTIES or _PARTED.fullmatch(name) is not None
    return is_property and _is_value(value, least=1, signs=signs)


def _are_rules(value: str) -> bool:
    reached = 0
    while rule := _RULE.match(value, reached):
        if not _are_declarations("css", rule[1]):
            return False
        reached = rule.end()
    return 0 < reached == len(value)
