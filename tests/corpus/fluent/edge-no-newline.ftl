text0 = The lamp stands by the window.
text1 = It is lit at dusk & put out at dawn, < 12 hours later.