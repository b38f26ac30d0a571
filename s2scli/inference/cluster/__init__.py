"""The engine on the nodes of a Ray cluster: one loaded engine in each of its workers.

Reading, tokenizing, planning of batches, the journal and writing stay where the command runs; a
worker gets a batch of tokens and gives tokens back.
"""
