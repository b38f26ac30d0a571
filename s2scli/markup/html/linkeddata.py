"""Linked data in a page (https://www.w3.org/TR/json-ld11/), in the words of https://schema.org.

Search engines show what it says, so that it is translated as the page is. Names of people, firms,
places and the like stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from s2scli.documents.base import Edit, Slot, Source
from s2scli.documents.fields import Path
from s2scli.documents.htmlnames import META_ITEMS, name_set
from s2scli.documents.jsontext import Json, checked, strings
from s2scli.documents.languages import is_other
from s2scli.errors import BadInputError

__all__ = ["LinkedData"]

_WORDED = META_ITEMS | name_set(
    "articlebody category color educationrequirements experiencerequirements genre ingredients "
    "jobbenefits jobtitle material qualifications recipecategory recipecuisine recipeingredient "
    "recipeinstructions recipeyield responsibilities reviewbody servicetype skills slogan supply "
    "teaches tool transcript"
)
# What has a name that is not translated: by its type, or else by what it is to something.
_NAMED = re.compile(
    r"(?:.*(?:Organization|Business|Station|Store|Agency|Group|Team)|Airline|Brand|City|Consortium"
    r"|Corporation|Country|Hospital|Hotel|Library|NGO|Person|Place|Project|Restaurant|School|State"
    r"|University|AdministrativeArea|PostalAddress|LocalBusiness|EntryPoint|PropertyValue)"
)
_ROLES = name_set(
    "actor address affiliation author brand character composer contributor copyrightholder creator "
    "director editor employee founder hiringorganization location manufacturer member musicby "
    "organizer performer producer provider publisher seller sponsor translator worksfor"
)
_TYPE, _VALUE = "@type", "@value"
_NAMES = name_set("name alternatename")
_LANGUAGES = name_set("inlanguage @language")
_UNSAFE = re.compile(r"<(?=/?script|!--)", re.IGNORECASE)


class LinkedData(Json):
    """Linked data within a page."""

    def slots(self, source: Source) -> Iterator[Slot]:
        """What it says to a reader; that it cannot be read is said."""
        try:
            checked(source.text, source.name)
        except BadInputError:
            self.remarks.append("Linked data (JSON-LD) that is not JSON stays as it is.")
            return
        found = list(strings(source.text, 0, len(source.text)))
        types = {_owner(path): _type(says) for _, _, path, says in found if _key(path) == _TYPE}
        for start, end, path, says in found:
            path = path[:-1] if path[-1] == _VALUE else path
            owner = _owner(path)
            type_ = types.get(owner, "")
            has_name = _NAMED.fullmatch(type_) if type_ else _key(owner) in _ROLES
            is_name = has_name and _key(path) in _NAMES
            if _key(path) in _WORDED and not is_name and any(map(str.isalpha, says)):
                yield Slot(start, end, says)

    def written(self, source: Source, slot: Slot, text: str) -> str:
        """As a string that does not end the element that it stands in."""
        return _UNSAFE.sub(r"\\u003c", super().written(source, slot, text))

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that it says it is in."""
        target = self.options.target_language
        for start, end, path, says in strings(source.text, 0, len(source.text)) if target else ():
            if _key(path) in _LANGUAGES and not is_other(says, self.options.source_language):
                yield Edit(start, end, json.dumps(target))


def _key(path: Path) -> str:
    """The key that a value stands under, in lower case; of an item of a list, that of the list."""
    return next((part.lower() for part in reversed(path) if not part.isdigit()), "")


def _owner(path: Path) -> Path:
    """The path to the object that has a value, or a list with it."""
    place = next((n for n, part in enumerate(reversed(path), 1) if not part.isdigit()), len(path))
    return path[: len(path) - place]


def _type(says: str) -> str:
    """A type without the vocabulary that it is of."""
    return says.rpartition("/")[2].rpartition(":")[2]
