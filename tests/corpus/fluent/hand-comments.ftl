# A comment = with a sign
#no comment
## group = two
### file = three
key = Text with # no comment
# directly behind
other = More
