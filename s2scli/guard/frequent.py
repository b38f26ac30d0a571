"""The small words and the letters of languages: enough to see that a text is in another one."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from s2scli.languages.codes import primary_code

__all__ = ["LETTERS", "are_one", "primary", "speakers"]

# Languages that share many of their words, which no list tells apart.
_KIN = ("da no nb nn sv", "es pt gl ca", "cs sk", "hr sr bs sl", "ru uk be bg", "id ms", "nl af")
_SMALL_WORDS = {
    "en": "the of and to in is that it was for you with as on are be this have from not by at we "
    "he they his her their which she but or an if what there when can i my me do your has had "
    "will would been who all a so then than them out up into over after "
    "about could no more some us our how why him only very said say says these those while because "
    "should must where two against before between can't don't they're it's",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch "
    "es an er hat aus dass sie nach wird bei einer um am sind noch wie einem über einen so zum "
    "aber ich wir du war haben hatte ihr sein seine mir mich was wenn wurde werden nur vor durch "
    "bin bist hast kann ja nein mehr diese dieser seit gegen kein keine keinen ihre ihren ihrer "
    "ihnen deine dein dir dich ihm ihn uns unser unsere meine mein seinen seiner jede jeder können "
    "konnte müssen muss sollte wurden waren unter vom zur ohne sowie weil damit dann doch etwas "
    "zwischen während sondern jedoch bereits finden sollen dieses",
    "fr": "de la le et les des en un une du que est pour qui dans a par plus pas au sur ne se ce "
    "il sont avec je vous nous elle on aux mais ou cette être ont son sa ses leur même comme",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero "
    "sus le ha me si sin sobre este ya entre cuando todo esta son yo te fue hay muy",
    "it": "di e il la che in a un per è una sono non con del da si le dei al come i della nel ha "
    "gli ma più alla lo anche delle dal mi ho se o ci questo sul tutto essere",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao "
    "ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook als dan maar bij nog "
    "uit naar door ze over hij wordt kan heeft ik je we was deze werd hebben zo of mijn",
    "sv": "och i att det som en på är av för med den till inte har om ett var jag men de så vi kan "
    "från han eller sig när hade ska också efter vid man alla du ut mot",
    "da": "og i at det en den til er som på de med han af for ikke der var mig sig men et har om "
    "vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller",
    "no": "og i det på som er en til å han av for med at var de ikke den har jeg om et men så seg "
    "hun fra vi du kan eller skal ved også nå bli etter opp der",
    "pl": "w i na z do się że nie jest to o jak po co tak ale od za przez był był była są dla ich "
    "oraz jego który która tym już tylko tego może czy być ja przy",
    "cs": "a se v na je že s z do i o k ve pro za by ale jako po co jsem tak si od které který "
    "jsou byl bylo nebo už jen až má jeho této při aby",
    "sk": "a v sa na je že s z do o k vo pre za by ale ako po čo som tak si od ktoré ktorý sú bol "
    "bolo alebo už len má jeho pri aby",
    "ro": "de și în a la cu nu o că pe din un să este se mai pentru care ce au am fi sau ca i dar "
    "lui ale cel era fost prin după ei",
    "hu": "a az és hogy nem is egy de ez meg csak már el volt van mint még vagy ha ki én azt ezt "
    "lesz mert sem kell fel minden után",
    "fi": "ja on ei se että oli hän mutta ovat kun myös jos joka kuin tai niin sen ne minä mitä "
    "ole vain hänen nyt sitä olen tämä",
    "tr": "ve bir bu da de için ile çok o daha ne gibi olarak kadar var ama en olan sonra ben "
    "her mi değil ki şu olduğu",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada "
    "oleh adalah bisa mereka atau kita dia telah",
    "vi": "và của là có được không cho một trong các người những với này đã để khi đến từ như tôi "
    "cũng về ra",
    "hr": "i je u se na da za su od s ne a što koji to kao bi sam o nije iz ali po do samo ili",
    "ru": "и в не на я что он с как это а то по но из у за от так же для вы мы бы его было только "
    "она они был",
    "uk": "і в не на що я з до та це як за у він по від але для ми ви його було або вона вони був "
    "й про",
    "bg": "на и да не се за от в е са че с това по до като си но съм ще или както",
    "el": "και το να του η της με που την από για είναι στο τα ότι οι δεν των θα τον ένα στην",
    "ar": "في من على أن إلى عن التي هذا مع كان لا ما هو كما هذه الذي بين لم قد بعد كل أو",
    "fa": "و در به از که این را با است برای آن یک خود تا بر هم نیز شد های من",
}


# The letters beyond a to z that languages write.
LETTERS = {
    "en": "éèïñ", "de": "äöüßé", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "it": "àèéìíîòóù",
    "pt": "àáâãçéêíóôõúü", "nl": "áéèëïóöü", "sv": "åäöéà", "da": "æøåé", "no": "æøåéòô",
    "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "ro": "ăâîșşțţ",
    "hu": "áéíóöőúüű", "fi": "åäö", "tr": "âçğıîöşüûi̇", "hr": "čćđšž", "id": "é",
    "vi": "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA0, 0x1EFA))),
}  # fmt: skip


@cache
def speakers() -> dict[str, list[str]]:
    """For each small word the languages that have it."""
    found = defaultdict[str, list[str]](list)
    for code, words in _SMALL_WORDS.items():
        for word in set(words.split()):
            found[word].append(code)
    return dict(found)


@cache
def primary(code: str) -> str:
    """The language of a code, without its region and script; empty for none."""
    return primary_code(code) if code else ""


@cache
def are_one(one: str, other: str) -> bool:
    """Whether two codes are of one language, or of languages that share most of their words."""
    first, second = primary(one), primary(other)
    if not first or not second:
        return False
    return first == second or any({first, second} <= set(kin.split()) for kin in _KIN)
