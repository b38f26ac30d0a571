text0 =   Two blanks before, two after.  
text1 = Tabs	in	the middle,  and   several    blanks.
text2 =    
text3 = The last one.
