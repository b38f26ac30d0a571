"""The syntaxes of what is not language and has no sign to begin with: addresses, paths, symbols.

All mean themselves. As in ``placeholders``, one row a syntax, and all run in linear time.
"""

from __future__ import annotations

from s2scli.text.placeholders import BREAK, CONTROLS, LITERAL, SMALL, SYMBOLS, Syntax

__all__ = ["MORE_SIGNS", "START", "WORDS"]

# Before a word; what begins so is tried together.
START = r"(?<!\w)"

_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"
# Elements that stand after a capital letter too: B<br>, X<sub>2</sub>.
_TAGS = "a|b|br|code|em|i|p|s|small|span|strong|sub|sup|tt|u"
# What is written without white space between words ends an address, but for a name in it.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_NAME = r"(?<=[/=#_-])[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
_ASIDE = rf"\([^\s<>\"'(){{}}%`|{_WIDE}]*\)"  # as in wiki/Bank_(river)
_BRACES = r"\{[^\s{}]*\}"  # of a template
# An address after its host; the sign that ends a sentence is not of it, and no escaped line end.
_ADDRESS = (
    rf"(?:{_BRACES}|%[\w({{]|{_ASIDE}|(?<=\w)'(?=\w)|{_NAME}|"
    rf"(?!\\[nrt])[^\s<>\"'()%{{}}`|{_WIDE}])*"
    rf"(?:{_BRACES}|%\w|{_ASIDE}|{_NAME}|(?![{_WIDE}])[\w/#=&-])"
)
_APART = rf"{START}(?<![@/\\.-])"  # not within an address or a path
_FOLDER = r"[^\s\\/:*?\"<>|()]{1,255}"
# What names of files end with, but for what may begin a sentence after a point without a blank.
_FILES = (
    "txt|md|mdx|rst|adoc|tex|bib|pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|epub|csv|tsv|jsonl?|ya?ml|toml|"
    "ini|cfg|conf|log|xml|html?|css|scss|m?js|jsx|tsx?|py|ipynb|rb|php|java|kt|c|cc|cpp|hpp?|cs|rs|"
    "swift|sh|bat|ps1|exe|dll|dmg|deb|rpm|apk|iso|zip|tar|gz|tgz|bz2|xz|7z|rar|png|jpe?g|gif|svg|"
    "webp|bmp|ico|tiff?|mp[34]|wav|ogg|flac|avi|mkv|webm|srt|vtt|pot?|xliff?|tmx|sql|sqlite|bak|"
    "dat|bin|onnx"
)

# What a dash without a blank behind it begins: no option of one word.
_FUNCTION_WORDS = (
    "an?|all|although|and|any|are|as|at|be|because|been|but|by|did|do|even|every|for|from|had|has|"
    "have|he|hers?|here|his|how|if|in|is|its?|just|like|maybe|my|no|nor|not|now|of|oh|on|one|only|or|"
    "our|perhaps|she|so|some|such|than|that|the|theirs?|then|there|these|they|this|those|though|to|"
    "unless|until|was|we|well|were|what|when|where|whether|which|while|who|whose|why|with|without|"
    "yes|yet|you|your"
)

# A part of a date or a time.
_PART = r"(?:E{1,5}|d{1,4}|D{1,4}o?|M{1,4}o?|y{2,4}|Y{2,4}|H{1,2}|h{1,2}|m{2}|s{2}|S{1,3}|tt)"

# The same in PHP.
_LETTER = r"(?:[dDjlNwzWFmMntLoYyGHisuveOPTZcrU]|jS)"

_LICENCE = r"(?:\([^()\n]{1,200}\)|[\w.+-]{0,60}[\w+])"

# Time zones: "Europe/Asia" is none, so that only a list can tell (https://www.iana.org/time-zones).
# Names with an underscore, and those of three parts, are known by their form.
_CITIES = {
    "Africa": (
        "Abidjan Accra Algiers Asmara Bamako Bangui Banjul Bissau Blantyre Brazzaville "
        "Bujumbura Cairo Casablanca Ceuta Conakry Dakar Djibouti Douala Freetown Gaborone "
        "Harare Johannesburg Juba Kampala Khartoum Kigali Kinshasa Lagos Libreville Lome "
        "Luanda Lubumbashi Lusaka Malabo Maputo Maseru Mbabane Mogadishu Monrovia Nairobi "
        "Ndjamena Niamey Nouakchott Ouagadougou Porto-Novo Tripoli Tunis Windhoek"
    ),
    "America": (
        "Adak Anchorage Anguilla Antigua Araguaina Aruba Asuncion Atikokan Bahia Barbados "
        "Belem Belize Blanc-Sablon Bogota Boise Cancun Caracas Cayenne Cayman Chicago "
        "Chihuahua Coyhaique Creston Cuiaba Curacao Danmarkshavn Dawson Denver Detroit "
        "Dominica Edmonton Eirunepe Fortaleza Grenada Guadeloupe Guatemala Guayaquil Guyana "
        "Halifax Havana Hermosillo Inuvik Iqaluit Jamaica Juneau Kralendijk Lima Maceio "
        "Managua Manaus Marigot Martinique Matamoros Mazatlan Menominee Merida Metlakatla "
        "Miquelon Moncton Monterrey Montevideo Montreal Montserrat Nassau Nome Noronha Nuuk "
        "Ojinaga Panama Paramaribo Phoenix Port-au-Prince Recife Regina Resolute Santarem "
        "Santiago Scoresbysund Sitka Tegucigalpa Thule Tijuana Toronto Tortola Vancouver "
        "Whitehorse Winnipeg Yakutat"
    ),
    "Antarctica": (
        "Casey Davis DumontDUrville Macquarie Mawson McMurdo Palmer Rothera Syowa Troll Vostok"
    ),
    "Arctic": ("Longyearbyen"),
    "Asia": (
        "Aden Almaty Amman Anadyr Aqtau Aqtobe Ashgabat Atyrau Baghdad Bahrain Baku Bangkok "
        "Barnaul Beirut Bishkek Brunei Calcutta Chita Colombo Damascus Dhaka Dili Dubai "
        "Dushanbe Famagusta Gaza Hebron Hovd Irkutsk Istanbul Jakarta Jayapura Jerusalem "
        "Kabul Kamchatka Karachi Kathmandu Katmandu Khandyga Kolkata Krasnoyarsk Kuching "
        "Kuwait Macao Macau Magadan Makassar Manila Muscat Nicosia Novokuznetsk Novosibirsk "
        "Omsk Oral Pontianak Pyongyang Qatar Qostanay Qyzylorda Rangoon Riyadh Saigon "
        "Sakhalin Samarkand Seoul Shanghai Singapore Srednekolymsk Taipei Tashkent Tbilisi "
        "Tehran Thimphu Tokyo Tomsk Ulaanbaatar Urumqi Ust-Nera Vientiane Vladivostok Yakutsk "
        "Yangon Yekaterinburg Yerevan"
    ),
    "Atlantic": ("Azores Bermuda Canary Faroe Madeira Reykjavik Stanley"),
    "Australia": ("Adelaide Brisbane Canberra Darwin Eucla Hobart Lindeman Melbourne Perth Sydney"),
    "Canada": ("Atlantic Central Eastern Mountain Newfoundland"),
    "Etc": ("GMT Greenwich UCT UTC Universal Zulu"),
    "Europe": (
        "Amsterdam Andorra Astrakhan Athens Belfast Belgrade Berlin Bratislava Brussels "
        "Bucharest Budapest Busingen Chisinau Copenhagen Dublin Gibraltar Guernsey Helsinki "
        "Istanbul Jersey Kaliningrad Kiev Kirov Kyiv Lisbon Ljubljana London Luxembourg "
        "Madrid Malta Mariehamn Minsk Monaco Moscow Oslo Paris Podgorica Prague Riga Rome "
        "Samara Sarajevo Saratov Simferopol Skopje Sofia Stockholm Tallinn Tirane Ulyanovsk "
        "Vaduz Vatican Vienna Vilnius Volgograd Warsaw Zagreb Zurich"
    ),
    "Indian": (
        "Antananarivo Chagos Christmas Cocos Comoro Kerguelen Mahe Maldives Mauritius Mayotte "
        "Reunion"
    ),
    "Pacific": (
        "Apia Auckland Bougainville Chatham Chuuk Easter Efate Fakaofo Fiji Funafuti "
        "Galapagos Gambier Guadalcanal Guam Honolulu Kanton Kiritimati Kosrae Kwajalein "
        "Majuro Marquesas Midway Nauru Niue Norfolk Noumea Palau Pitcairn Pohnpei Rarotonga "
        "Saipan Tahiti Tarawa Tongatapu Wake Wallis"
    ),
    "US": ("Alaska Arizona Central Eastern Hawaii Mountain Pacific"),
}
_AREA = "|".join(_CITIES)
_LISTED = "|".join(f"{area}/(?:{'|'.join(names.split())})" for area, names in _CITIES.items())
_UNDERSCORES = r"(?:[A-Z][a-z_A-Z]{1,30}/)?[A-Z][a-z-]{0,30}(?:_[A-Za-z]{1,30}){1,3}"
_ZONE = (
    rf"(?:Etc/GMT[+-]\d{{1,2}}|{_LISTED}|(?:{_AREA})/{_UNDERSCORES}|"
    r"America/(?:Argentina|Indiana|Kentucky)/[A-Z][a-z]{1,30})(?![\w/])"
)
# Kinds of files: "text/image" in a sentence is none. https://www.iana.org/assignments/media-types
_MEDIA = (
    r"(?:text/(?:plain|html|css|csv|xml|javascript|markdown|calendar|vcard|rtf|richtext|"
    r"event-stream|tab-separated-values)|"
    r"image/(?:png|jpe?g|gif|svg\+xml|webp|avif|tiff|bmp|hei[cf]|apng|jxl)|"
    r"audio/(?:mpeg|mp[34]|ogg|wav|webm|aac|flac|midi|opus)|"
    r"video/(?:mp4|mpeg|webm|ogg|quicktime|mp2t)|font/(?:woff2?|ttf|otf|sfnt|collection)|"
    r"application/(?:json5?|xml|pdf|zip|gzip|octet-stream|javascript|ecmascript|rtf|msword|sql|wasm|"
    r"yaml|toml|epub\+zip|ogg|postscript|x-www-form-urlencoded)|"
    r"multipart/(?:form-data|mixed|alternative|related|byteranges|digest)|message/rfc822|"
    r"(?:application|audio|font|image|message|model|text|video)/(?:(?:x-|vnd\.)[\w.+-]{0,80}\w|"
    r"[\w.-]{1,40}\+(?:json|xml|zip|yaml|cbor)|\*))(?:; ?charset=[\w-]{1,20})?(?![\w/])"
)
# Functions of CSS, by their names or by what they take.
_LENGTH = r"-?\d[\d.]{0,9}(?:px|r?em|%|v[hw]|deg|turn|fr|m?s)"
_STYLED = (
    r"(?:calc|clamp|rgba?|hsla?|cubic-bezier|(?:linear|radial|conic)-gradient|color-mix)"
    r"\((?:[^()\n]|\([^()\n]{0,80}\)){0,200}\)|var\(--[\w-]{1,80}(?:, ?[^()\n]{0,80})?\)|"
    r"(?:translate|translate[XYZ]|rotate|scale|skew|blur|minmax)"
    rf"\({_LENGTH}(?:, ?[^()\n]{{0,80}})?\)|"
    r"url\((?:[^()\s\"']{1,300}|\"[^\"\n]{1,300}\"|'[^'\n]{1,300}')\)"
)

_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}"

# Families of fonts that are called by several words, most of them of everyday language.
_SANS = (
    "Open|Source|Fira|Noto|PT|IBM Plex|Work|DM|Droid|DejaVu|Liberation|Nunito|Public|Josefin|"
    "Encode|Alegreya|Merriweather|Red Hat|Hind|Plus Jakarta|Instrument|Ubuntu|Bitstream Vera|"
    "Atkinson|Cascadia|JetBrains|Roboto|Space|Google|Product"
)
_FONT = (
    rf"(?:{_SANS}) (?:Sans|Serif|Mono|Code|Slab|Display|Condensed|Flex|Grotesk)(?: Pro| 3| 4)?|"
    "Segoe (?:UI(?: Emoji| Symbol| Historic| Variable)?|Print|Script|MDL2 Assets|Fluent Icons)|"
    "Times New Roman|Courier New|Comic Sans MS|Trebuchet MS|Helvetica Neue|Gill Sans(?: MT)?|"
    "Lucida (?:Console|Grande|Sans(?: Unicode| Typewriter)?|Bright|Handwriting)|"
    "Arial (?:Black|Narrow|Unicode MS|Rounded MT Bold)|MS (?:Sans Serif|Serif|P?Gothic|P?Mincho)|"
    "Microsoft (?:Sans Serif|(?:YaHei|JhengHei)(?: UI)?)|Franklin Gothic|Century (?:Gothic|"
    "Schoolbook)|Book Antiqua|Bookman Old Style|Palatino Linotype|Brush Script MT|"
    "Apple Color Emoji|SF (?:Pro|Compact)(?: Text| Display| Rounded)?|SF Mono|Playfair Display|"
    "Libre (?:Baskerville|Franklin)|Crimson (?:Text|Pro)|Yu (?:Gothic|Mincho)|Malgun Gothic|"
    "Hiragino (?:Sans|Kaku Gothic|Mincho)(?: ProN?)?|Material (?:Icons|Symbols)"
)
# A text with none of these has no such name, and no reference to a sheet.
MORE_SIGNS = (
    r"!\$?[A-Z]{1,3}\$?[\d:]|"
    r" (?:Sans|Serif|Mono|Code|Slab|Display|Condensed|Flex|Grotesk|UI|Print|Script|MDL2|Fluent|New|"
    r"Neue|Console|Grande|Bright|Handwriting|Black|Narrow|Unicode|Rounded|P?Gothic|P?Mincho|YaHei|"
    r"JhengHei|Schoolbook|Antiqua|Old|Linotype|Color|Pro|Compact|Baskerville|Franklin|Text|Kaku|"
    r"Icons|Symbols|MS)\b"
)
_WEIGHT = (
    "Thin|(?:Extra|Semi|Demi)?(?:Light|Bold|bold)|Regular|Medium|Black|Italic|Condensed|Outlined|"
    "Rounded|Sharp"
)

# What begins at the same place is taken by the first row.
WORDS = (
    Syntax("addresses", LITERAL, rf"{START}[A-Za-z][A-Za-z\d+.-]{{1,15}}://{_ADDRESS}",
           ("https://example.org/a?b=c#d", "http://a.org/{id}/x", "https://example.org/%s",
            "https://example.org/wiki/Bank_(river)", "https://example.org/it's/a", "file:///a/b.c",
            "https://example.org/日本", "git+ssh://git@example.org:22/a")),
    Syntax("addresses", LITERAL, rf"www\.[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/{_ADDRESS})?",
           ("www.example.org", "www.example.org/a_(b)")),
    Syntax("addresses", LITERAL, rf"{START}(?:mailto|tel|sms|urn|sip|magnet):(?=[\w+?%]){_ADDRESS}",
           ("mailto:me@example.org?subject=Good%20day", "tel:+491234")),
    Syntax("addresses of data and of places", LITERAL,
           rf"{START}(?:data:[a-z]{{1,20}}/[\w.+-]{{1,60}}(?:;[\w=.-]{{1,60}}){{0,5}},"
           rf"[\w%+/=.~-]*[\w%+/=]|"
           rf"geo:-?\d[\d.]*,-?\d[\d.]*{_ADDRESS})",
           ("data:text/plain;base64,SGVsbG8=", "data:image/png,%89", "geo:0,0?q=%s",
            "geo:52.5,13.4?z=10")),
    Syntax("addresses without a scheme", LITERAL,
           rf"{_APART}(?:[\w-]+\.)+[a-z]{{2,}}(?::\d+)?/(?=[\w~{{%]){_ADDRESS}",
           ("example.org/my-garden", "example.org:80/~a/b.c")),
    Syntax("IANA: time zones", LITERAL, rf"{_APART}{_ZONE}",
           ("Europe/Berlin", "America/New_York", "America/Argentina/Salta", "Etc/GMT-5")),
    Syntax("MIME: kinds of files", LITERAL, rf"{_APART}{_MEDIA}",
           ("text/plain", "image/svg+xml", "application/vnd.api+json", "text/html; charset=utf-8")),
    Syntax("CSS: functions", LITERAL, rf"{START}(?:{_STYLED})",
           ("calc(100% - (2 * 20px))", "var(--big-house)", "rgba(0, 0, 0, .5)", "rotate(45deg)",
            "url(#big-house)", "url(images/a.png)")),
    Syntax("Android: families of fonts", LITERAL,
           rf"{START}sans-serif-(?:thin|light|medium|black|condensed|smallcaps)(?:-[a-z]+)?(?![\w-])",
           ("sans-serif-medium", "sans-serif-condensed-light")),
    Syntax("spreadsheets: cells of a sheet", LITERAL,
           rf"{START}(?:'(?![\s,.])[^'!\n]{{1,60}}(?<!\s)'|[A-Za-z_][\w.]{{0,60}})!"
           rf"(?:{_CELL}(?::{_CELL})?|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}})(?!\w)",
           ("Sheet1!B3", "'Big House'!$A$1:$B$9", "Prices!A:C")),
    Syntax("fonts: families with names of several words", LITERAL,
           rf"{START}(?:{_FONT})(?: (?:{_WEIGHT})){{0,3}}(?!\w)",
           ("Times New Roman", "Segoe UI", "Open Sans", "Source Sans Pro Bold Italic")),
    Syntax("e-mail, secure copies", LITERAL,
           rf"{START}(?<![.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?::[\w.~-]*/[\w./~-]*\w)?",
           ("me@example.org", "git@example.org:my/garden.git")),
    Syntax("POD: codes", LITERAL,
           rf"[BCEFILSXZ](?<!\w[BCEFILSXZ])<(?!/|\d\d:|(?i:{_TAGS})\b)"
           r"(?:<+\s[^\n]{0,200}?\s>+|"
           r"[^<>\n]{0,300}(?:<[^<>\n]{0,200}>[^<>\n]{0,200}){0,3})>",
           ("C<open>", "L<perlop/Names>", "E<lt>", "C<< a > b >>", "B<C<x> y>")),
    Syntax("keycaps", LITERAL, r"[0-9#*]\ufe0f?\u20e3", ("1\ufe0f\u20e3",)),
    Syntax("shells: names with stars", LITERAL,
           r"(?<![\w*/.@-])(?=[\w.@/-]{0,200}\*{1,2}[/.][\w*])[\w.@*/?-]{1,300}(?<=[\w*])",
           ("*.txt", "*.*", "src/**/*.js", "**/my-house/*.tar.gz", "docs/*/a.md")),
    Syntax("paths", LITERAL, rf"{START}(?<![~./\\])(?:~|\.\.?)/(?:[\w.@-]{{1,255}}/)*[\w.@-]*\w",
           ("~/a", "./a", "../a.b", "../../a/b.c")),
    Syntax("paths", LITERAL,
           r"[~./](?<![\w~./].)(?:(?<=\.)\.)?(?:(?<=/)|/)(?:[\w.-]{1,255}/)+(?:[\w.-]*\w)?",
           ("/usr/lib/x.so", "~/a/b", "./a/b.c")),
    Syntax("symbols", LITERAL, rf"[{SYMBOLS}][{SYMBOLS}{_JOINERS}]*(?:(?<=°)[CF]\b)?",
           ("♪", "☐", "↩\ufe0e", "°C", "👩\u200d💻", "™")),
    Syntax("symbols that stand alone between texts", BREAK,
           r"(?<!\S)[·»›«‹](?!\S)(?!(?<=«)[^«»|·•]{0,500}»|(?<=‹)[^‹›|·•]{0,500}›)",
           ("·", "»", "«")),
    Syntax("lists: small Roman numerals at the beginning of an item", BREAK,
           r"(?<![\s\S])\(?[ivx]{1,6}[.)](?!\S|\s(?:e\.|Chr))",
           ("ii.", "(iv)")),
    Syntax("lists within sentences: small Roman numerals", LITERAL,
           r"(?<!\w)\((?:[iv]|[ivx]{2,6})\)(?!\w)", ("(i)", "(iii)", "(iv)")),
    Syntax("UUIDs", LITERAL,
           rf"{START}[0-9A-Fa-f]{{8}}-(?:[0-9A-Fa-f]{{4}}-){{3}}[0-9A-Fa-f]{{12}}\b",
           ("3f2504e0-4f89-11d3-9a0c-0305e82c3301",)),
    Syntax("hashes, in hexadecimal figures", LITERAL,
           rf"{START}(?=\d{{0,200}}[a-fA-F])(?=[a-fA-F]{{0,200}}\d)"
           r"(?:[0-9a-f]{7,200}|[0-9A-F]{7,200})(?!\w)",
           ("9fceb02", "a1b2c3d4e5f6", "4B825DC642CB6EB9")),
    Syntax("keys and tokens: long, with figures between letters; base64", LITERAL,
           rf"{START}(?<![+/=-])(?:[A-Za-z\d]{{1,15}}[_-]){{0,2}}"
           r"(?=[A-Za-z]{0,60}\d{1,60}[A-Za-z]|\d{1,60}[A-Za-z]{1,60}\d{1,60}[A-Za-z])"
           r"(?=[A-Za-z\d]{0,60}[A-Za-z]\d)[A-Za-z\d]{16,4000}"
           r"(?:[+/_-]{1,2}[A-Za-z\d]{1,4000}){0,200}={0,2}(?!\w)",
           ("AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "sha512-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7w==", "AAAAB3NzaC1yc2EAAAADAQABAAAB")),
    Syntax("ISO 8601: dates and times", LITERAL,
           rf"{START}\d{{4}}-\d\d-\d\d"
           r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?\b",
           ("2024-01-02", "2024-01-02T10:30:00Z")),
    Syntax("Windows: paths", LITERAL,
           rf"{START}[A-Za-z]:\\{{1,2}}(?:{_FOLDER}(?: (?:\(x86\)|{_FOLDER})){{0,2}}\\{{1,2}})*"
           r"(?:[^\s\"<>|()]*[\w\\])?",
           (r"C:\temp\a.txt", r"C:\Program Files (x86)\My House\a", r"C:\\My House\\a.txt")),
    Syntax("names of files, with their folders", LITERAL,
           rf"{_APART}(?:[\w.@-]{{1,255}}/){{0,30}}(?:[\w-]+\.)+(?:{_FILES})(?![\w-])",
           ("a.txt", "big-house.html", "src/main.c", "docs/a.b/my-house.md", "Vue.js")),
    Syntax("names of hosts", LITERAL,
           rf"{_APART}(?:[\w-]+\.)+(?:com|org|net|edu|gov|io|dev|co\.uk)(?![\w-]|\.\w)",
           ("my-house.org", "a.example.com")),
    Syntax("code: calls without arguments", LITERAL,
           rf"{START}(?<![.:])[A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)*\(\)",
           ("open()", "house.garden()", "a::b()")),
    Syntax("code: qualified names", LITERAL, r"(?<![\w:])[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+",
           ("std::string", "Garden::House::new")),
    Syntax("code: names with underscores or humps", LITERAL,
           rf"{START}(?<![:.-])(?=\w{{4}})(?:[A-Za-z][A-Za-z\d]*(?:_[A-Za-z\d]+)+|"
           r"[a-z]{2,}(?:[A-Z][a-z\d]+){2,})(?!\w|[.-]\w)",
           ("house_number", "HOUSE_2", "onHouseOpen")),
    Syntax("commands: options", LITERAL,
           rf"{START}(?<!-)--[a-z][a-z\d]*(?:(?:-[a-z\d]+)+(?:=[\w./-]*\w)?|=[\w./-]*\w)(?![\w-])",
           ("--dry-run", "--house-number=5", "--output=a/b.txt")),
    Syntax("commands: options with what they take", LITERAL,
           rf"{START}(?<!-)--[a-z][a-z\d-]*(?:[ =]<[\w-]{{1,40}}>|\[=[\w-]{{1,40}}\])(?:\.{{3}})?",
           ("--size=<value>", "--file <name>...", "--color[=WHEN]")),
    Syntax("commands: short options with what they take", LITERAL,
           rf"{START}(?<!-)-[A-Za-z](?: ?<[\w-]{{1,40}}>|[ =][A-Z][A-Z_-]{{1,20}}(?!\w))",
           ("-n NUM", "-o <file>", "-d=DIR")),
    Syntax("commands: what they take", LITERAL,
           r"\[(?:-[A-Za-z]{1,9}|--[a-z][a-z\d-]*)(?:[ =](?:<[\w-]{1,40}>|[A-Z_-]{1,40}))?\]"
           r"(?:\.{3})?",
           ("[-abc]", "[--size=<value>]", "[-o FILE]...")),
    Syntax("IPv6: addresses", LITERAL,
           rf"{START}(?=[\da-fA-F]{{0,4}}:)(?:(?:[\da-fA-F]{{1,4}}:){{7}}[\da-fA-F]{{1,4}}|"
           r"(?:[\da-fA-F]{1,4}(?::[\da-fA-F]{1,4}){0,6})?::(?:[\da-fA-F]{1,4}(?::[\da-fA-F]{1,4}){0,6})?)"
           r"(?:%{1,2}[a-z]\w{0,15})?(?:/\d{1,3})?(?![\w:])",
           ("fe80::1%eth0", "2001:db8::/32", "::1")),
    Syntax("commands: the names of an option", LITERAL,
           rf"{START}(?<!-)-[A-Za-z\d?]{{1,2}}(?:, {{1,2}}--[a-z][a-z\d-]{{0,40}}){{1,4}}(?![\w-])",
           ("-o, --only", "-q, --quiet, --no-sound", "-nc,  --no-clobber")),
    Syntax("commands: options of one word", LITERAL,
           rf"{START}(?<!-)--(?:(?!(?:{_FUNCTION_WORDS})\b)[a-z][a-z\d]{{1,30}}(?![\w-])|"
           r"(?<=[\"'`(\[|]--)[a-z][a-z\d]{1,30}(?=[\]=\"'`)|]))",
           ("--help", "--unbuffered")),
    Syntax("commands: arguments that may come again", LITERAL,
           r"\[[A-Z][A-Z_-]{1,20}\]\.\.\.", ("[OPTION]...", "[FILE]...")),
    Syntax("CLDR, .NET, Moment: forms of dates and times", LITERAL,
           rf"{START}(?:{_PART}[ ,./:-]{{1,2}}){{0,5}}(?:yyyy|YYYY|MMMM|dddd|EEEE|[Hh]{{1,2}}:mm)"
           rf"(?:[ ,./:-]{{1,2}}{_PART}){{0,5}}(?!\w)",
           ("MMMM d, yyyy", "dddd, MMMM Do YYYY", "YYYY-MM-DD HH:mm", "h:mm")),
    Syntax("Go: forms of dates and times", LITERAL,
           rf"{START}(?:Mon(?:day)?,? )?(?:Jan(?:uary)? 0?2,? 2006|0?2 Jan(?:uary)? 2006)"
           r"(?: (?:15|0?3):04(?::05)?(?: ?(?:PM|pm))?(?: MST)?)?(?!\w)",
           ("January 2, 2006", "Mon, 02 Jan 2006 15:04:05 MST")),
    Syntax("PHP, Django, WordPress: forms of dates and times", LITERAL,
           rf"{START}(?:{_LETTER}(?:[ ,/:-]{{1,2}}|\.)){{0,6}}"
           rf"(?:[FMmn] jS?|jS?[. ]{{1,2}}[FM]|[gGhH]:i(?::s)?(?: ?[aA](?!\w))?)"
           rf"(?:[ ,./:-]{{1,2}}{_LETTER}){{0,6}}(?: [gGhH]:i(?::s)?(?: ?[aA])?)?(?!\w)",
           ("F j, Y", "D, M j, Y", "l jS F Y", "j. F Y", "g:i a", "F j, Y, g:i A")),
    Syntax("control characters, marks of direction", LITERAL, rf"[{CONTROLS}]",
           ("\a", "\x02", "\u200e", "\u2068")),
    Syntax("packages: names with points", LITERAL,
           rf"{START}[A-Za-z_]\w+(?:\.[A-Za-z_]\w+){{2,}}\b",
           ("com.example.House",)),
    Syntax("laws, contracts: paragraphs of a section", LITERAL,
           rf"{START}\d{{1,4}}(?:\.\d{{1,3}}){{0,4}}"
           r"(?:\((?:[a-rt-zA-Z]|[ivxlc]{2,6}|\d{1,3})\)){1,5}(?!\w)",
           ("501(c)(3)", "7.2(b)(iii)", "12(1)(a)", "2.4(ii)")),
    Syntax("SPDX: tags of licences", LITERAL,
           rf"{START}SPDX-(?:License-Identifier: ?{_LICENCE}(?: (?:AND|OR|WITH) {_LICENCE}){{0,9}}|"
           r"[A-Z][A-Za-z-]{1,40}:)",
           ("SPDX-License-Identifier: (MIT OR Apache-2.0) AND GPL-3.0-or-later",
            "SPDX-FileCopyrightText:")),
    Syntax("SPDX: names of licences", LITERAL,
           rf"{START}(?:(?:[AL]?GPL|Apache|[EM]PL|EUPL|BSD|OFL|CDDL|GFDL|Artistic|"
           r"CC-BY(?:-NC)?(?:-SA|-ND)?)-\d[\d.]{0,5}(?<!\.)(?:-only|-or-later|-Clause)?|"
           r"[A-Z]\w{1,30}-exception-\d\.\d)(?![\w-])",
           ("GPL-3.0-or-later", "BSD-3-Clause", "CC-BY-SA-4.0", "Classpath-exception-2.0")),
    Syntax("BCP 47: tags of languages with a region", LITERAL,
           rf"{START}[a-z]{{2}}[-_](?:[A-Z][a-z]{{3}}[-_])?[A-Z]{{2}}\b", ("en-US", "zh-Hant-TW")),
    Syntax("figures above and below the line, fractions, with their words", LITERAL,
           rf"{START}\w*[{SMALL}][\w{SMALL}]*", ("½", "m²", "H₂O")),
)  # fmt: skip
