good-one = The first good one
bad one = spaces in a key
=
no-value =
bad-brace = An open { $brace
good-two = The second good one
bad-close = A closing } brace
not indented continues
good-three = The third good one
bad-variants = { $a -> [x] on one line }
good-four = The fourth good one
