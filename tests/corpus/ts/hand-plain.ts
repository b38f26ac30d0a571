<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.0" language="xx_YY">
<context>
    <name>Plain</name>
    <message utf8="true">
        <source>Überraschung</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source><![CDATA[A section & more]]></source>
        <translation type="unfinished"><![CDATA[]]></translation>
    </message>
</context>
</TS>
