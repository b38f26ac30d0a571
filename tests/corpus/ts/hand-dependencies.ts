<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1">
<dependencies>
<dependency catalog="qtbase_de"/>
</dependencies>
<!-- a comment with <message> in it -->
<context>
    <name>After</name>
    <message>
        <source>After the dependencies</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
