<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="xx">
<context>
    <name>Rich</name>
    <message>
        <source>&lt;html&gt;&lt;head/&gt;&lt;body&gt;&lt;p&gt;Read &lt;span style=&quot; font-weight:600;&quot;&gt;this&lt;/span&gt; first.&lt;/p&gt;&lt;/body&gt;&lt;/html&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press &lt;b&gt;%1&lt;/b&gt; to leave &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%L1 bees &amp; %L2 wasps</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
