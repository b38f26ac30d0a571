# Old line ends
first = The first
second =
    The second, on
    two lines
third = { $a ->
    [one] one thing
   *[other] other things
}
    .title = A title
