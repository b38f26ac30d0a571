single = Text can be written in a single line.

multi = Text can also span multiple lines
    as long as each new line is indented
    by at least one space.

block =
    Sometimes it is more readable to format
    a long text as a block, which means
    that it begins on a new line.

lines =
    First line.
    Second line.

    A paragraph of its own.
      Deeper, and kept so.

bracket = { "[" }in brackets{ "]" }
leading = { "    " }blanks in front
empty = { "" }
unicode = { "\u00A0" }A blank that does not break
