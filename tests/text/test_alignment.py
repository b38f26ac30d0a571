from __future__ import annotations

from s2scli.data import Attended
from s2scli.text.alignment import attended, covered, find_links


def test_words_take_the_mean_of_their_first_and_their_strongest_token() -> None:
    rows = [[0.5, 0.25], [0.0, 0.75], [1.0, 0.0]]
    words = attended("ab, c", [(0, 1), (1, 2), (2, 5)], rows)
    # The third token stands for the comma and the word behind it.
    assert [(start, end, list(weights)) for start, end, weights in words] == [
        (0, 2, [0.5, 0.5]),
        (2, 3, [1.0, 0.0]),
        (4, 5, [1.0, 0.0]),
    ]


def test_a_source_word_that_draws_attention_everywhere_draws_no_links() -> None:
    words = [
        Attended(0, 3, [0.3, 0.1, 0.6]),
        Attended(4, 7, [0.1, 0.3, 0.6]),
        Attended(7, 8, [0.1, 0.1, 0.8]),
    ]
    links = find_links("one two.", [(0, 3), (3, 7), (7, 8)], "uno dos!", words)
    assert links == ((0, 3, 0, 3), (4, 7, 4, 7), (7, 8, 7, 8))


def test_words_that_look_alike_are_likely_the_same() -> None:
    words = [Attended(0, 3, [0.5, 0.5]), Attended(4, 6, [0.6, 0.4])]
    spans = [(0, 2), (2, 6)]
    assert find_links("12 Tom", spans, "Tom 12", words) == ((3, 6, 0, 3), (0, 2, 4, 6))


def test_the_attention_to_a_source_token_is_that_of_all_words() -> None:
    words = [Attended(0, 2, [0.5, 0.25, 0.25]), Attended(3, 5, [0.0, 0.75, 0.25])]
    assert list(covered([(0, 2), None, (2, 4)], words)) == [(0, 2, 0.5), (2, 4, 0.5)]
    assert list(covered([(0, 2)], [])) == [(0, 2, 0)]


def test_tokens_that_are_no_part_of_the_text_have_no_links() -> None:
    words = [Attended(0, 1, [0.9, 0.1, 0.9])]
    assert find_links("a", [None, (0, 1), None], "b", words) == ((0, 1, 0, 1),)
    assert find_links("a", [None, None, None], "b", words) == ()
    assert find_links("a", [(0, 1)], "b", ()) == ()


def test_a_source_word_left_over_is_linked_where_it_suits() -> None:
    spans = [(0, 3), (3, 7)]
    near = [Attended(0, 6, [0.6, 0.5])]
    assert find_links("not any", spans, "keiner", near) == ((0, 3, 0, 6), (4, 7, 0, 6))
    spans = [(0, 1), (1, 3), (3, 5), (5, 7)]
    far = [
        Attended(0, 1, [0.2, 0.8, 0.0, 0.0]),
        Attended(2, 3, [0.2, 0.0, 0.8, 0.0]),
        Attended(4, 5, [0.2, 0.0, 0.0, 0.8]),
    ]
    assert find_links("a b c d", spans, "x y z", far) == (
        (2, 3, 0, 1),
        (4, 5, 2, 3),
        (6, 7, 4, 5),
    )


def test_in_scripts_without_spaces_each_token_is_a_word() -> None:
    spans = [(0, 2), (2, 3), (3, 5), (5, 6)]
    words = attended("日本は美国。", spans, [[1.0]] * 4)
    assert [word[:2] for word in words] == [(0, 2), (2, 3), (3, 5), (5, 6)]


def test_tokens_of_less_than_a_character_belong_to_its_word() -> None:
    spans = [(0, 0), (0, 0), (0, 1), (1, 2)]
    (word, *rest) = attended("é é", [*spans, (2, 3)], [[0.2], [0.8], [0.0], [0.5], [0.5]])
    assert (word.start, word.end, list(word.weights)) == (0, 1, [0.5])
    assert [other[:2] for other in rest] == [(2, 3)]


def test_marks_inside_a_word_do_not_cut_it() -> None:
    text = "don't e-mail 1,000.50 (a/b)..."
    spans = [(i, i + 1) for i in range(len(text))]
    words = [text[w.start : w.end] for w in attended(text, spans, [[1.0]] * len(text))]
    assert words == ["don't", "e-mail", "1,000.50", "(", "a/b", ")", "..."]
