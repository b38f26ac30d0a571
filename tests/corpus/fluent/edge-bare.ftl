# nothing

a = { $b }
