russian = Привет, { $user }!
chinese = 你好，{ $user }！
arabic = مرحبا { $user }
emoji = A bee 🐝 and a { $flower } 🌻
