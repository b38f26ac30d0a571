"""Tags that are escaped in strings are inline markup, as real ones are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions
from s2scli.documents.inlinetags import has_pairs
from s2scli.documents.reading import read_document
from tests.documents.runs import translated

ONCE = "We &lt;b&gt;read&lt;/b&gt; the &lt;a href='b'&gt;old book&lt;/a&gt; here."
NEW = "HERE. &lt;a href='b'&gt;BOOK OLD&lt;/a&gt; THE &lt;b&gt;READ&lt;/b&gt; WE"
TWICE, NEW_TWICE = (text.replace("&", "&amp;") for text in (ONCE, NEW))
XLIFF = (
    '<xliff version="1.2"><file source-language="en" target-language="de" original="x" '
    'datatype="html"><body><trans-unit id="1"><source>{}</source></trans-unit></body></file>'
    "</xliff>"
)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.json", '{{"a": "{}"}}'),
        ("a.yaml", 'a: "{}"\n'),
        ("a.toml", 'a = "{}"\n'),
        ("a.properties", "a={}\n"),
        ("a.strings", '"a" = "{}";\n'),
        ("a.ini", "[a]\na={}\n"),
        ("a.csv", 'a\n"{}"\n'),
        ("a.po", 'msgid ""\nmsgstr ""\n\nmsgid "{}"\nmsgstr ""\n'),
        ("a.xlf", XLIFF),
        ("strings.xml", '<resources><string name="a">{}</string></resources>'),
        ("a.resx", '<root><data name="a"><value>{}</value></data></root>'),
        ("a.html", "<p>{}</p>"),
        ("a.html", '<p title="{}">1</p>'),
        ("a.txt", "{}\n"),
    ],
)
def test_words_in_escaped_tags_are_translated(name: str, form: str, tmp_path: Path) -> None:
    for number, (text, new) in enumerate([(ONCE, NEW), (TWICE, NEW_TWICE)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = translated(name, form.format(text), folder, str.upper, backwards=True)
        found = found.replace("&#39;", "'").replace("&apos;", "'").replace("&#x27;", "'")
        assert new in found, found


@pytest.mark.parametrize(
    ("text", "new"),
    [
        # Texts in attributes, escaped as often as their tags.
        (
            "see &lt;img alt=&quot;a dog &amp;amp; cat&quot; src='b'/&gt; here",
            "SEE &lt;img alt=&quot;A DOG &amp;amp; CAT&quot; src='b'/&gt; HERE",
        ),
        ("&lt;i title='it is'&gt;a&lt;/i&gt; b", "&lt;i title='IT IS'&gt;A&lt;/i&gt; B"),
        # Of what holds no text, too.
        ("<a href='b'><img alt='a dog'></a>", "<a href='b'><img alt='A DOG'></a>"),
        ("a <i aria-label='b c'></i>", "A <i aria-label='B C'></i>"),
        ("<a title='a b'><i title='c d'></i></a>", "<a title='A B'><i title='C D'></i></a>"),
        # Paragraphs part texts.
        (
            "&lt;p&gt;a b.&lt;/p&gt;&lt;p&gt;c d.&lt;/p&gt;",
            "&lt;p&gt;A B.&lt;/p&gt;&lt;p&gt;C D.&lt;/p&gt;",
        ),
        # No tags.
        ("a &lt; b and c &gt; d", "A &lt; B AND C &gt; D"),
    ],
)  # fmt: skip
def test_what_is_a_tag(text: str, new: str, tmp_path: Path) -> None:
    assert translated("a.properties", f"a={text}\n", tmp_path) == f"a={new}\n"


@pytest.mark.parametrize(
    ("name", "form", "texts"),
    [
        (
            "a.xlf",
            XLIFF,
            [
                # Beside elements, and within one.
                (
                    'a <g id="1">b</g> &lt;i&gt;c d&lt;/i&gt; e',
                    'E &lt;i&gt;D C&lt;/i&gt; <g id="1">B</g> A',
                ),
                (
                    'a <g id="1">b &lt;i>c d&lt;/i> e</g> f',
                    'F <g id="1">E &lt;i>D C&lt;/i> B</g> A',
                ),
                (
                    '&lt;i class="x"&gt;a <x id="1"/> b&lt;/i&gt; c',
                    'C &lt;i class="x"&gt;<x id="1"/> B A&lt;/i&gt;',
                ),
                ('a <g id="1">b</g> &lt;n&gt; c', 'C &lt;n&gt; <g id="1">B</g> A'),
            ],
        ),
        (
            "strings.xml",
            '<resources><string name="a">{}</string></resources>',
            [
                (
                    r"a <b>b</b> &lt;a href=\"x\">c d&lt;/a> e\'s",
                    r"E\'S &lt;a href=\"x\">D C&lt;/a> <b>B</b> A",
                ),
                ("a <b>b</b>&lt;br/&gt;c", "C <b>B</b>&lt;br/&gt; A"),
            ],
        ),
        (
            "a.ts",
            '<TS version="2.1"><context><message><source>{}</source><translation '
            'type="unfinished"></translation></message></context></TS>',
            [
                ("a <!-- n -->&lt;b&gt;b c&lt;/b&gt; d", "<!-- n -->D &lt;b&gt;C B&lt;/b&gt; A"),
                ("a<byte value='x1b'/> b\nc&#9;d", "D C&#9;B\nA<byte value='x1b'/>"),
            ],
        ),
    ],
)
def test_escaped_tags_beside_elements(
    name: str, form: str, texts: list[tuple[str, str]], tmp_path: Path
) -> None:
    for number, (text, new) in enumerate(texts):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = translated(name, form.format(text), folder, str.upper, backwards=True)
        assert new in found, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <b>c</b>", True),
        ("a &lt;b>c&lt;/b>", True),
        ("a <a href='x'>c</a>", True),
        ("a &lt;b&gt;c&lt;/b&gt;", True),
        ("a &amp;lt;b&amp;gt;c&amp;lt;/b&amp;gt;", True),
        ("a &lt;a href=x&gt;c&lt;/a&gt;", True),
        ("a &lt;b&gt;c", False),
        ("a <b>1</b>", False),
        ("a <b> c </d>", False),
        ("a/b <c", False),
    ],
)
def test_elements_with_words(text: str, expected: bool) -> None:
    assert has_pairs(text) is expected


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("<not available>", "<NOT AVAILABLE>"),
        ("<inline style sheet #%S>", "<INLINE STYLE SHEET #%S>"),
        ("<none>", "<NONE>"),
        ("<Time remaining>", "<TIME REMAINING>"),
        ("a <rest left out> here", "A <REST LEFT OUT> HERE"),
        # A placeholder, and tags.
        ("see <name> here", "SEE <name> HERE"),
        ("a <Mark bold>b</Mark>", "A <Mark bold>B</Mark>"),
        ("a <input disabled> b", "A <input disabled> B"),
        ("a <p v-else hidden> b", "A <p v-else hidden> B"),
        ("<v Ann Lee> a", "<v Ann Lee> A"),
        ("a vector<unsigned int> b", "A VECTOR<unsigned int> B"),
        # The same beside a filler.
        ("a <rest left out>     b", "A <REST LEFT OUT>     B"),
        # Links of wikis, names and pictures there.
        ("see [[A:b|the c]] here", "SEE [[A:b|THE C]] HERE"),
        ("[[A b|the c]]: [[d]]", "[[A b|THE C]]: [[d]]"),
        ("a [[b.png|c|d e]] f", "A [[b.png|c|d e]] F"),
        # Quotes of old are no code.
        ("a `b' or `c' d", "A `B' OR `C' D"),
        ("a ``b c'', ``d''", "A ``B C'', ``D''"),
        ("a `b'/`c' (`d')", "A `B'/`C' (`D')"),
        ("a `b 'c'` and ` d ` e", "A `b 'c'` AND ` d ` E"),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.properties", "a.po"])
def test_words_in_angle_brackets(name: str, text: str, new: str, tmp_path: Path) -> None:
    form = {"a.json": '{{"a": "{}", "b": "x y"}}', "a.properties": "a={}\nb=x y\n"}.get(
        name, 'msgid ""\nmsgstr ""\n\nmsgid "{}"\nmsgstr ""\n\nmsgid "x y"\nmsgstr ""\n'
    )
    assert new in translated(name, form.format(text), tmp_path, str.upper)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        # For which numbers choices are.
        (
            "{0} no red cars|{1} one car|]1,Inf[ the cars of %count%",
            "{0} CARS RED NO|{1} CAR ONE|]1,Inf[ %count% OF CARS THE",
        ),
        ("[0,1] a car | [2,*] the cars", "[0,1] CAR A | [2,*] CARS THE"),
        ("{0} is a car", "CAR A IS {0}"),
        # Ornaments.
        ("*** the car ***", "*** CAR THE ***"),
        ("-- a car -- b", "-- B -- CAR A"),
        ("one car »", "CAR ONE »"),
        ("*one car", "*CAR ONE"),
        ("one car*", "CAR ONE*"),
        ("« one car", "« CAR ONE"),
        # Words that Markdown sets off.
        ("a _red_ car", "CAR _RED_ A"),
        ("the *old* house, ~~not~~ __so old__", "__OLD SO__ ~~NOT~~ HOUSE, *OLD* THE"),
        ("see _the car_ here", "HERE _CAR THE_ SEE"),
        ("_{n} cars_ here", "HERE _CARS {n}_"),
        ("see `a _b_ c` and __name__", "__name__ AND `a _b_ c` SEE"),
        ("a car of _config_.yml", "_config_.yml OF CAR A"),
        ("2 * 3* cars, *.md files", "FILES *.md CARS, 3* * 2"),
        # A column of options.
        ("-q, --quiet=<a>  be still", "-q, --quiet=<a>  STILL BE"),
        ("-q,  --quiet    be still", "-q,  --quiet    STILL BE"),
        ("- one  two", "- TWO  ONE"),
        # Alternatives.
        ("{n} red car | {n} cars", "CAR RED {n} | CARS {n}"),
        ("> the car is here", "> HERE IS CAR THE"),
        (">> the car\\n> is it", ">> CAR THE\\n> IT IS"),
        (">>> big sale <<<", ">>> SALE BIG <<<"),
        ("a > b is here", "HERE IS B > A"),
        ("red house;old garden;", "HOUSE RED;GARDEN OLD;"),
        ("one house; two", "TWO HOUSE; ONE"),
        ("old cars *.png;;all files", "*.png CARS OLD;;FILES ALL"),
        (
            "no car |one car | {n, select, a {b | c} other {d}} cars",
            "CAR NO |CAR ONE | {n, select, a {C | B} other {D}} CARS",
        ),
        # Words that Apple's programs bend.
        ("see ^[%d new car](inflect: true) here", "HERE ^[CAR NEW %d](inflect: true) SEE"),
        (
            "a ^[red car](morphology: { partOfSpeech: 'noun' }) b",
            "B ^[CAR RED](morphology: { partOfSpeech: 'noun' }) A",
        ),
        # A dollar that is none of a placeholder.
        ("it costs $$5 and $1 here", "HERE $1 AND $$5 COSTS IT"),
        ("see {'{'}a name{'}'} here", "HERE {'{'}a name{'}'} SEE"),
        ("it''s '{'a name'}' of {x}", "{x} OF '{'a name'}' S''IT"),
    ],
)
def test_what_stays_where_words_change_places(text: str, new: str, tmp_path: Path) -> None:
    assert (
        translated("a.properties", f"a={text}\n", tmp_path, str.upper, backwards=True)
        == f"a={new}\n"
    )


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("see %1$sthe red car%2$s here", "HERE %1$sCAR RED THE%2$s SEE"),
        ("%sopen it%s now", "NOW %sIT OPEN%s"),
        ("go {0}in now{1} or {2}out{3}.", "{2}OUT{3}. OR {0}NOW IN{1} GO"),
        ("see {link_start}the car{link_end} here", "HERE {link_start}CAR THE{link_end} SEE"),
        ("a %(startLink)sred car%(endLink)s b", "B %(startLink)sCAR RED%(endLink)s A"),
        ("a %{linkOpen}red car%{linkClose} d", "D %{linkOpen}CAR RED%{linkClose} A"),
        ("a {{startLink}}red car{{endLink}} d", "D {{startLink}}CAR RED{{endLink}} A"),
        ("%1here it is%2 and %3", "%3 AND %1IS IT HERE%2"),
        ("{gold}You are here", "{gold}HERE ARE YOU"),
        ("%1$sGo to it%2$s and %3$s", "%3$s AND %1$sIT TO GO%2$s"),
        ("${icon}Open it", "${icon}IT OPEN"),
        ("see the door{suffix}", "DOOR THE SEE{suffix}"),
        # None around words.
        ("{n}Mbit here", "HERE MBIT {n}"),
        ("{n}th house", "HOUSE TH {n}"),
        ("%sGB left", "LEFT %sGB"),
        ("of {start} to {end} here", "HERE {end} TO {start} OF"),
        ("{start_date} is {end_date} here", "HERE {end_date} IS {start_date}"),
        ("%sKB of %sMB", "%sMB OF %sKB"),
    ],
)
def test_placeholders_around_words(text: str, new: str, tmp_path: Path) -> None:
    form = 'msgid ""\nmsgstr ""\n\nmsgid "{}"\nmsgstr "{}"\n'
    found = translated("a.po", form.format(text, ""), tmp_path, str.upper, backwards=True)
    assert found == form.format(text, new)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("see [b]the car[/b] here", "HERE [b]CAR THE[/b] SEE"),
        ("[url=a/b]red car[/url] or [link]b[/link]", "[link]B[/link] OR [url=a/b]CAR RED[/url]"),
        ("a [code]some words[/code] b", "B [code]some words[/code] A"),
        ('a [c-d e="f g"]red car[/c-d] b', 'B [c-d e="f g"]CAR RED[/c-d] A'),
        ("§aa red car", "§aCAR RED A"),
        ("see <size=20>the car</size> <sprite=3>", "<size=20>CAR THE</size> SEE <sprite=3>"),
        ("hi %%First name%% b", "B %%First name%% HI"),
        (
            'go [button text="Buy now" url="https://a.b/c d"] today',
            '[button text="NOW BUY" url="https://a.b/c d"] TODAY GO',
        ),
        ("[btn button_text='Go home' by='a b' /]", "[btn button_text='HOME GO' by='a b' /]"),
        ('[tab title="The one"]red car[/tab] b', 'B [tab title="ONE THE"]CAR RED[/tab]'),
        ('[gallery ids="1,2" content="center"] b', '[gallery ids="1,2" content="center"] B'),
        # None of these.
        ("see [Save] or [b here", "HERE [B OR [SAVE] SEE"),
        ("see §5 of § b", "B § OF §5 SEE"),
    ],
)
def test_markup_of_forums_and_games(text: str, new: str, tmp_path: Path) -> None:
    form = 'msgid ""\nmsgstr ""\n\nmsgid {}\nmsgstr {}\n'
    found = translated(
        "a.po",
        form.format(json.dumps(text, ensure_ascii=False), '""'),
        tmp_path,
        str.upper,
        backwards=True,
    )
    assert found == form.format(*(json.dumps(each, ensure_ascii=False) for each in (text, new)))


def test_texts_in_unknown_attributes_of_shortcodes_are_said() -> None:
    text = json.dumps({"a": '[row header="The big house" class="my big one" by="me"]the car[/row]'})
    document = read_document(open_format("json", FormatOptions()), "a.json", text.encode())
    assert [slot.text for slot in document.slots] == ["the car"]
    assert document.remarks == ["Texts in attributes of shortcodes stay: 'The big house'."]


CODE = "Run <code>open file</code> to <kbd>go  on</kbd> now."
CODE_ESCAPED = CODE.replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("name", "form", "text"),
    [
        ("a.json", '{{"a": "{}"}}', CODE),
        ("a.json", '{{"a": "{}"}}', CODE_ESCAPED),
        ("a.po", 'msgid ""\nmsgstr ""\n\nmsgid "{}"\nmsgstr ""\n', CODE),
        ("a.properties", "a={}\n", CODE),
        ("a.ftl", "a = {}\n", CODE),
        ("strings.xml", '<resources><string name="a">{}</string></resources>', CODE),
        ("strings.xml", '<resources><string name="a">{}</string></resources>', CODE_ESCAPED),
        (
            "strings.xml",
            '<resources><string name="a"><b>Now</b> {}</string></resources>',
            CODE_ESCAPED,
        ),
        ("a.xlf", XLIFF, CODE_ESCAPED),
        ("a.xlf", XLIFF, f'<g id="1">Now</g> {CODE_ESCAPED}'),
    ],
)
def test_code_stays(name: str, form: str, text: str, tmp_path: Path) -> None:
    found = translated(name, form.format(text), tmp_path).replace("&lt;", "<").replace("&gt;", ">")
    if name == "strings.xml":  # Android shows one blank
        found = found.replace("go on", "go  on")
    assert CODE.replace("Run", "RUN").replace("to", "TO").replace("now", "NOW") in found


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("<style>p { color: red }</style>The door", "<style>p { color: red }</style>THE DOOR"),
        ("<script>alert('a b')</script>The door", "<script>alert('a b')</script>THE DOOR"),
        ("See\n<pre>\na house\n\n  a b\n</pre>\nnow", "SEE\n<pre>\na house\n\n  a b\n</pre>\nNOW"),
        ("<STYLE>\np {}\n</STYLE>\n<p>a b</p>", "<STYLE>\np {}\n</STYLE>\n<p>A B</p>"),
        ("a <math><mi>sum</mi></math> b", "A <math><mi>sum</mi></math> B"),
        ("<kbd>a <kbd>Up</kbd> b</kbd> it", "<kbd>a <kbd>Up</kbd> b</kbd> IT"),
        ("one</code> two <code>three", "ONE</code> TWO <code>THREE"),
    ],
)  # fmt: skip
def test_what_is_no_text_stays(text: str, new: str, tmp_path: Path) -> None:
    found = translated("a.json", json.dumps([text]), tmp_path)
    assert json.loads(found) == [new]


@pytest.mark.parametrize(
    ("text", "new"),
    [
        # Blocks of pages part texts, ...
        (
            "<details><summary>a b</summary>c d</details>",
            "<details><summary>B A</summary>D C</details>",
        ),
        (
            "<fieldset><legend>A b</legend>C d</fieldset>",
            "<fieldset><legend>B A</legend>D C</fieldset>",
        ),
        ("<title>a b</title>c d", "<title>B A</title>D C"),
        ("<textarea>a b</textarea>c d", "<textarea>B A</textarea>D C"),
        ("<video>a b</video>c d", "<video>B A</video>D C"),
        ("<iframe src='a'>a b</iframe>c d", "<iframe src='a'>B A</iframe>D C"),
        (
            "<option>a b</option><option>c d</option>",
            "<option>B A</option><option>D C</option>",
        ),
        ("<header>A b</header> C d", "<header>B A</header> D C"),
        # ... but not those that are in a sentence and may be anything's.
        ("one <title>two</title> three", "THREE <title>TWO</title> ONE"),
        ("<option>two</option> three", "THREE <option>TWO</option>"),
        ("(<option>two</option>) is", "IS (<option>TWO</option>)"),
        ("in <input/> days", "<input/> DAYS IN"),
        # Labels are apart from what they are of.
        ("<label>a b</label><input type='text'>c d", "<label>B A</label><input type='text'>D C"),
        (
            "<label>a b</label> <input> <label>c d</label> <input>",
            "<label>B A</label> <input> <label>D C</label> <input>",
        ),
        # So are the things to choose from, and sentences with only a tag between.
        (
            "<input type='radio'> a b <input type='radio'> c d",
            "<input type='radio'> B A <input type='radio'> D C",
        ),
        ("One two.<b>Three four.</b>Five six", "TWO. ONE<b>FOUR. THREE</b>SIX FIVE"),
        ("do it.<a href='x'>Read more</a>", "IT. DO<a href='x'>MORE READ</a>"),
        ("an example.<b>com</b> one", "ONE example.<b>com</b> AN"),
        ("it ends.<sup>a</sup> so", "ENDS.<sup>a</sup> IT SO"),
        # Notes and pictures are texts within a text.
        (
            "a b<footnote><para>c d.</para></footnote> e f.",
            "F. E B<footnote><para>D. C</para></footnote> A",
        ),
        ("a <svg><title>b c</title></svg> d e", "<svg><title>C B</title></svg> E D A"),
        ("a b. <small>* c d</small>", "B. A <small>* D C</small>"),
        # Attributes.
        ("<input type='submit' value='a b'>", "<input type='submit' value='B A'>"),
        ("<input type='text' value='a b'> c", "<input type='text' value='a b'> C"),
        ("<optgroup label='a b'><option value='c'>", "<optgroup label='B A'><option value='c'>"),
        (
            "<meta name='description' content='a b'><meta name='viewport' content='c d'>",
            "<meta name='description' content='B A'><meta name='viewport' content='c d'>",
        ),
        ("<object standby='a b'></object>", "<object standby='B A'></object>"),
    ],
)  # fmt: skip
def test_elements_of_pages(text: str, new: str, tmp_path: Path) -> None:
    found = translated("a.json", json.dumps([text]), tmp_path, str.upper, backwards=True)
    assert json.loads(found) == [new]


def test_what_is_to_choose_in_code_is_text(tmp_path: Path) -> None:
    text = "a = <code>{ $n ->\n    [one] one file\n   *[other] files\n }</code> now\n"
    new = text.replace("one file", "ONE FILE").replace(" files", " FILES").replace("now", "NOW")
    assert translated("a.ftl", text, tmp_path) == new


def test_blocks_in_androids_elements_part_texts(tmp_path: Path) -> None:
    text = '<resources><string name="a"><ul><li>a b</li><li>c d</li></ul></string></resources>'
    new = translated("strings.xml", text, tmp_path, backwards=True)
    assert "<ul><li>b a</li><li>d c</li></ul>" in new.lower()
