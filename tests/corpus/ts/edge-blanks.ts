<?xml version="1.0"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>Edge</name>
    <message>
        <source>  Two blanks before, two after.  </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tabs	in	the middle,  and   several    blanks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>   </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last one.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
