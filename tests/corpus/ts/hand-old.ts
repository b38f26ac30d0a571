<!DOCTYPE TS><TS>
<defaultcodec></defaultcodec>
<context encoding="UTF-8">
    <name>Old</name>
    <message>
        <source>This file is of Qt 3.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
