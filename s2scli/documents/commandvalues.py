"""Values that are commands of a shell, or words that a program knows, by their keys and their form.

A key such as ``script`` has texts of people as well ("Latin"), so that its value has to begin with
a program's name. What programs are called by words of everyday language is sure with an option, a
path or a target beside it only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_command", "is_setting"]

# Keys that have nothing but commands, and those that may have others.
_SURE = re.compile(
    r"(?:try)?exec|exec(?:start|stop|reload|condition)(?:pre|post)?|execstoppost|cmd|entrypoint|"
    r"[a-z]+[_-]?cmd|(?:build|start|install|test|dev|deploy|ignore)[_-]?command|command[_-]?line"
)
_LIKELY = re.compile(
    r"(?:before_|after_)?scripts?|commands?|run|shell|hooks?|(?:pre|post)[_-]?[a-z]{3,20}"
)
_BARE = re.compile(r"[a-z0-9./~$%@-](?:(?!, )[^\n]){0,2000}")
_PROGRAMS = (
    "echo|cd|ls|cp|mv|rm|mkdir|chmod|chown|sudo|npm|npx|pnpm|deno|pip3?|pipx|python3?|uv|pytest|tox|"
    "git|cargo|rustc|docker|docker-compose|podman|kubectl|terraform|curl|wget|ssh|scp|rsync|bash|zsh|"
    "sh|pwsh|powershell|apt|apt-get|dnf|yum|gcc|cmake|mvn|javac|dotnet|php|perl|sed|awk|grep|tar|"
    "systemctl|eslint|prettier|tsc|webpack|vitest|mkdocs|sphinx-build"
)
_WORDS = (
    "make|go|yarn|bun|poetry|bundle|composer|brew|helm|rake|gem|gradle|ruby|java|jest|vite|ansible|"
    "open|find|cat|sort|cut|test|node|source|touch|sleep|tail|head|kill|time|start|watch|export"
)
_TARGETS = (
    "all|add|build|check|clean|compile|deploy|dev|dist|docs|exec|fmt|format|generate|get|init|"
    "install|lint|mod|publish|release|run|serve|start|test|update|upgrade|vet"
)
_TAKEN = (
    r"-{1,2}[A-Za-z]|(?:\.{1,2}|~)?/\w|[\w/-]{1,100}/\*|[\w*/-]{1,80}\.[a-z]{2,4}\b|\$\w|[A-Z_]{1,60}=|"
    r"(?:&&|\|\|) "
)
_ASSIGNED = r"(?:[A-Z_][A-Z\d_]{0,60}=\S{0,200} ){0,5}"
_COMMAND = re.compile(
    rf"{_ASSIGNED}(?:(?:{_PROGRAMS}|(?:\.{{1,2}}|~)?/[\w./-]{{1,200}})(?: .*)?|"
    rf"[a-z]{{2,30}}(?:-[a-z]{{2,30}}){{1,4}} (?:{_TARGETS})(?: .*)?|"
    rf"(?:{_WORDS}) (?:(?:{_TARGETS})(?: .*)?|(?:[^\n]{{0,200}} )?(?:{_TAKEN}).*))"
)
# Of one key, or of one that has this one below it: logging.level.root.
_LEVEL = re.compile(r"(?:\w+[_-])?(?:log[_-]?)?level|logging|verbosity|root_?logger")
_LEVELS = re.compile(
    r"(?i:debug|info|warn|warning|error|trace|fatal|critical|notice|verbose|silent)"
)
_ALWAYS = "always|never|auto|manual|on[_-](?:success|failure|demand|error)"
# The last words of keys, and what they have in files for CI, containers, systemd, desktops, package
# managers and the like.
_VALUES = {
    "on": r"push|release|schedule|issues|fork",
    "env|environment": r"development|production|staging|test(?:ing)?|local|dev|prod|stage",
    "when|trigger": rf"{_ALWAYS}|delayed|automatic",
    "restart|pull|policy": r"(?i:always|no|never|missing|forbid|allow|replace)|on-failure|"
    r"unless-stopped|IfNotPresent|OnFailure",
    "state": r"present|absent|started|stopped|restarted|reloaded|latest|directory|link|mounted",
    "strategy": r"(?i:rolling(?:update)?|recreate|canary|blue[-_]?green|matrix|depend|linear)",
    "access|visibility": r"public|private|internal|protected|restricted|hidden|visible",
    "success|failure|error|conflict": r"ignore|stop|continue|abort|retry|cancel|pause|rollback|"
    r"fail|skip|always|never|change",
    "interval|changefreq|schedule": r"(?:hour|week|month|year)ly|daily|always|never",
    "sort|order|sorting": r"(?:a|de)sc(?:ending)?",
    "orientation": r"portrait|landscape|horizontal|vertical|any|natural",
    "compression": r"none|gzip|zip|fast|best|high|low",
    "quotes|quoteprops": r"single|double|backtick|as-needed|consistent|preserve",
    "trailingcomma|arrowparens|prosewrap|endofline": rf"{_ALWAYS}|all|none|avoid|preserve|lf|crlf",
    "categories|onlyshowin|notshowin": r"(?:[A-Z][A-Za-z-]{1,40};){1,40}",
}
_UNITS = re.compile(
    r"(?:[\w@.-]{1,100}\.(?:target|service|socket|timer|mount|path|slice)(?: +|\Z)){1,40}"
)


def is_command(names: Sequence[str], value: str) -> bool:
    """Whether a value is a command.

    Args:
        names: the keys on the way to it.
        value: what it says.
    """
    keys = [name.lower() for name in names[-2:]]
    if any(map(_LIKELY.fullmatch, keys)) and _COMMAND.fullmatch(value.partition("\n")[0]):
        return True
    return any(map(_SURE.fullmatch, keys[-1:])) and _BARE.fullmatch(value) is not None


def is_setting(names: Sequence[str], value: str) -> bool:
    """Whether a value is one of the few words that a program knows for its key.

    Args:
        names: the keys on the way to it.
        value: what it says.
    """
    keys = [name.lower() for name in names[-2:]]
    if any(map(_LEVEL.fullmatch, keys)) and (value.islower() or value.isupper()):
        return bool(_LEVELS.fullmatch(value)) and value.lower() != keys[-1]
    if _UNITS.fullmatch(value):
        return True
    key = names[-1] if names and " " not in value else ""
    return value.lower() != key.lower() and any(
        re.fullmatch(values, value)
        for last, values in _VALUES.items()
        if re.fullmatch(rf"(?:.*[._-])?(?i:{last})|.*[a-z](?:{_humped(last)})", key)
    )


def _humped(words: str) -> str:
    """Words of a pattern, each with a capital letter."""
    return "|".join(word.capitalize() for word in words.split("|"))
