<?xml version="1.0"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>Edge</name>
    <message>
        <source>The lamp stands by the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is lit at dusk &amp; put out at dawn, &lt; 12 hours later.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>