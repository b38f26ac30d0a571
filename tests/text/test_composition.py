from __future__ import annotations

from s2scli.data import Link
from s2scli.text.composition import composed


def test_words_are_linked_through_the_word_between() -> None:
    first: list[Link] = [(0, 3, 4, 7), (4, 9, 0, 3)]
    second: list[Link] = [(0, 3, 10, 15), (4, 7, 0, 9)]
    assert composed(first, second) == ((0, 3, 0, 9), (4, 9, 10, 15))


def test_words_between_need_only_touch() -> None:
    # One model takes for two words what the other takes for one.
    assert composed([(0, 5, 0, 4), (6, 9, 4, 9)], [(0, 9, 2, 6)]) == ((0, 5, 2, 6), (6, 9, 2, 6))
    assert composed([(0, 5, 0, 4)], [(4, 9, 0, 3)]) == ()


def test_each_link_comes_once() -> None:
    first: list[Link] = [(0, 5, 0, 2), (0, 5, 3, 6)]
    assert composed(first, [(0, 2, 0, 4), (3, 6, 0, 4)]) == ((0, 5, 0, 4),)
    assert composed([], [(0, 2, 0, 4)]) == composed(first, []) == ()
