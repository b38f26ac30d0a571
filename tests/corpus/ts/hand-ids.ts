<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS><TS version="2.1">
<message id="gate-open">
    <source>Open the gate</source>
    <extracomment>By its id.</extracomment>
    <translation type="unfinished"></translation>
</message>
<context>
    <name/>
    <message id="gate-close" encoding="UTF-8">
        <source>Close the gate</source>
        <oldsource>Shut the gate</oldsource>
        <translatorcomment>I am not sure.</translatorcomment>
        <translation type="unfinished"></translation>
        <userdata>none</userdata>
        <extra-po-flags>c-format</extra-po-flags>
    </message>
</context>
</TS>
