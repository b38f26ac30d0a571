<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="" sourcelanguage="en">
<context>
    <name>States</name>
    <message>
        <source>A finished text</source>
        <translation>Ein fertiger Text</translation>
    </message>
    <message>
        <source>A draft of a text</source>
        <translation type="unfinished">Ein Entwurf</translation>
    </message>
    <message>
        <source>A text that is gone</source>
        <translation type="vanished">Ein Text, der weg ist</translation>
    </message>
    <message>
        <source>A text that has long been gone</source>
        <translation type="obsolete"></translation>
    </message>
    <message>
        <source>Finished, but empty</source>
        <translation></translation>
    </message>
    <message>
        <source>An empty element</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No element at all</source>
    </message>
    <message><source>No element, and on one line</source></message>
    <message numerus="yes">
        <source>%n bee(s)</source>
        <translation>
            <numerusform>%n Biene</numerusform>
            <numerusform>%n Bienen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wasp(s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n hornet(s)</source>
        <translation type="unfinished"><numerusform/><numerusform>%n Hornissen</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n ant(s)</source>
    </message>
</context>
</TS>
