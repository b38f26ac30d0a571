<!DOCTYPE TS><TS version="2.1"><context><name>A</name></context></TS>
