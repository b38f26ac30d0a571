<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>Variants</name>
    <message>
        <source>A long text for wide windows</source>
        <translation variants="yes" type="unfinished">
            <lengthvariant>Ein langer Text</lengthvariant>
            <lengthvariant>Text</lengthvariant>
        </translation>
    </message>
    <message>
        <source>Another text</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
