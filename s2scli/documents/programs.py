"""Values of JSON, YAML and TOML that are for programs: settings, types, identifiers.

A file whose keys show which program it is for has texts under a few keys only. Elsewhere, a value
of one word stays if its key says that it is a name for programs, and so do commands, CSS, and words
that a program knows. All that holds where nobody said which values are texts; what stays is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from s2scli.documents.commandvalues import is_command, is_setting
from s2scli.documents.fields import Path
from s2scli.documents.messagefiles import MessageFile, Values
from s2scli.documents.namekeys import NAMING, PEOPLE
from s2scli.documents.remarks import named
from s2scli.documents.stylevalues import is_style

__all__ = ["ProgramValues", "top_key"]


class _Kind(NamedTuple):
    """A kind of file.

    Attributes:
        name: what it is called.
        all: keys that it has all of.
        any: keys of which it has one at least; empty if that does not matter.
        texts: the keys whose values are texts, anywhere in it.
    """

    name: str
    all: frozenset[str]
    any: frozenset[str]
    texts: frozenset[str]


def _kind(name: str, all_: str, any_: str, texts: str) -> _Kind:
    return _Kind(name, *(frozenset(keys.split()) for keys in (all_, any_, texts)))


# A key with a slash is one of a list or a table, with a number sign one of a number or a version.
_KINDS = (
    _kind("OpenAPI or AsyncAPI", "", "openapi# swagger# asyncapi#", "title summary description"),
    _kind(
        "npm",
        "name",
        "scripts/ dependencies/ devDependencies/ peerDependencies/ exports/ workspaces/",
        "description",
    ),
    _kind("Composer", "require/", "", "description"),
    _kind("TypeScript", "compilerOptions/", "", ""),
    _kind("Kubernetes", "apiVersion kind", "", "description"),
    _kind("GitHub Actions", "jobs/", "on on/", "name"),
    _kind("GitHub Actions", "runs/", "inputs/ outputs/ name", "name description"),
    _kind("Docker Compose", "services/", "version# volumes/ networks/ secrets/ configs/", ""),
    _kind(
        "GitLab CI",
        "stages/",
        "before_script/ variables/ workflow/ default/ build/ test/ deploy/",
        "",
    ),
    _kind("MkDocs", "site_name", "nav/ theme theme/ plugins/", "site_name site_description"),
    _kind("a browser's extension", "manifest_version#", "", "name short_name description"),
    _kind("a web app's manifest", "start_url", "display icons/", "name short_name description"),
    _kind("Python packaging", "build-system/", "", "description"),
    _kind("Python packaging", "project/", "tool/ dependency-groups/", "description"),
    _kind("Cargo", "package/", "dependencies/ lib/ bin/ features/", "description"),
)
_SCHEMA = _kind("JSON Schema", "", "", "title description")
_SCHEMAS = re.compile(r"[\"']?\$schema[\"']?\s*:\s*[\"']?https?://json-schema\.org/")
# Keys of what a program tells apart, where a value is one word.
_NAMING = re.compile(
    rf"[@$_].+|{NAMING}|type|kind|src|filename|class|className|style|format|encoding|"
    r"mime|mimeType|method|op|operator|"
    r"rel|target|variant|theme|layout|component|element|tag|node|align|role|mode|position|"
    r"direction|unit|currency|schema|ref|engine|provider|model|field|widget|template|platform|event|"
    r"service|driver|protocol|scheme|backend|environment|charset|severity|runtime|shell|"
    r"interpreter|adapter|executor|handler|parser|namespace|hostname|mimetype|"
    r"[a-z]\w*(?:Type|Kind|Mode|Format|Style|Id|ID|Key|Class)|"
    r"[a-z][\w-]*[_-](?:type|kind|mode|format|style|id|key|class)|"
    r"[A-Z][A-Z\d]*(?:_[A-Z\d]+)*_(?:TYPE|KIND|MODE|FORMAT|STYLE|ID|KEY|CLASS|CONNECTION|DRIVER)"
)
# Of what a program connects to, where a value is one word other than its key.
_CONNECTING = re.compile(
    r"(?:[\w-]*[._-])?(?i:user|username|login|password|passwd|passphrase|secret|token|host|database|"
    r"db|dbname|dialect|bucket|region|branch|queue|container|image|registry|repository|module|"
    r"plugin|preset|extends|proto)"
)
# Names of people and firms: of several words, or in a list of records.
_PEOPLE = re.compile(rf"(?i:(?:[\w.-]+[._-])?(?:{PEOPLE}))")
_PERSON = re.compile(r"[^\W\d_a-z][\w'’.-]*(?: (?:[a-z]{2,3} )?[^\W\d_a-z][\w'’.-]*){0,3}")
_COLOURS = re.compile(r"colou?rs?")
# Of these several: the names of classes.
_LISTING = re.compile(r"class|classes|classNames?|cssClass(?:es)?|[a-z]\w*ClassNames?|rel")
_WORD = re.compile(r"[a-z0-9/#.][A-Za-z0-9_./:#+-]*")
_CLASS = re.compile(r"[a-z0-9_!:/\[\]().%#-]*")
# A name for programs in capital letters: of a class; of a type, if it is not what the key says.
_HUMPS = re.compile(r"[A-Z][a-z]{1,40}(?:[A-Z][a-z\d]{1,40}){1,6}")
_TYPE = re.compile(r"@?type")
_TYPE_NAME = re.compile(r"(?!Types?\b)[A-Z][A-Za-z\d]{1,60}")
_PLAIN = re.compile(r"[A-Za-z]{2,}")


def top_key(key: str, *, has_parts: bool = False, is_number: bool = False) -> str:
    """A key, with what its value is.

    Args:
        key: the key.
        has_parts: whether its value is a list or a table.
        is_number: whether it is a number, or a version.
    """
    return f"{key}{'/' if has_parts else '#' if is_number else ''}"


class ProgramValues:
    """What of a document's values is for programs.

    Args:
        text: its characters.
        keys: those at its top, as ``top_key`` names them.
        chosen: whether somebody said which values are texts, so that nothing is decided here.
        values: returns the strings among its values, each with the keys on the way to it.
        whole: what it says if that is known.
    """

    def __init__(
        self,
        text: str,
        keys: Iterable[str],
        *,
        chosen: bool,
        values: Callable[[], Values] = tuple,
        whole: object = None,
    ) -> None:
        self._chosen = chosen
        self._stays: list[str] = []
        there = frozenset(keys)
        kinds = (
            kind
            for kind in _KINDS
            if kind.all <= there and (not kind.any or not kind.any.isdisjoint(there))
        )
        self._kind = None if chosen else next(kinds, None)
        if self._kind is None and not chosen and "$schema" in there and _SCHEMAS.search(text):
            self._kind = _SCHEMA
        is_free = not chosen and self._kind is None
        self._messages = MessageFile(text if is_free else "", values, whole)

    def keep(self, path: Path, value: str) -> bool:
        """Whether a value stays as it is.

        Args:
            path: the keys on the way to it.
            value: what it says.
        """
        if self._chosen:
            return False
        if self._messages:
            return self._messages.keep(path)
        names = [part for part in path if not part.isdecimal()]
        key = names[-1] if names else ""
        if self._kind:
            return key not in self._kind.texts
        if _LISTING.fullmatch(key) and len(classes := value.split(" ")) > 1:
            is_list = all(map(_CLASS.fullmatch, classes))
            if is_list and all(map(str.isalpha, classes)):
                self._stays.append(key)
            return is_list
        if is_style(key, value) or is_command(names, value) or is_setting(names, value):
            self._stays.append(key)
            return True
        if _is_person(path, key, value):
            self._stays.append(key)
            return True
        is_colour = any(map(_COLOURS.fullmatch, names[-2:-1])) and value != key
        is_naming = _NAMING.fullmatch(key) or _connects(key, value) or is_colour
        if not is_naming or not _is_name(key, value):
            return False
        if _PLAIN.fullmatch(value):
            self._stays.append(key)
        return True

    def remarks(self) -> list[str]:
        """What stays, for whoever uses the result."""
        if self._messages:
            return [self._messages.remark()]
        if self._kind:
            texts = " and ".join(sorted(self._kind.texts)) or "nothing"
            return [
                f"It looks like a file for {self._kind.name}, in which {texts} "
                f"{'is' if len(self._kind.texts) < 2 else 'are'} text (--field chooses others)."
            ]
        if not self._stays:
            return []
        keys = named(map(repr, self._stays))
        return [f"Values that are names for programs stay (--field): {keys}."]


def _connects(key: str, value: str) -> bool:
    """Whether a value may say what a program connects to, and is not what its key says."""
    return _CONNECTING.fullmatch(key) is not None and not key.lower().endswith(value.lower())


def _is_person(path: Path, key: str, value: str) -> bool:
    """Whether a value is the name of somebody, and not what its key is called: ``Full Name``."""
    if not _PEOPLE.fullmatch(key) or not _PERSON.fullmatch(value):
        return False
    is_record = any(map(str.isdecimal, path))
    has_words = any(word in key.lower() for word in value.lower().split())
    return not has_words and (is_record or " " in value)


def _is_name(key: str, value: str) -> bool:
    """Whether a value looks like a name for programs."""
    if _WORD.fullmatch(value) or _HUMPS.fullmatch(value):
        return True
    return bool(_TYPE.fullmatch(key) and _TYPE_NAME.fullmatch(value))
