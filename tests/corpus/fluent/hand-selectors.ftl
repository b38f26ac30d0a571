emails =
    { $unreadEmails ->
        [0] You have no unread emails.
        [one] You have one unread email.
       *[other] You have { $unreadEmails } unread emails.
    }
score =
    { NUMBER($score, minimumFractionDigits: 1) ->
        [0.0]   You scored zero points. What happened?
       *[other] You scored { NUMBER($score, minimumFractionDigits: 1) } points.
    }
nested = Before { $a ->
   *[x] the first { $b ->
       *[y] and the second
    } together
} after
platform = { PLATFORM() ->
    [windows] Options
   *[other] Preferences
}
attribute = { -shop.gender ->
    [masculine] He is open
   *[other] It is open
}
