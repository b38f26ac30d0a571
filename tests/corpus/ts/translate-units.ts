<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS>
<message>
    <source>A jar of honey</source>
    <extracomment>Key: honey.jar</extracomment>
    <translation></translation>
</message>
<message>
    <source>{0} crowns a jar, bread not included</source>
    <extracomment>Key: honey.price</extracomment>
    <translation></translation>
</message>
<message>
    <source>Honey never spoils.
It only turns hard, which is no reason to throw it away.</source>
    <extracomment>Key: honey.long</extracomment>
    <translation></translation>
</message>
<message>
    <source>Überraschung: “wild” bees – no entry 🐝</source>
    <extracomment>Key: honey.sign</extracomment>
    <translation></translation>
</message>
</TS>
