"""The flow of text: lines in, batches through a decoder, results out in order."""
