"""What people think of outputs: blind sheets for annotators, and what their answers mean.

``design.py`` has what is asked of whom, ``answers.py`` what they said. Between the two stand the
sheets that annotators fill in. ``findings.py`` has what follows from it for systems and annotators.
"""
