message = See { other-message } and { other-message.attribute }.
term = The { -term(case: "genitive", count: 5) } of { $x }
function = { FOO() }{ BAR("a } brace in quotes", 1) } text
inner = { { $nested } } braces
