### Messages of a shop that sells honey.


## The shop

-shop-name = Honey & Sons
    .gender = masculine
-shop-short =
    { $case ->
       *[nominative] The shop
        [locative] In the shop
    }
# $user (String) - who it is
hello = Hello, { $user }!
hello-shop = Welcome to { -shop-name }, { $user }.
about = About { -shop-short(case: "locative") }
shared-photos =
    { $userName } { $photoCount ->
        [one] added a new photo
       *[other] added { $photoCount } new photos
    } to { $userGender ->
        [male] his stream
        [female] her stream
       *[other] their stream
    }.
