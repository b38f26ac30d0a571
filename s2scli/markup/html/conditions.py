"""Elements whose content is shown at times, many times or elsewhere: no word may go in or out.

What is struck out is such too: the sentence is what is said instead (``<del>old</del><ins>new``).

Tags of JSP (JSTL, Struts), JSF, Thymeleaf and TYPO3's Fluid, by name; attributes of Vue, Angular,
AngularJS, Alpine, Thymeleaf, TAL, Genshi, HTL, Livewire; what a component has in a slot; what is
hidden, on some screens or from who sees it.
"""

from __future__ import annotations

from s2scli.documents.htmlnames import name_set
from s2scli.markup.html.attributes import said
from s2scli.markup.html.tokens import Token

__all__ = ["CONDITIONS", "SLOTTED", "STRUCK", "is_condition"]

# After a prefix, as in ``c:if``.
_TAGS = name_set(
    "block case choose default else elseif empty equal foreach for fragment fortokens guest "
    "hasanyrole haspermission hasrole if iif iterate iterator lacksrole match nonempty notempty "
    "notequal notmatch notpresent otherwise present repeat switch then unless user when"
)
_ELEMENTS = name_set("ng-container ng-template slot transition transition-group keep-alive")
STRUCK = name_set("del s strike ~~")  # the last is Markdown's
_ATTRIBUTES = name_set(
    "v-if v-else v-else-if v-for v-show "
    "*ngif *ngfor *ngswitchcase *ngswitchdefault [hidden] "
    "ng-if ng-show ng-hide ng-repeat ng-switch-when ng-switch-default "
    "data-ng-if data-ng-show data-ng-hide data-ng-repeat data-ng-switch-when "
    "x-if x-show x-for "
    "th:if th:unless th:each th:case data-th-if data-th-unless data-th-each data-th-case "
    "tal:condition tal:repeat py:if py:for py:when py:otherwise "
    "data-sly-test data-sly-list data-sly-repeat "
    "wire:loading jsf:rendered hidden"
)
# Of Bootstrap, Tailwind and WordPress.
_CLASSES = name_set(
    "sr-only visually-hidden visually-hidden-focusable screen-reader-text screen-reader-only "
    "hidden d-none invisible "
    "hidden-xs hidden-sm hidden-md hidden-lg visible-xs visible-sm visible-md visible-lg"
)
SLOTTED = "slot"  # what says where in a component an element is shown
CONDITIONS = _ATTRIBUTES | {SLOTTED}


def is_condition(text: str, name: str, token: Token) -> bool:
    """Whether an element is such a one.

    Args:
        text: the document's characters.
        name: of the element.
        token: its start tag.
    """
    prefix, colon, local = name.partition(":")
    if name in _ELEMENTS or name in STRUCK or (colon and prefix and local in _TAGS):
        return True
    values = token.values
    if not values:
        return False
    if not _ATTRIBUTES.isdisjoint(values):
        return True
    return "class" in values and not _CLASSES.isdisjoint(said(text, values["class"]).split())
