tight={$a}and{$b}
wide   =    Blanks   within   the text   
key = {$a  ->
  *[ other ]    Blanks in front
 }
two-on-a-line = {$a} and { "literal text" } here
