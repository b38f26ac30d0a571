"""What somebody typed at a prompt, in plain text: lines of shells, of Python and of databases.

A prompt that is also another sign counts only before what looks like a command: ``$`` is before
prices too, and ``>>>`` before what was quoted three times.
"""

from __future__ import annotations

import re

__all__ = ["PROMPTS", "PROMPT_SIGNS", "is_command"]

_COMMANDS = (
    "apk|apt|apt-get|aws|awk|bash|brew|bundle|cargo|cat|cd|chmod|chown|clang|cmake|composer|conda|cp|"
    "curl|deno|df|diff|dig|dnf|docker|dotnet|du|echo|env|export|find|flask|gcc|gem|git|"
    "go (?:build|get|install|mod|run|test|vet)|gpg|grep|"
    "gunzip|gzip|head|helm|java|javac|jq|kill|kubectl|ln|ls|make|mkdir|mv|mysql|nano|node|npm|npx|"
    "openssl|pacman|perl|php|ping|pip\\d?|pipx|pnpm|podman|poetry|printf|ps|psql|pwd|pytest|"
    "python[\\d.]*|rm|rsync|ruby|rustc|rustup|scp|sed|sh|snap|source|ssh|su|sudo|systemctl|tail|tar|tee|"
    "terraform|time|touch|tox|unzip|uv|vim?|wget|which|whoami|xargs|yarn|yum|zip|zsh"
)
# What is no command but a word of a sentence about money or the sign itself.
_WORDS = (
    "a|all|amounts?|an|and|are|as|at|bills?|billion|but|by|can|character|does|dollars?|each|for|from|"
    "had|has|have|hundred|if|in|is|it|key|may|means|million|more|must|no|not|now|of|off|on|or|per|price|"
    "prices|prompt|sign|signs|stands|symbols?|than|that|the|then|this|thousand|to|trillion|up|values?|"
    "was|were|when|will|with|worth|you|your"
)
_END = r"[ \t\r]*$"
# Of a command: an option, a pipe, something in quotes, a setting, a path, a file.
_ARGUMENT = (
    r"(?=[^\n]{0,300}?(?: --?[A-Za-z]| [|<>&]|[ =][\"']|[^\s\d]=\S| [\w.-]{0,99}[/~]\S|"
    r" [\w-]{1,99}\.[a-z]\w{0,3}(?:\s|$)))"
)
_SHELL = (
    rf"\$ (?:(?:{_COMMANDS})(?![\w'-])|[A-Z_]+=\S|(?!\d)[\w-]*[./~][\w./~-]*[\w/](?:\s|$)|"
    rf"(?!(?:{_WORDS})\b)[a-z][\w+-]*(?![\w']){_ARGUMENT})|"
    rf"(?<=[ \t][ \t])\$ (?!(?:{_WORDS})\b)[a-z][\w+-]*(?![\w'])(?![^\n]*[.!?,;:]{_END})"
)
# Commands that are no words.
_WORDLESS = (
    "apk|apt|apt-get|aws|cd|chmod|chown|cmake|conda|cp|curl|dd|df|dnf|docker|gcc|git|gpg|grep|gunzip|"
    "gzip|javac|jq|kubectl|ls|mkdir|mv|mysql|npm|npx|openssl|pacman|pip\\d?|pipx|pnpm|podman|psql|pwd|"
    "pytest|rm|rsync|rustc|rustup|scp|ssh|sudo|systemctl|tox|unzip|uv|vim?|wget|xargs|yum|zsh|zypper"
)
# The prompts of other shells and of root: before a comment or a title stands the same sign.
_OTHER_SHELL = (
    rf"% (?:(?:{_WORDLESS})(?![\w'-])|(?!time|head|find)(?:{_COMMANDS})(?![\w'-])"
    rf"(?:{_ARGUMENT}|(?: [\w.-]+)?{_END}))|"
    rf"# (?:{_WORDLESS}|service)(?![\w'-]){_ARGUMENT}(?![^\n]*[.!?,;:]{_END})"
)
_SOME = r"[^\n]{0,500}"
_CODE = (  # of Python
    rf"(?:import [\w.]+(?:{_END}| as |,)|from [\w.]+ import\b|(?:async )?def \w+\(|class \w+[:(]|"
    rf"try:|for [\w, ()]+ in {_SOME}:|(?:if|while|with)\b{_SOME}[=<>(.\[]{_SOME}:{_END}|"
    rf"raise [A-Z]\w+|del \w+{_END}|assert [\w.]+ ?[=(<>!\[]|print\(|print [\"']|@\w|"
    rf"[\w.]+ *[-+*/|&]?= *\S|[\w.]+[(\[]{_SOME}[)\]}}](?:\.\w+| *#{_SOME}|[ ,;:])*{_END}|"
    rf"[\w.]+[(\[{{]+{_END}|\w+(?:\.\w+)+{_END}|\w{_END}|[\[{{]{_SOME}[\]}}]{_END}|"
    rf"\({_SOME}[=*/+<>\"']{_SOME}\){_END}|[\"']{_SOME}[\"'] ?[.%+*\[]|"
    rf"\d[\d.]* *[-+*/%<>=]{_SOME}{_END})"
)
_NAMED = (
    r"(?:~[\w/.-]{0,200} ?[$#%]|[\w.-]+@[\w.-]+[: ]?[^\s$#%]{0,200} ?[$#%]|"
    r"\[[\w.-]+@[\w.-]+ [^\]\n]{1,200}\][$#]|"
    r"(?:PS )?[A-Z]:\\[^>\n]{0,200}>|In \[\d+\]:|irb(?:\([^)\n]*\))?(?::\d+)*>|iex\(\d+\)>|"
    r"(?:mysql|sqlite|MariaDB \[[^\]\n]*\]|julia|ghci|scala|jshell|mongosh?|redis|hive)>|"
    r"\w+=#|\w+=>(?=[ \t]+(?:[A-Z]{2,20}\b|\\[a-z]|[a-z]{2,20} [^\n]*;[ \t\r]*$)))"
    r"[ \t]+\S"
)
# A command without a prompt: tools that are no words, each with what is done, or with a path.
_TOOL = (
    "apk|apt|apt-get|brew|bun|bundle|cargo|composer|conda|deno|dnf|docker|docker-compose|dotnet|"
    "flutter|gem|git|helm|kubectl|npm|pacman|pip\\d?|pipx|pnpm|podman|poetry|python[\\d.]* -m pip|"
    "snap|systemctl|terraform|uv|yarn|yum|zypper"
)
_DEED = (
    "add|apply|audit|build|checkout|ci|clone|commit|create|delete|describe|dev|disable|down|enable|"
    "exec|fetch|get|i|init|install|log|login|logs|merge|plan|publish|pull|push|rebase|reload|remove|"
    "restart|run|serve|start|stash|status|stop|sync|tag|tap|test|uninstall|up|update|upgrade|vet"
)
_WITH_PATH = "cd|chmod|chown|cp|curl|go (?:get|install|run)|mkdir|mv|npx|rm|rsync|scp|ssh|wget"
_SURE = r"go (?:mod|vet)|make (?:all|clean|install|test)|php artisan [\w:-]+"
_BARE = (
    rf"(?:[$%#>] )?(?:sudo )?(?:(?:{_TOOL}) (?:-\S+ |compose )*(?:{_DEED})|{_SURE}|(?:{_WITH_PATH})"
    r"(?=[^\n]{0,300} (?:--?[A-Za-z]|\S*[\w~][-/~@_:]|\.\.|[.~/]\w)))"
    rf"(?: (?!(?:{_WORDS})\b)(?:\.\.?|\S*[^\s.,;!?])(?!\S)){{0,20}}(?={_END})"
)
PROMPT_SIGNS = (
    r"[ \t]*(?:(?:\([\w.-]+\) )?[$%#]|>>>) |[^\n]{0,300}[\w\])~>\\=/][$#%>] \S|[ \t]*In \[|"
    rf"[ \t]*(?:> )?(?:sudo )?(?:(?:{_TOOL}|{_WITH_PATH}) |{_SURE})"
)
# A line; it goes on where it ends with a sign for that.
PROMPTS = (
    rf"(?P<typed>[ \t]*)(?:(?:\([\w.-]{{1,40}}\) )?(?:{_SHELL}|{_OTHER_SHELL}|{_NAMED})"
    r"(?:[^\n]*\\\r?\n)*[^\n]*|"
    rf"{_BARE}|"
    # What Python says is over with an empty line.
    rf">>> {_CODE}[^\n]*(?:\n(?P=typed)(?!{_END}|>{{1,2}}(?!>))[^\n]+)*)"
)


def is_command(text: str) -> bool:
    """Whether a text is what is typed at a prompt, with that or without it, and nothing else."""
    return bool(re.match(PROMPT_SIGNS, text) and re.fullmatch(PROMPTS, text))
