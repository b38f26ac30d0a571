<?xml version="1.0"?>
<!DOCTYPE TS>
<TS version="2.1">
<context>
    <name>Edge</name>
    <message>
        <source>The gate opens at nine. 🚪➡️ 👩🏽‍🌾</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>تفتح البوابة في الساعة 9 (بتوقيت المدينة).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>השער נפתח בשעה תשע.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>大门九点开。请排队！</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>門は九時に開きます。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>문은 아홉 시에 열립니다.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ประตูเปิดเวลาเก้าโมง</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>द्वार नौ बजे खुलता है।</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ворота открываются в девять.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>é combining, ﬁ ligature, 𝒶 mathematical,  no-break  blanks⁠.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
