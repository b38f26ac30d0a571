"""A server on this machine: loaded models that answer at once, for shells, programs and people.

``pool`` keeps models, ``work`` runs what requests ask for, and each API is a module of its own:
``native``, ``libretranslate``, ``deepl``. ``app`` puts them together. Only this room knows
Starlette.
"""
