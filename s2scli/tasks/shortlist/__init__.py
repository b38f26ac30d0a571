"""Making a model's lexical shortlist, from the model itself and text in its source language."""
