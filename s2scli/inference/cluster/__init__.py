"""The engine on the nodes of a Ray cluster: one loaded engine in each of its workers.

Reading, tokenizing, planning batches, the journal and writing stay on the machine of the command; a
worker receives a batch of tokens and returns tokens.
"""
