"""What users would pick instead of s2s, and how ``scripts/bench_peers.py`` runs it."""
