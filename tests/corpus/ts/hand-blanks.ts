<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en_US">
<context>
    <name></name>
    <message>
        <source>Name: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First line.
Second line.

A paragraph of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>
    Indented text
</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bell<byte value="x7"/> rings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
