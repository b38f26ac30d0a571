"""The names of months and days of the week, as patterns."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["DAYS", "MONTHS", "beginnings", "names"]

# By language, the twelve months from January and the seven days from Monday: how their names
# begin, in all the forms that stand in dates.
MONTHS = {
    "en": r"jan(?:uary|\.)? feb(?:ruary|\.)? mar(?:ch|\.)? apr(?:il|\.)? may june? july? "
    r"aug(?:ust|\.)? sept?(?:ember|\.)? oct(?:ober|\.)? nov(?:ember|\.)? dec(?:ember|\.)?",
    "de": r"(?:januar|jänner|jan\.)s? (?:februar|feber|feb\.)s? (?:märz(?:es)?|mrz\.?) "
    r"(?:april|apr\.)s? mai(?:s|es)? (?:juni|juno)s? (?:juli|julei)s? (?:august(?:s|es)?|aug\.) "
    r"(?:septembers?|sept?\.) (?:oktobers?|okt\.) (?:novembers?|nov\.) (?:dezembers?|dez\.)",
    "fr": r"janv(?:ier|\.) févr(?:ier|\.) mars avr(?:il|\.) mai juin juil(?:let|\.) août "
    r"sept(?:embre|\.) oct(?:obre|\.) nov(?:embre|\.) déc(?:embre|\.)",
    "es": r"enero febrero marzo abril mayo junio julio agosto sep?tiembre octubre noviembre "
    r"diciembre",
    "it": r"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    r"dicembre",
    "pt": r"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    r"dezembro",
    "nl": r"januari februari maart april mei juni juli augustus september oktober november "
    r"december",
    "sv": r"januari februari mars april maj juni juli augusti september oktober november december",
    "da": r"januar februar marts april maj juni juli august september oktober november december",
    "no": r"januar februar mars april mai juni juli august september oktober november desember",
    "pl": r"stycz\w+ lut(?:y|ego|ym) mar(?:zec|ca|cu) kwie(?:cień|tnia|tniu) maj[au]? "
    r"czerw(?:iec|ca|cu) lip(?:iec|ca|cu) sierp\w+ wrze[sś]\w+ październik\w* listopad\w* "
    r"grud\w+",
    "cs": r"led(?:en|na|nu) únor[au]? březn?\w+ dub(?:en|na|nu) květ(?:en|na|nu) "
    r"červ(?:en|na|nu) červen(?:ec|ce|ci) srp(?:en|na|nu) září říj(?:en|na|nu) listopad\w* "
    r"prosin\w+",
    "ru": r"январ\w+ феврал\w+ март\w* апрел\w+ (?:май|мая|мае) июн\w+ июл\w+ август\w* сентябр\w+ "
    r"октябр\w+ ноябр\w+ декабр\w+",
    "uk": r"січ(?:ень|ня|ні) лют(?:ий|ого|ому) берез(?:ень|ня|ні) квіт(?:ень|ня|ні) трав(?:ень|ня"
    r"|ні) черв(?:ень|ня|ні) лип(?:ень|ня|ні) серп(?:ень|ня|ні) верес(?:ень|ня|ні) жовт(?:ень|ня"
    r"|ні) листопад\w* груд(?:ень|ня|ні)",
    "ro": r"ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie "
    r"noiembrie decembrie",
    "fi": r"tammiku\w+ helmiku\w+ maalisku\w+ huhtiku\w+ toukoku\w+ kesäku\w+ heinäku\w+ "
    r"elokuu?\w+ syysku\w+ lokaku\w+ marrasku\w+ jouluku\w+",
    "tr": r"ocak\w* şubat\w* mart\w* nisan\w* mayıs\w* haziran\w* temmuz\w* ağustos\w* eylül\w* "
    r"ekim\w* kasım\w* aralık\w*",
}
DAYS = {
    "en": r"mondays? tuesdays? wednesdays? thursdays? fridays? saturdays? sundays?",
    "de": r"montag\w* dienstag\w* mittwoch\w* donnerstag\w* freitag\w* "
    r"(?:samstag|sonnabend)\w* sonntag\w*",
    "fr": r"lundis? mardis? mercredis? jeudis? vendredis? samedis? dimanches?",
    "es": r"lunes martes miércoles jueves viernes sábados? domingos?",
    "it": r"lunedì martedì mercoledì giovedì venerdì sabat[oi] domenic(?:a|he)",
    "pt": r"segundas?-feiras? terças?-feiras? quartas?-feiras? quintas?-feiras? sextas?-feiras? "
    r"sábados? domingos?",
    "nl": r"maandag\w* dinsdag\w* woensdag\w* donderdag\w* vrijdag\w* zaterdag\w* zondag\w*",
    "sv": r"måndag\w* tisdag\w* onsdag\w* torsdag\w* fredag\w* lördag\w* söndag\w*",
    "da": r"mandag\w* tirsdag\w* onsdag\w* torsdag\w* fredag\w* lørdag\w* søndag\w*",
    "no": r"mandag\w* tirsdag\w* onsdag\w* torsdag\w* fredag\w* lørdag\w* søndag\w*",
    "pl": r"poniedział\w+ wtor\w+ środ\w+ czwart(?:ek|ku|ki) piąt(?:ek|ku|ki) sobot\w* niedziel\w+",
    "cs": r"pondělí úter\w+ střed[auy] čtvrt(?:ek|ku|ky) pát(?:ek|ku|ky) sobot\w+ neděl\w+",
    "ru": r"понедельник\w* вторник\w* сред[ауые] четверг\w* пятниц\w+ суббот\w+ воскресень\w+",
    "uk": r"понеділ\w+ вівтор\w+ серед[ауи] четвер\w* (?:п’ят|п'ят)ниц\w+ субот\w+ неділ\w+",
    "ro": r"luni marți miercuri joi vineri sâmbăt\w+ duminic\w+",
    "fi": r"maanantai\w* tiistai\w* keskiviik\w+ torstai\w* perjantai\w* lauantai\w* sunnuntai\w*",
    "tr": r"pazartesi\w* salı\w* çarşamba\w* perşembe\w* cuma(?!rt)\w* cumartesi\w* pazar(?!t)\w*",
}
_SAME = {"nb": "no", "nn": "no"}
# Letters where an alternative of a pattern may begin: no name has fewer.
_BEGINNING = r"(?:^|[|(:])([^\W\d_]{3})"


@cache
def names(table: str, language: str) -> re.Pattern[str] | None:
    """Finds the months (``months``) or the days of the week (``days``) that a language names.

    The number of the group that matched is the month, or the day from Monday, from 1 on. None for
    languages that are not in the tables.
    """
    found = _patterns(table, language)
    groups = "|".join(f"({pattern})" for pattern in found)
    return re.compile(rf"(?<!\w)(?:{groups})(?!\w)", re.IGNORECASE) if found else None


@cache
def beginnings(language: str) -> frozenset[str]:
    """The first three letters of all names; words that begin otherwise are none of them."""
    patterns = [*_patterns("months", language), *_patterns("days", language)]
    return frozenset(part for each in patterns for part in re.findall(_BEGINNING, each))


def _patterns(table: str, language: str) -> list[str]:
    code = language.replace("_", "-").partition("-")[0]
    return (MONTHS if table == "months" else DAYS).get(_SAME.get(code, code), "").split()
